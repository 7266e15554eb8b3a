/** GraphQL types of paths. What they say is the contract's; how it is worked out stands elsewhere. */
import { ArgsType, Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import { AnswerMeta } from '../../api/types/answer.types.ts';
import { Duration, SafeInt } from '../../api/types/scalars.ts';
import {
  AudienceInput,
  enumOf,
  EventMatchInput,
  FilterInput,
  RangeInput,
} from '../../api/types/selection.types.ts';
import {
  DEFAULT_EDGES,
  DEFAULT_GAP,
  DEFAULT_STEPS,
  MAX_EDGES,
  MAX_STEPS,
  PATH_NODE_KINDS,
} from './paths.query.ts';
import type { PathNodeKind, PathsRequest } from './paths.query.ts';
import type { PathEdgeAnswer, PathNodeAnswer } from './paths.result.ts';
import type { ShownPaths } from './paths.sql.ts';

const PathNodeKindEnum = enumOf(PATH_NODE_KINDS, 'PathNodeKind', undefined, {
  TOUCHPOINT: { description: "A page view's path, a screen view's name, otherwise the event's name." },
  STAGE: { description: 'The key of the journey stage; events of no stage are left out.' },
  CHANNEL: { description: 'Events without a channel are left out.' },
  PROPERTY: { description: 'The value of `property`; events without it are left out.' },
});

@InputType()
export class PathsInput implements PathsRequest {
  @Field(() => RangeInput)
  range!: RangeInput;

  @Field(() => PathNodeKindEnum, { defaultValue: 'TOUCHPOINT' })
  node!: PathNodeKind;

  @Field(() => String, {
    nullable: true,
    description: 'For PROPERTY: which event property names the nodes.',
  })
  property?: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Only paths from here / up to here; with both, the middle of long ones is one node `...`. Slashes at the end do not count.',
  })
  startAt?: string;

  @Field(() => String, { nullable: true })
  endAt?: string;

  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_STEPS,
    description: `Nodes, not edges; up to ${MAX_STEPS}.`,
  })
  maxSteps?: number;

  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULT_EDGES,
    description: `The largest are shown; up to ${MAX_EDGES}.`,
  })
  maxEdges?: number;

  @Field(() => Int, { nullable: true, description: 'Only edges of at least so many paths.' })
  minPaths?: number;

  @Field(() => Int, { nullable: true, description: 'Only edges of at most so many paths.' })
  maxPaths?: number;

  @Field(() => [String], {
    nullable: true,
    description: 'Patterns with `*`; nodes that match become one node named by the pattern.',
  })
  groups?: string[];

  @Field(() => [String], {
    nullable: true,
    description: 'Names of nodes, as shown, whose events are left out before paths are formed.',
  })
  exclude?: string[];

  @Field(() => Duration, {
    nullable: true,
    defaultValue: DEFAULT_GAP,
    description: 'A longer gap starts a new path.',
  })
  sessionGap?: string;

  @Field(() => EventMatchInput, { nullable: true, description: 'Which events take part; default: any.' })
  match?: EventMatchInput;

  @Field(() => FilterInput, { nullable: true })
  where?: FilterInput;

  @Field(() => AudienceInput, { nullable: true })
  audience?: AudienceInput;
}

@ObjectType({
  description:
    'Every step adds up: what the edges leave out stands under a node with `isOther`, and what went no further in `ended`. Paths are sessions; a customer may walk several.',
  simpleResolvers: true,
})
export class PathNode implements PathNodeAnswer {
  /** Not part of the API: what the drill-down asks again. */
  graph!: ShownPaths;

  @Field(() => Int, { description: 'From 1.' })
  step!: number;

  @Field(() => String, { description: 'Empty for the node with `isOther`.' })
  name!: string;

  @Field(() => Boolean)
  isOther!: boolean;

  @Field(() => SafeInt)
  paths!: number;

  @Field(() => SafeInt)
  customers!: number;

  @Field(() => SafeInt, {
    description: 'Paths that go no further; `paths` is these and the edges from here.',
  })
  ended!: number;
}

@ObjectType({
  description:
    'From a node of `step` to one of the next. An empty `from` or `to` is the node with `isOther`; paths that leave a node over an edge that is not shown lead there.',
  simpleResolvers: true,
})
export class PathEdge implements PathEdgeAnswer {
  /** Not part of the API: what the drill-down asks again. */
  graph!: ShownPaths;

  @Field(() => Int)
  step!: number;

  @Field(() => String)
  from!: string;

  @Field(() => String)
  to!: string;

  @Field(() => SafeInt)
  paths!: number;

  @Field(() => SafeInt)
  customers!: number;

  @Field(() => Float, { nullable: true })
  averageSeconds!: number;

  @Field(() => Float, { nullable: true })
  medianSeconds!: number;
}

/** Which nodes: those that are all of what is given; an empty name is the rest. */
@ArgsType()
export class PathNodeArgs {
  @Field(() => Int, { nullable: true })
  step?: number | null;

  @Field(() => String, { nullable: true })
  name?: string | null;
}

/** Which edges: those that are all of what is given. */
@ArgsType()
export class PathEdgeArgs {
  @Field(() => Int, { nullable: true })
  step?: number | null;

  @Field(() => String, { nullable: true })
  from?: string | null;

  @Field(() => String, { nullable: true })
  to?: string | null;
}

@ObjectType({ simpleResolvers: true })
export class PathGraph {
  @Field(() => [PathNode], {
    description:
      'By step, largest first, the rest last. With arguments those nodes alone, so that only their customers are looked up.',
  })
  nodes!: PathNode[];

  @Field(() => [PathEdge], {
    description:
      'By step, largest first. With arguments those edges alone, so that only their customers are looked up.',
  })
  edges!: PathEdge[];

  @Field(() => AnswerMeta)
  meta!: AnswerMeta;
}
