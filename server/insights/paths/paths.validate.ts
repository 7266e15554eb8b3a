/** What a paths question must keep to, as rules; each says which field and what is allowed. */
import type { EventVocabulary } from '../../query/events.ts';
import type { Rule } from '../../query/problem.ts';
import { MAX_EDGES, MAX_EXCLUDED, MAX_GROUPS, MAX_NAME, MAX_PATHS, MAX_STEPS } from './paths.query.ts';
import type { PathsQuery } from './paths.query.ts';

export function pathsRules(vocabulary: EventVocabulary): readonly Rule<PathsQuery>[] {
  return [nodeProperty, ...COUNTS, bothEnds, pathCounts, ...NAMES, knownStages(vocabulary)];
}

const nodeProperty: Rule<PathsQuery> = {
  code: 'NODE_PROPERTY',
  check: ({ node, property }) => {
    const wrong = (message: string) => [{ field: 'property', message }];
    if (node !== 'PROPERTY') {
      return property === null ? [] : wrong(`\`property\` names the nodes of PROPERTY; these are ${node}.`);
    }
    return property !== null && isName(property)
      ? []
      : wrong(
          `Nodes by PROPERTY take the name of an event property in \`property\`, 1 to ${MAX_NAME} characters.`,
        );
  },
};

/** A whole number between two bounds. */
function count(
  field: 'maxSteps' | 'maxEdges' | 'minPaths' | 'maxPaths',
  code: string,
  most: number,
): Rule<PathsQuery> {
  return {
    code,
    check: ({ [field]: value }) =>
      value === null || (value >= 1 && value <= most)
        ? []
        : [{ field, message: `\`${field}\` is 1 to ${most.toLocaleString('en-US')}, not ${value}.` }],
  };
}

const COUNTS = [
  count('maxSteps', 'BAD_MAX_STEPS', MAX_STEPS),
  count('maxEdges', 'BAD_MAX_EDGES', MAX_EDGES),
  count('minPaths', 'BAD_PATH_COUNT', MAX_PATHS),
  count('maxPaths', 'BAD_PATH_COUNT', MAX_PATHS),
];

const bothEnds: Rule<PathsQuery> = {
  code: 'BAD_MAX_STEPS',
  check: ({ startAt, endAt, maxSteps }) =>
    startAt === null || endAt === null || maxSteps !== 1
      ? []
      : [{ field: 'maxSteps', message: 'From a node up to another takes at least 2 steps.' }],
};

const pathCounts: Rule<PathsQuery> = {
  code: 'BAD_PATH_COUNT',
  check: ({ minPaths, maxPaths }) =>
    minPaths === null || maxPaths === null || maxPaths < 1 || minPaths <= maxPaths
      ? []
      : [
          {
            field: 'minPaths',
            message: `\`minPaths\` must not exceed \`maxPaths\`; ${minPaths} is over ${maxPaths}.`,
          },
        ],
};

/** Up to so many names, none empty, none too long: one problem for a list, however many of it are wrong. */
function names(
  field: string,
  code: string,
  most: number,
  of: (query: PathsQuery) => readonly string[],
): Rule<PathsQuery> {
  return {
    code,
    check: (query) => {
      const list = of(query);
      if (list.length > most)
        return [{ field, message: `\`${field}\` takes up to ${most}, not ${list.length}.` }];
      const wrong = list.findIndex((name) => !isName(name));
      if (wrong === -1) return [];
      const at = most === 1 ? field : `${field}[${wrong}]`;
      return [{ field: at, message: `\`${field}\` takes texts of 1 to ${MAX_NAME} characters.` }];
    },
  };
}

const NAMES = [
  names('groups', 'BAD_GROUPS', MAX_GROUPS, ({ groups }) => groups),
  names('exclude', 'BAD_EXCLUDE', MAX_EXCLUDED, ({ exclude }) => exclude),
  names('startAt', 'BAD_NODE', 1, ({ startAt }) => (startAt === null ? [] : [startAt])),
  names('endAt', 'BAD_NODE', 1, ({ endAt }) => (endAt === null ? [] : [endAt])),
];

function isName(text: string): boolean {
  return text.length >= 1 && text.length <= MAX_NAME;
}

/** Nodes by STAGE carry the keys of stages, or the patterns that group them. */
function knownStages({ stages }: EventVocabulary): Rule<PathsQuery> {
  return {
    code: 'UNKNOWN_STAGE',
    check: ({ node, startAt, endAt, exclude, groups }) => {
      if (node !== 'STAGE') return [];
      const asked = [
        { field: 'startAt', stage: startAt },
        { field: 'endAt', stage: endAt },
        ...exclude.map((stage, i) => ({ field: `exclude[${i}]`, stage })),
      ];
      return asked.flatMap(({ field, stage }) => {
        if (!stage || stages.has(stage) || groups.includes(stage)) return [];
        const known = [...stages.keys()].join(', ');
        return [{ field, message: `There is no journey stage "${stage.slice(0, 60)}"; there are ${known}.` }];
      });
    },
  };
}
