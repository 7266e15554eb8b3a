import { buildSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { metaPlacesOf, withoutMeta } from './meta-places.ts';

const schema = buildSchema(`
  type AnswerMeta { asOf: String! elapsedMs: Float! }
  type Step { customers: Int! meta: String! }
  type Funnel { steps: [Step!]! meta: AnswerMeta! previous: Funnel parts: [Funnel!]! }
  type Query { funnel(every: String): Funnel! }
  type Subscription { funnel(every: String): Funnel! }
`);

const meta = { asOf: 'now', elapsedMs: 3 };
const steps = [{ customers: 1 }];

function seen(source: string, answer: object, operationName?: string): unknown {
  return withoutMeta(answer, metaPlacesOf(schema, parse(source), operationName));
}

describe('what an answer says of itself is left out', () => {
  it('at its top, and where nothing is asked for nothing is', () => {
    const answer = { funnel: { steps, meta } };
    expect(seen('subscription { funnel { steps { customers } meta { asOf } } }', answer)).toEqual({
      funnel: { steps },
    });
    expect(seen('subscription { funnel { steps { customers } } }', { funnel: { steps } })).toEqual({
      funnel: { steps },
    });
  });

  it('further down, in lists, in fragments and under other names', () => {
    const source = `
      subscription { now: funnel { ...Funnel previous { ...Said ... { said: meta { asOf } } } parts { ...Funnel } } }
      fragment Funnel on Funnel { steps { customers } ...Said }
      fragment Said on Funnel { meta { elapsedMs } }`;
    const answer = {
      now: {
        steps,
        meta,
        previous: { meta, said: meta },
        parts: [
          { steps, meta },
          { steps, meta },
        ],
      },
    };
    expect(seen(source, answer)).toEqual({
      now: { steps, previous: {}, parts: [{ steps }, { steps }] },
    });
  });

  it('and nothing else, whatever is called like it elsewhere', () => {
    const source = `
      subscription Live { funnel { steps { customers meta } previous { steps: meta { asOf } } } }
      query Other { funnel { steps: meta { asOf } } }`;
    const answer = {
      funnel: { steps: [{ customers: 1, meta: 'a step' }], previous: { steps: meta } },
    };
    expect(seen(source, answer, 'Live')).toEqual({
      funnel: { steps: [{ customers: 1, meta: 'a step' }], previous: {} },
    });
  });

  it('also where there is nothing', () => {
    const source = 'subscription { funnel { previous { meta { asOf } } } }';
    expect(seen(source, { funnel: { previous: null } })).toEqual({ funnel: { previous: null } });
  });
});
