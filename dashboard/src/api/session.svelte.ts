// The key this browser tab uses, kept until the tab closes, and whether the server asked for one. A link may bring
// a key along behind its `#`, which no server and no log gets to see: it is taken in and leaves the address.

const STORED = 'waymark.key';

class Session {
  #key = $state<string | null>(fromAddress() ?? stored());
  #isKeyNeeded = $state(false);

  get key(): string | null {
    return this.#key;
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
    this.#key = key;
    this.#isKeyNeeded = false;
    store(key);
  }
}

/** `#key=...` */
function fromAddress(): string | null {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (!key) return null;
  store(key);
  history.replaceState(history.state, '', location.pathname + location.search);
  return key;
}

function store(key: string): void {
  try {
    sessionStorage.setItem(STORED, key);
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
