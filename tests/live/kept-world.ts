/**
 * A store in which anything may happen, and questions asked of it twice: as a live run asks them, answered from what
 * is kept up to date, and as a query does, computed anew at the same instant.
 */
import fc from 'fast-check';
import { execute, parse } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import pino from 'pino';
import type { Context } from '../../server/api/context.ts';
import { createSchema } from '../../server/api/schema.ts';
import { askedThrough } from '../../server/engine/asked-through.ts';
import type { Engine } from '../../server/engine/port.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { render } from '../../server/query/sql.ts';
import type { RenderedSql } from '../../server/query/sql.ts';
import { createServices } from '../../server/services.ts';
import type { Services } from '../../server/services.ts';
import { testEngine } from '../support/engine.ts';
import { until } from '../support/until.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** An hour before the clocks go forward in Europe. */
const START_MS = Date.UTC(2026, 2, 29, 0);

export interface Question {
  readonly field: string;
  readonly inputType: string;
  readonly input: object;
  readonly answer: string;
}

const NAMES = ['product_viewed', 'product_added', 'checkout_started', 'order_completed', 'points_viewed'];
const CUSTOMERS = 12;

export type Happening =
  | { readonly kind: 'events'; readonly events: readonly Moment[]; readonly bySelf: boolean }
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'join'; readonly visitor: number; readonly customer: number }
  | { readonly kind: 'erase'; readonly customer: number };

interface Moment {
  /** Below zero: a visitor. */
  readonly who: number;
  readonly name: number;
  readonly agoMs: number;
}

const moment = fc.record({
  who: fc.integer({ min: -6, max: CUSTOMERS }),
  name: fc.nat(NAMES.length - 1),
  agoMs: fc.oneof(
    { weight: 4, arbitrary: fc.nat(5000) },
    { weight: 3, arbitrary: fc.nat(2 * HOUR) },
    { weight: 2, arbitrary: fc.nat(40 * DAY) },
    { weight: 1, arbitrary: fc.integer({ min: -2 * HOUR, max: 0 }) },
  ),
});

export const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('events' as const),
      events: fc.array(moment, { minLength: 1, maxLength: 12 }),
      bySelf: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('time' as const),
      ms: fc.oneof(fc.nat(3000), fc.nat(50 * MINUTE), fc.nat(3 * DAY)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('join' as const),
      visitor: fc.integer({ min: 1, max: 6 }),
      customer: fc.integer({ min: 0, max: CUSTOMERS }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('erase' as const), customer: fc.nat(CUSTOMERS) }),
  },
);

export class KeptWorld {
  nowMs = START_MS;
  /** How many statements of live runs were answered how. */
  readonly runs = new Map<string, number>();
  /** Looks for stored events. */
  readonly stored: RenderedSql[] = [];
  #lately: string[] = [];
  #told = 0;
  readonly #statements = new Map<string, number>();

  private constructor(
    readonly engine: Engine,
    private readonly schema: GraphQLSchema,
    private services: Services | null = null,
  ) {}

  static async open(): Promise<KeptWorld> {
    const world = new KeptWorld(await testEngine(), await createSchema());
    world.services = await createServices({
      engine: askedThrough(world.engine, (query, options) => {
        world.#statements.set(query.name, world.statements(query.name) + 1);
        if (query.name === 'live.stored') world.stored.push(render(query.sql));
        return world.engine.query(query, options);
      }),
      journeyMap: retailMap,
      log: pino({ level: 'silent' }),
      now: () => world.nowMs,
      answering: { cacheBytes: 0, holdMs: 0, settleMs: 250 },
      onRun: (_, how) => {
        world.runs.set(how, (world.runs.get(how) ?? 0) + 1);
        world.#lately.push(how);
      },
    });
    const past = Array.from({ length: 150 }, (_, i) => ({ who: i % 14, name: i % 5, agoMs: i * 9 * HOUR }));
    await world.happens({ kind: 'events', events: past, bySelf: false });
    return world;
  }

  async close(): Promise<void> {
    await this.services?.close();
    await this.engine.close();
  }

  /** How many statements of that name were run so far. */
  statements(name: string): number {
    return this.#statements.get(name) ?? 0;
  }

