/**
 * Random customers put into the store, side by side with those of other worlds: part of what each did was done
 * as a visitor whose id was joined to the customer's. Owns no engine.
 */
import type { Engine } from '../../server/engine/port.ts';
import { sql } from '../../server/query/sql.ts';
import { eventRow } from '../support/events.ts';
import { storeTraits } from '../support/traits.ts';
import type { Person } from './lifecycle.ts';

let worlds = 0;

export interface World {
  readonly persons: readonly Person[];
  /** As `LifecycleInput.audience`: the customers of this world alone. */
  readonly audience: object;
}

/** Customers without ids, and by how much what they did is shifted in time. */
export interface Untold {
  readonly folk: readonly ((id: string) => Person)[];
  readonly shiftMs: number;
}

/** All of them at once, in the order given. */
export async function storeWorlds(engine: Engine, untold: readonly Untold[]): Promise<readonly World[]> {
  const told = untold.map(({ folk, shiftMs }): World => {
    const world = `w${(worlds += 1)}`;
    return {
      persons: folk.map((person, i) => shifted(person(`${world}-${i}`), shiftMs)),
      audience: { where: { property: 'customerId', op: 'STARTS_WITH', values: [`${world}-`] } },
    };
  });
  const persons = told.flatMap((world) => world.persons);
  const events = persons.flatMap((person) => person.events);
  const aliases = [...new Set(events.filter(isVisit).map(({ customerId }) => customerId))];
  await engine.insert(
    'identities',
    aliases.map((id) => ({ alias: visitorOf(id), customer_id: id, updated_at: '2020-01-01 00:00:00.000' })),
  );
  await engine.command('test_identities', sql`SYSTEM RELOAD DICTIONARY identity_keys`);
  await engine.insert(
    'events',
    events.map((event) =>
      eventRow(isVisit(event) ? { ...event, customerId: visitorOf(event.customerId) } : event),
    ),
  );
  await storeTraits(engine, Object.fromEntries(persons.map((person) => [idOf(person), person.traits])));
  return told;
}

export const idOf = ({ events }: Person): string => events[0]?.customerId ?? '';

const visitorOf = (id: string): string => `visitor of ${id}`;

/** Told by the session, which no rule looks at. */
const isVisit = ({ sessionId }: Person['events'][number]): boolean => sessionId === 'visit';

function shifted(person: Person, shiftMs: number): Person {
  return { ...person, events: person.events.map((event) => ({ ...event, timeMs: event.timeMs + shiftMs })) };
}
