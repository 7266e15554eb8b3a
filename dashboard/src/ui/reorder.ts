// The items of a list moved by their handles (`data-handle`), with mouse, pen or finger; Escape lets go. While one is
// moved it carries `data-dragged`, and the item it would stand before or after `data-drop`. Keys are the handles' own.

/** How far the pointer goes before it is a drag, in pixels. */
const SLACK = 4;
/** Near the window's edges the page follows. */
const EDGE = 56;

/** An attachment for the list; `onmove` gets the old and the new place. */
export function reorder(onmove: (from: number, to: number) => void): (list: HTMLElement) => () => void {
  return (list) => {
    let end = () => {};
    const start = (event: PointerEvent) => {
      const handle = event.target instanceof Element ? event.target.closest('[data-handle]') : null;
      const item = handle?.closest<HTMLElement>('li');
      if (!handle || !item || event.button !== 0) return;
      end();
      end = drag(list, item, event, onmove);
    };
    list.addEventListener('pointerdown', start);
    return () => {
      end();
      list.removeEventListener('pointerdown', start);
    };
  };
}

function drag(
  list: HTMLElement,
  item: HTMLElement,
  begun: PointerEvent,
  onmove: (from: number, to: number) => void,
): () => void {
  const items = [...list.children].filter((child): child is HTMLElement => child instanceof HTMLElement);
  const from = items.indexOf(item);
  const startY = begun.pageY;
  let to = from;
  let isMoving = false;

  const move = (event: PointerEvent) => {
    if (event.pointerId !== begun.pointerId) return;
    const by = event.pageY - startY;
    if (!isMoving && Math.abs(by) < SLACK) return;
    event.preventDefault();
    isMoving = true;
    item.dataset['dragged'] = '';
    item.style.translate = `0 ${by}px`;
    to = placeAt(items, from, event.clientY);
    items.forEach((other, i) =>
      mark(other, i === to && to !== from ? (to < from ? 'before' : 'after') : null),
    );
    if (event.clientY < EDGE) window.scrollBy(0, -8);
    else if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, 8);
  };
  const stop = () => {
    for (const name of ['pointermove', 'pointerup', 'pointercancel'] as const)
      window.removeEventListener(name, handlers[name]);
    window.removeEventListener('keydown', escape, true);
    delete item.dataset['dragged'];
    item.style.translate = '';
    for (const other of items) mark(other, null);
  };
  const drop = (event: PointerEvent) => {
    if (event.pointerId !== begun.pointerId) return;
    stop();
    if (isMoving && to !== from) onmove(from, to);
  };
  const escape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isMoving) return;
    event.stopPropagation();
    stop();
  };
  const handlers = { pointermove: move, pointerup: drop, pointercancel: stop };
  for (const name of ['pointermove', 'pointerup', 'pointercancel'] as const)
    window.addEventListener(name, handlers[name], { passive: false });
  window.addEventListener('keydown', escape, true);
  return stop;
}

function mark(item: HTMLElement, drop: 'before' | 'after' | null): void {
  if (drop) item.dataset['drop'] = drop;
  else delete item.dataset['drop'];
}

/** The place that the item would have: as many of the others as stand above the pointer by their middle. */
function placeAt(items: readonly HTMLElement[], from: number, y: number): number {
  return items.filter((item, i) => {
    if (i === from) return false;
    const box = item.getBoundingClientRect();
    return box.top + box.height / 2 < y;
  }).length;
}
