// The hover card of a chart, built as elements with textContent: text from the store is never markup.

export interface TooltipRow {
  label: string;
  value: string;
  /** A second figure, e.g. the share. */
  extra?: string;
  color?: string;
}

function element(style: string, text = ''): HTMLElement {
  const node = document.createElement('div');
  node.style.cssText = style;
  node.textContent = text;
  return node;
}

/** One clear card: a heading, rows of label, value and share, and a last line (e.g. what a click does). */
export function tooltipCard(heading: string, rows: TooltipRow[], footer = ''): HTMLElement {
  const card = element('display:grid;gap:0.25rem;min-width:9rem');
  card.append(element('font-weight:600;color:var(--text)', heading));
  const hasExtra = rows.some((row) => row.extra);
  const grid = element(
    `display:grid;grid-template-columns:auto 1fr auto${hasExtra ? ' auto' : ''};gap:0.125rem 0.5rem;align-items:center`,
  );
  for (const row of rows) {
    const dot = element(`width:0.5rem;height:0.5rem;border-radius:2px`);
    if (row.color) dot.style.background = row.color;
    grid.append(
      dot,
      element('color:var(--text-2);overflow:hidden;text-overflow:ellipsis', row.label),
      element('text-align:right;font-weight:560;color:var(--text);white-space:nowrap', row.value),
    );
    if (hasExtra)
      grid.append(element('text-align:right;color:var(--text-3);white-space:nowrap', row.extra ?? ''));
  }
  card.append(grid);
  if (footer) card.append(element('color:var(--accent);padding-top:0.125rem', footer));
  return card;
}
