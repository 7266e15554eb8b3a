// The browser's storage, which may be forbidden or full: then nothing is remembered and nothing breaks.

/** Reads a remembered value of this browser, or null. */
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(`waymark.${key}`);
  } catch {
    return null;
  }
}

/** Remembers a value in this browser; null forgets it. */
export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`waymark.${key}`);
    else localStorage.setItem(`waymark.${key}`, value);
  } catch {
    // storage may be forbidden: the choice lasts as long as the page
  }
}
