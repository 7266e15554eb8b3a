/** The retailer's own stages over GraphQL: what holds, its dry run, publishing. Holds no rule. */
import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { withoutPersons } from '../access/personal.ts';
import { may } from '../access/rights.ts';
import type { Context } from '../api/context.ts';
import { AnswerMeta } from '../api/types/answer.types.ts';
import { CustomerConnection, customerConnection } from '../api/types/customer.types.ts';
import { JourneyMap, LifecycleStage } from '../api/types/journey.types.ts';
import { Json, SafeInt } from '../api/types/scalars.ts';
import type { JourneyMap as Map } from '../journey/map.ts';
import type { InsightScope } from '../insights/scope.ts';
import type { HeldMap } from './journey-map-library.ts';
import { countPreview, previewMap, previewMembers, publishMap } from './journey-map.service.ts';
import type { PreviewCounts } from './journey-map.service.ts';
import {
  JourneyMapMove,
  JourneyMapPreview,
  JourneyMapStageCount,
  JourneyMapVersion,
  PreviewMembersArgs,
} from './journey-map.types.ts';

@Resolver(() => JourneyMap)
export class JourneyMapResolver {
  @Query(() => JourneyMap)
  journeyMap(@Ctx() { journeyMaps }: Context): JourneyMap {
    return shownMap(journeyMaps.held);
  }

  @Query(() => [JourneyMapVersion], {
    description:
      'Every map that was published, newest first, up to 200; last, as version 0, the one that the server starts with.',
  })
  async journeyMapVersions(@Ctx() { journeyMaps, viewer }: Context): Promise<JourneyMapVersion[]> {
    const versions = await journeyMaps.versions();
    return versions.map(({ version, map, savedBy, savedMs, restores }) => ({
      version,
      map: may(viewer.role, 'people') ? map : withoutPersons(map),
      savedBy: version === 0 ? null : savedBy,
      savedAt: version === 0 ? null : new Date(savedMs),
      restores,
      isCurrent: version === journeyMaps.held.version,
    }));
  }

  @Query(() => JourneyMapPreview, {
    description:
      'A dry run: what is wrong with the map, or what publishing it would change now. Nothing is saved.',
  })
  async journeyMapPreview(
    @Arg('map', () => Json) map: unknown,
    @Ctx() { audiences, journeyMaps, scope }: Context,
  ): Promise<JourneyMapPreview> {
    const preview = await previewMap(map, audiences.book, scope);
    const { version } = journeyMaps.held;
    return { problems: [...preview.problems], warnings: [...preview.warnings], map: preview.map, version };
  }

  @Mutation(() => JourneyMap, {
    description:
      'Checked as a whole: a rule that names an unknown stage or event property changes nothing. Holds at once, for all of history, on every server within seconds; the maps before are kept. `basedOn`: the version that was changed; where another holds by now, nothing changes.',
  })
  async saveJourneyMap(
    @Arg('map', () => Json) map: unknown,
    @Arg('basedOn', () => Int, { nullable: true }) basedOn: number | null,
    @Ctx() { journeyMaps, scope, viewer }: Context,
  ): Promise<JourneyMap> {
    return shownMap(await publishMap({ map, by: viewer.name, basedOn }, journeyMaps, scope));
  }

  @Mutation(() => JourneyMap, {
    description: 'Publishes an older version again, as a new one; 0 is the map that the server starts with.',
  })
  async restoreJourneyMap(
    @Arg('version', () => Int) version: number,
    @Ctx() { journeyMaps, scope, viewer }: Context,
  ): Promise<JourneyMap> {
    const map = await journeyMaps.version(version);
    return shownMap(await publishMap({ map, by: viewer.name, restores: version }, journeyMaps, scope));
  }
}

/** Wherever a stage stands in an answer. */
@Resolver(() => LifecycleStage)
export class LifecycleStageResolver {
  @FieldResolver(() => Json, {
    description:
      'As it stands in the journey map; `{}` holds for everybody. For a VIEWER without the values that conditions on traits, or by what names a person, compare with: `["…"]` stands for them.',
  })
  rule(@Root() { rule }: LifecycleStage, @Ctx() { viewer }: Context): LifecycleStage['rule'] {
    return may(viewer.role, 'people') ? rule : withoutPersons(rule);
  }
}

@Resolver(() => JourneyMapPreview)
export class JourneyMapPreviewResolver {
  @FieldResolver(() => SafeInt, { nullable: true, description: 'Known customers; null with problems.' })
  async customers(@Root() root: JourneyMapPreview, @Ctx() { scope }: Context): Promise<number | null> {
    return (await countsOf(root, scope))?.customers ?? null;
  }

  @FieldResolver(() => SafeInt, {
    nullable: true,
    description: 'Customers whose stage would have another key at once; null with problems.',
  })
  async moved(@Root() root: JourneyMapPreview, @Ctx() { scope }: Context): Promise<number | null> {
    return (await countsOf(root, scope))?.moved ?? null;
  }

  @FieldResolver(() => [JourneyMapStageCount], {
    description: 'In the order of the map to come, those that go away last; none with problems.',
  })
  async stages(@Root() root: JourneyMapPreview, @Ctx() { scope }: Context): Promise<JourneyMapStageCount[]> {
    return [...((await countsOf(root, scope))?.stages ?? [])];
  }

  @FieldResolver(() => [JourneyMapMove], {
    description: 'Who would go from which stage to which, most first; those who stay are none.',
  })
  async moves(@Root() root: JourneyMapPreview, @Ctx() { scope }: Context): Promise<JourneyMapMove[]> {
    return [...((await countsOf(root, scope))?.moves ?? [])];
  }

  @FieldResolver(() => CustomerConnection, {
    description:
      'Whom it would move: from a stage that holds now, to one of the map to come, by keys; any unless given.',
  })
  async members(
    @Root() { map }: JourneyMapPreview,
    @Args(() => PreviewMembersArgs) { from, to, ...page }: PreviewMembersArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    if (!map) return customerConnection({ totalCount: 0, edges: [], hasNextPage: false });
    const move = { from: from ?? null, to: to ?? null };
    return customerConnection(await previewMembers(map, move, page, scope));
  }

  @FieldResolver(() => AnswerMeta, { nullable: true })
  async meta(@Root() root: JourneyMapPreview, @Ctx() { scope }: Context): Promise<AnswerMeta | null> {
    return (await countsOf(root, scope))?.meta ?? null;
  }
}

/** One count for all fields of an answer. */
const counting = new WeakMap<Map, Promise<PreviewCounts>>();

function countsOf({ map }: JourneyMapPreview, scope: InsightScope): Promise<PreviewCounts> | null {
  if (!map) return null;
  const known = counting.get(map);
  if (known) return known;
  const counts = countPreview(map, scope);
  counting.set(map, counts);
  return counts;
}

function shownMap({ map, version, savedBy, savedMs }: HeldMap): JourneyMap {
  const { stages, lifecycle, orderEvents, returnEvents } = map;
  const savedAt = savedMs === null ? null : new Date(savedMs);
  const words = { orderEvents: [...orderEvents], returnEvents: [...returnEvents] };
  return { stages, lifecycle, ...words, version, savedBy, savedAt };
}
