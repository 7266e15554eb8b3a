/**
 * What the dashboard asks, taken from its own documents, so that a page's benchmark changes with the page. Live
 * operations are asked once, as queries.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, OperationTypeNode, parse, print, visit } from 'graphql';
import type { DefinitionNode, FragmentDefinitionNode, OperationDefinitionNode } from 'graphql';
import { projectRoot } from '../../server/engine/project.ts';
import { ORDER } from './questions.ts';
import type { Question } from './server.ts';

/** Questions of a page by the name of their operation. */
export type Page = Readonly<Record<string, Question>>;

/** Everything the Overview page asks when it is opened, over the last 30 days unless `range` says otherwise. */
export function overviewPage(range: object = { last: 'P30D' }): Page {
  const day = { range, interval: 'DAY' };
  const steps = ['product_viewed', 'product_added', 'checkout_started', ORDER];
  const variables: Readonly<Record<string, object>> = {
    Catalog: {},
    Overview: { input: day },
    OverviewChurn: { input: day },
    OverviewFunnel: {
      input: { range, steps: steps.map((event) => ({ match: { events: [event] } })), window: 'P14D' },
    },
    // The page widens a short range to ninety days, week by week.
    OverviewLifecycle: { input: { range: { last: 'P90D' }, interval: 'WEEK' } },
    OverviewCohorts: {
      input: {
        start: { events: [ORDER] },
        range: { from: '2025-11-01T00:00:00Z' },
        interval: 'MONTH',
        periods: 7,
      },
    },
    LastEvents: { first: 16 },
  };
  const entries = Object.entries(variables).map(([name, values]): [string, Question] => [
    name,
    { document: operation(name), variables: values },
  ]);
  return Object.fromEntries(entries);
}

let definitions: readonly DefinitionNode[] | undefined;

/** The dashboard's operation of that name as a query, with the fragments it uses. */
export function operation(name: string): string {
  definitions ??= allDefinitions();
  const found = definitions.find(
    (node): node is OperationDefinitionNode =>
      node.kind === Kind.OPERATION_DEFINITION && node.name?.value === name,
  );
  if (!found) throw new Error(`The dashboard has no operation ${name}.`);
  const asked = visit(found, {
    OperationDefinition: (node) => ({ ...node, operation: OperationTypeNode.QUERY }),
    // How often a live answer is looked at again.
    Argument: (node) => (node.name.value === 'every' ? null : undefined),
  });
  const all = definitions;
  const fragments = new Set<FragmentDefinitionNode>();
  const collect = (node: DefinitionNode): void => {
    visit(node, {
      FragmentSpread: ({ name: { value } }) => {
        const fragment = all.find(
          (other): other is FragmentDefinitionNode =>
            other.kind === Kind.FRAGMENT_DEFINITION && other.name.value === value,
        );
        if (!fragment || fragments.has(fragment)) return;
        fragments.add(fragment);
        collect(fragment);
      },
    });
  };
  collect(asked);
  return [asked, ...fragments].map(print).join('\n');
}

function allDefinitions(): readonly DefinitionNode[] {
  const folder = join(projectRoot(), 'dashboard/src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.graphql'))
    .flatMap((path) => parse(readFileSync(join(folder, path), 'utf8')).definitions);
}
