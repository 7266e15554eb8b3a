// The live number a page puts before its name in the browser's tab.
let live = $state('');

export const pageTitle = {
  get live(): string {
    return live;
  },
  /** Called in a page's effect; the function returned clears it when the page goes. */
  show(text: string): () => void {
    live = text;
    return () => (live = '');
  },
};