  /** The answer of a live run. */
  live(question: Question): Promise<unknown> {
    return this.#ask(question, true);
  }

  /** The answer computed anew, at the same instant. */
  fresh(question: Question): Promise<unknown> {
    return this.#ask(question, false);
  }

  /** Whether live runs are sure to see all that was heard of. */
  async knows(questions: readonly Question[]): Promise<boolean> {
    const { arrivals, createContext } = this.#given();
    await arrivals.fresh();
    const all: boolean[] = [];
    for (const question of questions) {
      const contextValue = await createContext();
      await this.#execute(question, contextValue);
      all.push(contextValue.due.news !== undefined);
    }
    return all.every(Boolean);
  }

  /** Asks until nothing that can be kept is run any more. */
  async keeps(questions: readonly Question[]): Promise<void> {
    await until(
      'all is kept',
      async () => {
        this.#lately = [];
        for (const question of questions) await this.live(question);
        return this.#lately.every((how) => how === 'kept' || how === 'not kept');
      },
      60_000,
    );
  }

  async happens(happening: Happening): Promise<void> {
    const { ingestion } = this.#given();
    if (happening.kind === 'time') this.nowMs += happening.ms;
    if (happening.kind === 'events') await this.#arrive(happening.events, happening.bySelf);
    if (happening.kind === 'join') {
      const { visitor, customer } = happening;
      // A visitor who is somebody else's already is refused: nothing happens.
      await ingestion
        .identify(`customer-${customer}`, `visitor-${visitor}`, null)
        .catch((error: unknown) => void error);
    }
    if (happening.kind === 'erase') {
      const { erasing } = await this.#given().createContext();
      await erasing.erase(`customer-${happening.customer}`);
    }
  }

  async #arrive(moments: readonly Moment[], bySelf: boolean): Promise<void> {
    const { ingestion } = this.#given();
    const events = moments.map((moment) => this.#event(moment));
    // By another program: found by looking.
    if (!bySelf) return this.engine.insert('events', events.map(columnsOf));
    await ingestion.accept(events);
  }

  #event({ who, name, agoMs }: Moment) {
    const event = NAMES[name] ?? '';
    const isOrder = event === 'order_completed';
    this.#told += 1;
    const n = this.#told;
    return {
      eventId: `e${n}`,
      customerId: who < 0 ? `visitor-${-who}` : `customer-${who}`,
      event,
      time: new Date(this.nowMs - agoMs),
      channel: ['web', 'store', 'app'][n % 3] ?? '',
      sessionId: `s${n % 7}`,
      orderId: isOrder ? `o${n - (n % 2)}` : null,
      revenue: isOrder ? ((n * 37) % 1000) / 8 : null,
      properties: { device: ['phone', 'desk'][n % 2] ?? '' },
    };
  }

  #given(): Services {
    if (!this.services) throw new Error('not open');
    return this.services;
  }

  async #ask(question: Question, isLive: boolean): Promise<unknown> {
    const { arrivals, createContext } = this.#given();
    // A live run is woken by the look that finds something.
    if (isLive) await arrivals.fresh();
    return this.#execute(question, await (isLive ? createContext() : createContext(undefined, ['fresh'])));
  }

  async #execute({ field, inputType, input, answer }: Question, contextValue: Context): Promise<unknown> {
    const document = parse(`query ($input: ${inputType}) { ${field}(input: $input) { ${answer} } }`);
    const { data, errors } = await execute({
      schema: this.schema,
      document,
      variableValues: { input },
      contextValue,
    });
    if (errors?.[0]) throw errors[0];
    return data?.[field];
  }
}

function columnsOf(event: {
  readonly eventId: string;
  readonly customerId: string;
  readonly event: string;
  readonly time: Date;
  readonly channel: string;
  readonly sessionId: string;
  readonly orderId: string | null;
  readonly revenue: number | null;
  readonly properties: object;
}): object {
  return {
    event_id: event.eventId,
    customer_id: event.customerId,
    event: event.event,
    time: event.time.toISOString(),
    channel: event.channel,
    session_id: event.sessionId,
    order_id: event.orderId ?? '',
    revenue: event.revenue,
    properties: event.properties,
  };
}
