/** Paths over GraphQL: input to question, answer to types, edges to the people behind them. */
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { CustomerConnection, PeopleArgs, customerConnection } from '../../api/types/customer.types.ts';
import { edgeMembers, nodeMembers, runPaths } from './paths.service.ts';
import { PathEdge, PathEdgeArgs, PathGraph, PathNode, PathNodeArgs, PathsInput } from './paths.types.ts';

@Resolver(() => PathGraph)
export class PathsResolver {
  @Query(() => PathGraph, { description: 'The ways customers really take, step by step.' })
  async paths(
    @Arg('input', () => PathsInput) input: PathsInput,
    @Ctx() { scope }: Context,
  ): Promise<PathGraph> {
    const { nodes, edges, meta, query, shown, ties } = await runPaths(input, scope);
    const graph = { query, shown, ties };
    return {
      nodes: nodes.map((node) => ({ ...node, graph })),
      edges: edges.map((edge) => ({ ...edge, graph })),
      meta,
    };
  }

  @FieldResolver(() => [PathNode])
  nodes(@Root() { nodes }: PathGraph, @Args(() => PathNodeArgs) { step, name }: PathNodeArgs): PathNode[] {
    return nodes.filter(
      (node) => (step == null || node.step === step) && (name == null || node.name === name),
    );
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

@Resolver(() => PathNode)
export class PathNodeResolver {
  @FieldResolver(() => CustomerConnection, { description: 'Who has a path through this node.' })
  async members(
    @Root() { graph, step, name }: PathNode,
    @Args(() => PeopleArgs) page: PeopleArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await nodeMembers(graph, { step, name }, page, scope));
  }
}

@Resolver(() => PathEdge)
export class PathEdgeResolver {
  @FieldResolver(() => CustomerConnection, { description: 'Who has a path over this edge.' })
  async members(
    @Root() { graph, step, from, to }: PathEdge,
    @Args(() => PeopleArgs) page: PeopleArgs,
    @Ctx() { scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await edgeMembers(graph, { step, from, to }, page, scope));
  }
}
