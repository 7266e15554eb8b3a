/** The files that take longest begin first, so that none of them is left over to run alone at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Of two processors' time, from the longest on. */
const LONGEST = [
  'tests/faults/soak',
  'tests/faults/ingest-killed',
  'tests/faults/ingest-two-programs',
  'tests/faults/live-broken-off',
  'tests/conformance/funnel',
  'tests/browser/pages',
  'tests/browser/data',
  'tests/browser/access',
  'tests/browser/drill',
  'tests/browser/audiences',
  'tests/browser/questions',
  'tests/browser/states',
];

function rankOf({ moduleId }: TestSpecification): number {
  const found = LONGEST.findIndex((file) => moduleId.endsWith(`/${file}.test.ts`));
  return found < 0 ? LONGEST.length : found;
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others.sort((one, other) => rankOf(one) - rankOf(other));
  }
}
