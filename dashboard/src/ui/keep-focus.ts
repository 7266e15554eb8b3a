// When what was open closes, the focus goes back to what opened it. Where that is gone, or was never pressed, this
// keeps the focus from falling to nowhere.

/** Once the closing is done, and nothing has the focus, the page's content gets it. */
export function keepFocus(): void {
  requestAnimationFrame(() => {
    const { activeElement, body } = document;
    if (activeElement !== body && activeElement !== null) return;
    document.getElementById('content')?.focus({ preventScroll: true });
  });
}
