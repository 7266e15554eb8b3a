/** Funnels in GraphQL: input to query, call the service. No rule and no SQL. */
import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { PageArgs } from '../../api/types/answer.types.ts';
import { CustomerConnection, customerConnection } from '../../api/types/customer.types.ts';
import { peopleDropped, peopleReached, readFunnel, runFunnel, runPreviousFunnel } from './funnel.service.ts';
import type { FunnelAnswer } from './funnel.service.ts';
import { Funnel, FunnelInput, FunnelStep } from './funnel.types.ts';

@Resolver(() => Funnel)
export class FunnelResolver {
  @Query(() => Funnel, { description: 'How many customers take the steps one asks for, and how fast.' })
  async funnel(
    @Arg('input', () => FunnelInput) input: FunnelInput,
    @Ctx() { scope }: Context,
  ): Promise<FunnelAnswer> {
    return runFunnel(readFunnel(input, scope), scope);
  }

  @FieldResolver(() => [FunnelStep])
  steps(
    @Root() { steps }: Funnel,
    @Arg('index', () => Int, { nullable: true }) index?: number | null,
  ): FunnelStep[] {
    return index == null ? steps : steps.filter((step) => step.index === index);
  }

  @FieldResolver(() => Funnel, {
    nullable: true,
    description: 'The same funnel over the range of equal length just before.',
  })
  previous(@Root() { query }: Funnel, @Ctx() { scope }: Context): Promise<FunnelAnswer | null> {
    return runPreviousFunnel(query, scope);
  }
}

@Resolver(() => FunnelStep)
export class FunnelStepResolver {
  @FieldResolver(() => CustomerConnection, { description: 'Who reached this step.' })
  async reached(
    @Root() step: FunnelStep,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await peopleReached(step, page, scope));
  }

  @FieldResolver(() => CustomerConnection, {
    description: 'Who reached the step before and not this one.',
  })
  async dropped(
    @Root() step: FunnelStep,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await peopleDropped(step, page, scope));
  }
}
