// The key this browser tab uses, kept until the tab closes, and whether the server asked for one. A key may come
// with a link, behind the `#`, where no server and no log sees it: it is taken from the address at once.

const STORED = 'waymark.key';
const IN_ADDRESS = /^#key=([^&]{1,512})$/;

class Session {
  #key = $state<string | null>(fromAddress() ?? stored());
  #isKeyNeeded = $state(false);
  /** Rises with every sign-in and sign-out, also with the same key. */
  #round = $state(0);

  get key(): string | null {
    void this.#round;
    return this.#key;
  }

  get round(): number {
    return this.#round;
  }

  /** True once the server refused a call: the frame then asks for a key. */
  get isKeyNeeded(): boolean {
    return this.#isKeyNeeded;
  }

  get authorization(): string | undefined {
    return this.#key ? `Bearer ${this.#key}` : undefined;
  }

  /** Called by the clients when the server answers 401 or closes with 4401 or 4403. */
  requireKey(): void {
    this.#isKeyNeeded = true;
  }

  /** The server takes the key, perhaps again. */
  accepted(): void {
    this.#isKeyNeeded = false;
  }

  signIn(key: string): void {
    this.#use(key);
  }

  /** Forgets the key; where the server asks for one, so does the page. */
  signOut(): void {
    this.#use(null);
  }

  #use(key: string | null): void {
    this.#key = key;
    this.#isKeyNeeded = false;
    this.#round += 1;
    keep(key);
  }
}

function fromAddress(): string | null {
  const found = IN_ADDRESS.exec(location.hash)?.[1];
  if (found === undefined) return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  const key = decoded(found);
  keep(key);
  return key;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function keep(key: string | null): void {
  try {
    if (key === null) sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, key);
  } catch {
    // storage may be forbidden: the key lasts until the page is reloaded
  }
}

function stored(): string | null {
  try {
    return sessionStorage.getItem(STORED);
  } catch {
    return null;
  }
}

export const session = new Session();
