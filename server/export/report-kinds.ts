/** Which tables a report of each kind has, as lists within lists of its answer, under the API's own names. Pure. */
import type { ReportKind } from '../library/reports.validate.ts';

/** `name:kind` or `name=path.of.the.field:kind`, with spaces between. */
export type ColumnText = string;

/** A list within the answer, or within an entry of the list above it. */
export interface Level {
  /** Name of its field; several: fields of one entry each, whose name goes into the column `as`. */
  readonly at: string | { readonly fields: readonly string[]; readonly as: string };
  readonly columns: ColumnText;
}

interface Part {
  readonly levels: readonly Level[];
  /** Whether a breakdown splits it; else it tells of all together. */
  readonly isBroken?: true;
}

/** A kind's tables; the first is what is given unless another is asked for. */
interface Kind {
  readonly field: string;
  readonly input: string;
  readonly parts: Readonly<Record<string, Part>>;
}

const POINT = 'start:time value:number complete:boolean';
const SHARE =
  'stage=stage.key:text name=stage.name:text customers:whole share:number revenue:number change:whole';
const KPIS = {
  fields: [
    ...['revenue', 'orders', 'averageOrderValue', 'customers', 'newCustomers', 'activeCustomers'],
    ...['conversionRate', 'repeatPurchaseRate', 'churnRate'],
  ],
  as: 'kpi',
};

export type AnsweredKind = Exclude<ReportKind, 'CUSTOMERS'>;

export const KINDS: Readonly<Record<AnsweredKind, Kind>> = {
  FUNNEL: {
    field: 'funnel',
    input: 'FunnelInput',
    parts: {
      steps: {
        isBroken: true,
        levels: [
          {
            at: 'steps',
            columns: `index:whole label:text customers:whole rate:number rateFromPrevious:number droppedOff:whole
              medianSeconds:number averageSeconds:number p90Seconds:number`,
          },
        ],
      },
    },
  },
  RETENTION: {
    field: 'retention',
    input: 'RetentionInput',
    parts: {
      cohorts: {
        isBroken: true,
        levels: [
          { at: 'cohorts', columns: 'start:time size:whole' },
          {
            at: 'cells',
            columns: `period:whole customers:whole rate:number value:number lifetimeValue:number complete:boolean`,
          },
        ],
      },
      average: {
        isBroken: true,
        levels: [{ at: 'average', columns: 'period:whole rate:number low:number high:number value:number' }],
      },
    },
  },
  LIFECYCLE: {
    field: 'lifecycle',
    input: 'LifecycleInput',
    parts: {
      stages: { isBroken: true, levels: [{ at: 'stages', columns: SHARE }] },
      history: {
        levels: [
          { at: 'history', columns: 'at:time' },
          { at: 'stages', columns: 'stage:text customers:whole' },
        ],
      },
      transitions: { levels: [{ at: 'transitions', columns: 'from:text to:text customers:whole' }] },
      growth: {
        levels: [
          {
            at: 'growth',
            columns: 'start:time new:whole returning:whole resurrecting:whole dormant:whole complete:boolean',
          },
        ],
      },
    },
  },
  JOURNEY: {
    field: 'journey',
    input: 'JourneyInput',
    parts: {
      stages: {
        levels: [
          {
            at: 'stages',
            columns: `stage=stage.key:text name=stage.name:text customers:whole events:whole revenue:number
              advanceRate:number medianSecondsToAdvance:number`,
          },
        ],
      },
      flows: {
        levels: [
          { at: 'flows', columns: 'from:text to:text customers:whole moves:whole medianSeconds:number' },
        ],
      },
    },
  },
  PATHS: {
    field: 'paths',
    input: 'PathsInput',
    parts: {
      edges: {
        levels: [
          {
            at: 'edges',
            columns: `step:whole from:text to:text paths:whole customers:whole averageSeconds:number
              medianSeconds:number`,
          },
        ],
      },
      nodes: {
        levels: [
          {
            at: 'nodes',
            columns: 'step:whole name:text isOther:boolean paths:whole customers:whole ended:whole',
          },
        ],
      },
    },
  },
  ATTRIBUTION: {
    field: 'attribution',
    input: 'AttributionInput',
    parts: {
      rows: {
        levels: [
          { at: 'rows', columns: 'name:text touches:whole customers:whole' },
          { at: 'credit', columns: 'model:text conversions:number revenue:number share:number' },
        ],
      },
    },
  },
  OVERVIEW: {
    field: 'overview',
    input: 'OverviewInput',
    parts: {
      figures: { levels: [{ at: KPIS, columns: 'value:number previous:number change:number' }] },
      series: {
        levels: [
          { at: KPIS, columns: '' },
          { at: 'series', columns: POINT },
        ],
      },
    },
  },
  METRIC: {
    field: 'metric',
    input: 'MetricInput',
    parts: { series: { isBroken: true, levels: [{ at: 'series', columns: POINT }] } },
  },
  RFM: {
    field: 'rfm',
    input: 'RfmInput',
    parts: {
      segments: {
        levels: [{ at: 'segments', columns: 'name:text customers:whole share:number revenue:number' }],
      },
      cells: {
        levels: [
          { at: 'cells', columns: 'recency:whole frequency:whole customers:whole averageMonetary:number' },
        ],
      },
    },
  },
};
