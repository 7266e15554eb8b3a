/** A conformance case as its file states it: events in, query, numbers out. */
export interface ConformanceCase {
  readonly id: string;
  readonly now: string;
  readonly timezone?: string;
  readonly customers?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly identities?: readonly { readonly alias: string; readonly customer: string }[];
  readonly events: readonly CaseEvent[];
  readonly query: Readonly<Record<string, unknown>> & { readonly kind: string };
  readonly expect: Readonly<Record<string, unknown>>;
}

export interface CaseEvent {
  readonly customer: string;
  readonly event: string;
  readonly time: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** How the cases of one kind are asked and compared. */
export interface CaseKind {
  /** The case in our own words for events and properties, where it has the source's. */
  renamed?(testCase: ConformanceCase): ConformanceCase;
  toOperation(testCase: ConformanceCase): { readonly document: string; readonly variables: object };
  /** What differs from what the case expects; empty when it holds. */
  compare(testCase: ConformanceCase, data: Record<string, unknown>): readonly string[];
}

/** Traits as we call them. */
export function traitsOf(
  stated: Readonly<Record<string, unknown>> | null | undefined,
): Readonly<Record<string, unknown>> {
  const { createdAt, ...rest } = stated ?? {};
  return createdAt ? { ...rest, created_at: createdAt } : rest;
}
