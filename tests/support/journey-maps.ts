/** Journey maps to be published in tests, four customers of whom they speak, and what is asked of both. */
import type { Engine } from '../../server/engine/port.ts';
import type { JourneyMap } from '../../server/journey/map.ts';
import { retailMap } from '../../server/journey/retail.ts';
import type { LifecycleRule } from '../../server/journey/rule.ts';
import { customer, storeEvents } from './events.ts';
import type { TestServer } from './server.ts';

const DAY = 86_400_000;
export const MAP = '{ journeyMap { version savedBy lifecycle { key name rule } } }';
export const STAGES = 'lifecycle(input: {}) { stages { stage { key } customers } }';
export const SAVE = `mutation ($map: JSON!, $basedOn: Int) { saveJourneyMap(map: $map, basedOn: $basedOn) { version lifecycle { key } } }`;
export const PREVIEW = `query ($map: JSON!) { journeyMapPreview(map: $map) { version problems { field code message } warnings { field code message } customers moved stages { stage { key } before after } moves { from to customers } meta { definition } } }`;

export interface Preview {
  readonly journeyMapPreview: {
    readonly version: number;
    readonly problems: readonly { readonly field: string; readonly code: string; readonly message: string }[];
    readonly warnings: readonly { readonly field: string; readonly code: string; readonly message: string }[];
    readonly customers: number | null;
    readonly moved: number | null;
    readonly stages: readonly {
      readonly stage: { readonly key: string };
      readonly before: number | null;
      readonly after: number | null;
    }[];
    readonly moves: readonly object[];
  };
}
export interface Stages {
  readonly lifecycle: {
    readonly stages: readonly { readonly stage: { readonly key: string }; readonly customers: number }[];
  };
}

/** The retail map with another rule for one stage. */
export function withRule(key: string, rule: LifecycleRule): JourneyMap {
  const lifecycle = retailMap.lifecycle.map((stage) => (stage.key === key ? { ...stage, rule } : stage));
  return { ...retailMap, lifecycle };
}
export const IMPATIENT = withRule('at_risk', { noOrderFor: 'P20D' });

/** Two whom 20 days without an order would make at risk, one who ordered yesterday, one who never did. */
export async function storeFour(engine: Engine): Promise<void> {
  const ordered = (id: string, days: number, more = {}) =>
    customer(id).did('order_completed', Date.now() - days * DAY, { orderId: id, revenue: 10, ...more });
  await storeEvents(engine, [
    ordered('ann', 40),
    ordered('bob', 45, { category: 'shoes' }),
    ordered('cem', 1),
    customer('dee').did('page_viewed', Date.now() - DAY),
  ]);
}
export const BEFORE = { prospect: 1, active: 2, new: 1 };
export const AFTER = { prospect: 1, at_risk: 2, new: 1 };

/** Customers by stage, those stages left out that nobody is in. */
export const countsOf = ({ lifecycle }: Stages): Record<string, number> =>
  Object.fromEntries(
    lifecycle.stages.filter(({ customers }) => customers > 0).map((s) => [s.stage.key, s.customers]),
  );
export const stagesAt = async (at: TestServer): Promise<Record<string, number>> =>
  countsOf(await at.query<Stages>(`{ ${STAGES} }`));
export const versionAt = async (at: TestServer): Promise<number> =>
  (await at.query<{ journeyMap: { version: number } }>(MAP)).journeyMap.version;
export const previewAt = async (at: TestServer, map: unknown): Promise<Preview['journeyMapPreview']> =>
  (await at.query<Preview>(PREVIEW, { map })).journeyMapPreview;
