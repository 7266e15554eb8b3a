// The key this browser tab uses, kept until the tab closes, and whether the server asked for one.

const STORED = 'waymark.key';

class Session {
  #key = $state<string | null>(stored());
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

  signIn(key: string): void {
    this.#key = key;
    this.#isKeyNeeded = false;
    try {
      sessionStorage.setItem(STORED, key);
    } catch {
      // storage may be forbidden: the key lasts until the page is reloaded
    }
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
