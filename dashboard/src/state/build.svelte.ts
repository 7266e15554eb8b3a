// Whether the server has another build of the dashboard than the one that runs here: after an update, the files
// that this one would still load are gone.

const ENTRY = /<script[^>]+type="module"[^>]+src="([^"]+)"/;

let isOutdated = $state(false);

export const build = {
  get isOutdated(): boolean {
    return isOutdated;
  },
  /** Asks the server, e.g. after it was away; where it does not say, nothing changes. */
  async check(): Promise<boolean> {
    try {
      const response = await fetch('/', {
        headers: { accept: 'text/html' },
        cache: 'no-store',
        signal: AbortSignal.timeout(10_000),
      });
      const there = ENTRY.exec(await response.text())?.[1];
      const here = document.querySelector('script[type=module]')?.getAttribute('src');
      if (response.ok && there && here) isOutdated = there !== here;
    } catch {
      // Away again.
    }
    return isOutdated;
  },
};
