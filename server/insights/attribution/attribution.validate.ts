/** What an attribution question must keep to, as rules; each says which field and what is allowed. */
import type { Rule } from '../../query/problem.ts';
import { ATTRIBUTION_MODELS } from './attribution.query.ts';
import type { AttributionQuery } from './attribution.query.ts';

const LONGEST_NAME = 1024;
/** So that every instant stays one that ClickHouse can count with. */
const LONGEST_YEARS = 50;

export const attributionRules: readonly Rule<AttributionQuery>[] = [
  {
    code: 'BAD_PROPERTY',
    check: ({ by }) =>
      by.trim() !== '' && by.length <= LONGEST_NAME
        ? []
        : [{ field: 'by', message: `\`by\` names an event property, in 1 to ${LONGEST_NAME} characters.` }],
  },
  {
    code: 'BAD_MODELS',
    check: ({ models }) =>
      models.length > 0 && new Set(models).size === models.length
        ? []
        : [
            {
              field: 'models',
              message: `\`models\` names one or more of ${ATTRIBUTION_MODELS.join(', ')}, each once.`,
            },
          ],
  },
  {
    code: 'LOOKBACK_TOO_LONG',
    check: ({ lookback }) =>
      lookback.months / 12 + lookback.ms / (366 * 86_400_000) <= LONGEST_YEARS
        ? []
        : [{ field: 'lookback', message: `\`lookback\` is at most ${LONGEST_YEARS} years.` }],
  },
];
