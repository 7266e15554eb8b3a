// How far each entry of the history was scrolled, so that going back finds the place again. A page fills itself
// bit by bit: its place is taken once it is long enough, unless the viewer scrolls first.

const STORE = 'waymark.places';
const MOST = 50;
/** A page that is not long enough by then stays where it is. */
const LONGEST_MS = 5000;

const places = new Map<string, number>(kept());
let stop: (() => void) | null = null;

function kept(): [string, number][] {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? '[]') as [string, number][];
  } catch {
    return [];
  }
}

/** The entry is being left: remembers how far it is scrolled. */
export function left(key: string): void {
  stop?.();
  places.delete(key);
  places.set(key, window.scrollY);
  for (const old of [...places.keys()].slice(0, -MOST)) places.delete(old);
  try {
    sessionStorage.setItem(STORE, JSON.stringify([...places]));
  } catch {
    // Without storage the places hold until the page is loaded anew.
  }
}

/** The entry is in sight again: scrolls to where it was left. */
export function returned(key: string): void {
  const top = places.get(key);
  stop?.();
  if (top === undefined) return;
  const until = performance.now() + LONGEST_MS;
  let frame = 0;
  const ended = new AbortController();
  stop = () => {
    cancelAnimationFrame(frame);
    ended.abort();
    stop = null;
  };
  for (const by of ['wheel', 'touchstart', 'keydown', 'mousedown'])
    window.addEventListener(by, () => stop?.(), { signal: ended.signal, passive: true });
  const step = () => {
    const room = document.documentElement.scrollHeight - window.innerHeight;
    if (room >= top || performance.now() > until) {
      if (room >= top || top > window.scrollY) window.scrollTo(0, top);
      if (room >= top && Math.abs(window.scrollY - top) <= 1) return stop?.();
    }
    if (performance.now() > until) return stop?.();
    frame = requestAnimationFrame(step);
  };
  frame = requestAnimationFrame(step);
}
