/** The journey over GraphQL: input to question, answer to types, numbers to the people behind them. */
import { Arg, Args, Ctx, FieldResolver, Float, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { AnswerMeta, NamedCount } from '../../api/types/answer.types.ts';
import { CustomerConnection, PeopleArgs, customerConnection } from '../../api/types/customer.types.ts';
import { SafeInt } from '../../api/types/scalars.ts';
import type { Meta } from '../scope.ts';
import type { Named, StageEvents, StageWalk } from './journey.result.ts';
import { journeyMembers, readJourney } from './journey.service.ts';
import {
  Journey,
  JourneyFlow,
  JourneyInput,
  JourneyStageSummary,
  StageMembersArgs,
} from './journey.types.ts';
import type { NameKind } from './journey.sql.ts';
import { assertStage } from './journey.validate.ts';

@Resolver(() => Journey)
export class JourneyResolver {
  @Query(() => Journey)
  journey(@Arg('input', () => JourneyInput) input: JourneyInput, @Ctx() { scope }: Context): Journey {
    return { run: readJourney(input, scope) };
  }

  @FieldResolver(() => [JourneyStageSummary], {
    description:
      'In the order of the journey map; every stage, also empty ones. With `key` that stage alone.',
  })
  stages(
    @Root() { run }: Journey,
    @Ctx() { scope }: Context,
    @Arg('key', () => String, { nullable: true }) key?: string | null,
  ): JourneyStageSummary[] {
    const { stages } = scope.journeyMap;
    assertStage(key, 'key', stages);
    const summaries = stages.map((stage, i) => ({
      run,
      number: i + 1,
      stage: { ...stage, events: [...stage.events] },
    }));
    return key == null ? summaries : summaries.filter(({ stage }) => stage.key === key);
  }

  @FieldResolver(() => [JourneyFlow], {
    description:
      'Moves between stages, also backwards, and back to the same stage; most moves first. `from` and `to` keep those alone.',
  })
  async flows(
    @Root() { run }: Journey,
    @Ctx() { scope }: Context,
    @Arg('from', () => String, { nullable: true }) from?: string | null,
    @Arg('to', () => String, { nullable: true }) to?: string | null,
  ): Promise<JourneyFlow[]> {
    assertStage(from, 'from', scope.journeyMap.stages);
    assertStage(to, 'to', scope.journeyMap.stages);
    const { flows } = await run.walk();
    return flows
      .filter((flow) => (from == null || flow.from === from) && (to == null || flow.to === to))
      .map((flow) => ({ ...flow, query: run.query }));
  }

  @FieldResolver(() => AnswerMeta)
  async meta(@Root() { run }: Journey): Promise<Meta> {
    return (await run.walk()).meta;
  }
}

@Resolver(() => JourneyStageSummary)
export class JourneyStageSummaryResolver {
  @FieldResolver(() => SafeInt, { description: 'With an event of the stage in the range.' })
  async customers(@Root() stage: JourneyStageSummary): Promise<number> {
    return (await walkOf(stage)).customers;
  }

  @FieldResolver(() => Float, {
    description: 'Of its customers, the share that later reached a later stage.',
  })
  async advanceRate(@Root() stage: JourneyStageSummary): Promise<number> {
    return (await walkOf(stage)).advanceRate;
  }

  @FieldResolver(() => Float, { nullable: true, description: 'Null where nobody did.' })
  async medianSecondsToAdvance(@Root() stage: JourneyStageSummary): Promise<number | null> {
    return (await walkOf(stage)).medianSecondsToAdvance;
  }

  @FieldResolver(() => SafeInt)
  async events(@Root() stage: JourneyStageSummary): Promise<number> {
    return (await eventsOf(stage)).events;
  }

  @FieldResolver(() => Float)
  async revenue(@Root() stage: JourneyStageSummary): Promise<number> {
    return (await eventsOf(stage)).revenue;
  }

  @FieldResolver(() => [NamedCount], { description: 'By number of events, most first; at most 50.' })
  channels(@Root() stage: JourneyStageSummary): Promise<readonly NamedCount[]> {
    return namedOf(stage, 'channel');
  }

  @FieldResolver(() => [NamedCount], { description: 'By number of events, most first; at most 50.' })
  touchpoints(@Root() stage: JourneyStageSummary): Promise<readonly NamedCount[]> {
    return namedOf(stage, 'touchpoint');
  }

  @FieldResolver(() => CustomerConnection, {
    description: 'With an event of the stage in the range: through the channel or touchpoint, if given.',
  })
  async members(
    @Root() { run, number: inStage }: JourneyStageSummary,
    @Args(() => StageMembersArgs) { channel, touchpoint, ...page }: StageMembersArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    const named = [
      ...(channel == null ? [] : [{ kind: 'channel' as const, name: channel }]),
      ...(touchpoint == null ? [] : [{ kind: 'touchpoint' as const, name: touchpoint }]),
    ];
    return customerConnection(await journeyMembers(run.query, { inStage, named }, page, scope));
  }

  @FieldResolver(() => CustomerConnection, { description: 'Who came this far and no further.' })
  async stopped(
    @Root() { run, number: stoppedIn }: JourneyStageSummary,
    @Args(() => PeopleArgs) page: PeopleArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await journeyMembers(run.query, { stoppedIn }, page, scope));
  }
}

@Resolver(() => JourneyFlow)
export class JourneyFlowResolver {
  @FieldResolver(() => CustomerConnection, { description: 'Who made the move.' })
  async members(
    @Root() { query, move }: JourneyFlow,
    @Args(() => PeopleArgs) page: PeopleArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await journeyMembers(query, { move }, page, scope));
  }
}

async function walkOf({ run, number }: JourneyStageSummary): Promise<StageWalk> {
  return (await run.walk()).stages[number - 1] as StageWalk;
}

async function eventsOf({ run, number }: JourneyStageSummary): Promise<StageEvents> {
  return (await run.events())[number - 1] as StageEvents;
}

async function namedOf({ run, number }: JourneyStageSummary, kind: NameKind): Promise<readonly Named[]> {
  return (await run.named[kind]())[number - 1] ?? [];
}
