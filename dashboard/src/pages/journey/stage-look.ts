// A stage of the journey as the pictures need it: translated, with a colour that can be drawn.

export interface StageLook {
  key: string;
  name: string;
  color: string;
}

/** The colour of the map where it is one, else a quiet one: anything may stand in a map. */
export function mapColor(color: string, fallback: string): string {
  return /^#[0-9a-f]{3,8}$/i.test(color) ? color : fallback;
}

/** Customers who came to the stage and to no later one: exactly those who did not advance. */
export function stoppedIn(stage: { customers: number; advanceRate: number }): number {
  return Math.round(stage.customers * (1 - stage.advanceRate));
}

/** The first few by customers. */
export function topByCustomers<T extends { customers: number }>(list: readonly T[], most: number): T[] {
  return [...list].sort((a, b) => b.customers - a.customers).slice(0, most);
}
