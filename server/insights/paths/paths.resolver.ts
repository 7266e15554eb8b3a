/** Paths over GraphQL: input to question, answer to types, edges to the people behind them. */
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { PageArgs } from '../../api/types/answer.types.ts';
import { CustomerConnection, customerConnection } from '../../api/types/customer.types.ts';
import { edgeMembers, runPaths } from './paths.service.ts';
import { PathEdge, PathEdgeArgs, PathGraph, PathsInput } from './paths.types.ts';

@Resolver(() => PathGraph)
export class PathsResolver {
  @Query(() => PathGraph, { description: 'The ways customers really take, step by step.' })
  async paths(
    @Arg('input', () => PathsInput) input: PathsInput,
    @Ctx() { scope }: Context,
  ): Promise<PathGraph> {
    const { nodes, edges, meta, query, shown, ties } = await runPaths(input, scope);
    const graph = { query, shown, ties };
    return { nodes: [...nodes], edges: edges.map((edge) => ({ ...edge, graph })), meta };
  }

  @FieldResolver(() => [PathEdge])
  edges(
    @Root() { edges }: PathGraph,
    @Args(() => PathEdgeArgs) { step, from, to }: PathEdgeArgs,
  ): PathEdge[] {
    return edges.filter(
      (edge) =>
        (step == null || edge.step === step) &&
        (from == null || edge.from === from) &&
        (to == null || edge.to === to),
    );
  }
}

@Resolver(() => PathEdge)
export class PathEdgeResolver {
  @FieldResolver(() => CustomerConnection, { description: 'Who has a path over this edge.' })
  async members(
    @Root() { graph, step, from, to }: PathEdge,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await edgeMembers(graph, { step, from, to }, page, scope));
  }
}
