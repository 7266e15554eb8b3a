/** Saved reports over GraphQL; holds no rule. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../api/context.ts';
import { inputFromJson } from '../api/json-input.ts';
import { pinnedOf } from './report-library.ts';
import { checkQuestion, isFor, problemOf, shownReport } from './reports.service.ts';
import type { Coerce } from './reports.service.ts';
import { Report, ReportKindEnum, SaveReportArgs } from './reports.types.ts';
import type { ReportKind } from './reports.validate.ts';

const coercing =
  ({ schema }: GraphQLResolveInfo): Coerce =>
  (inputName, json) =>
    inputFromJson(schema, inputName, json, 'input');

@Resolver(() => Report)
export class ReportsResolver {
  @Query(() => [Report], {
    description: 'The last changed first; those whose question the key may ask.',
  })
  async reports(
    @Arg('kind', () => ReportKindEnum, { nullable: true }) kind: ReportKind | null,
    @Ctx() { reports, viewer }: Context,
  ): Promise<Report[]> {
    const all = (await reports.all()).filter((report) => isFor(viewer.role, report));
    return all.filter((report) => kind == null || report.kind === kind).map(shownReport);
  }

  @Query(() => [Report], { description: 'Those that stand on the overview, in their order.' })
  async pinnedReports(@Ctx() { reports, viewer }: Context): Promise<Report[]> {
    return pinnedOf(await reports.all())
      .filter((report) => isFor(viewer.role, report))
      .map(shownReport);
  }

  @Query(() => Report, { nullable: true })
  async report(@Arg('id', () => ID) id: string, @Ctx() { reports, viewer }: Context): Promise<Report | null> {
    const report = await reports.find(id);
    return report && isFor(viewer.role, report) ? shownReport(report) : null;
  }

  @Mutation(() => Report, {
    description: 'Refused where `input` is none that the analysis of that kind would answer.',
  })
  async saveReport(
    @Args(() => SaveReportArgs) draft: SaveReportArgs,
    @Ctx() { reports, scope }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Report> {
    const saved = await reports.save(draft, (of, question) =>
      checkQuestion(of, question, scope, coercing(info)),
    );
    return shownReport(saved);
  }

  @Mutation(() => Report, { description: 'What it asks stays as it is.' })
  async renameReport(
    @Arg('id', () => ID) id: string,
    @Arg('name', () => String) name: string,
    @Ctx() { reports }: Context,
  ): Promise<Report> {
    return shownReport(await reports.rename(id, name));
  }

  @Mutation(() => Boolean, { description: 'False where there was none. `restoreReport` takes it back.' })
  deleteReport(@Arg('id', () => ID) id: string, @Ctx() { reports }: Context): Promise<boolean> {
    return reports.delete(id);
  }

  @Mutation(() => Report, {
    description: 'Takes back that a report was deleted: the same id, name and place.',
  })
  async restoreReport(@Arg('id', () => ID) id: string, @Ctx() { reports }: Context): Promise<Report> {
    return shownReport(await reports.restore(id));
  }

  @Mutation(() => [Report], {
    description:
      'Puts it on the overview of everybody, or to another place there; answers all that stand there.',
  })
  async pinReport(
    @Arg('id', () => ID) id: string,
    @Arg('place', () => Int, { nullable: true, description: 'From 1; default: the last.' })
    place: number | null,
    @Ctx() { reports }: Context,
  ): Promise<Report[]> {
    return (await reports.pin(id, place ?? null)).map(shownReport);
  }

  @Mutation(() => [Report], { description: 'Takes it off the overview; answers all that stay there.' })
  async unpinReport(@Arg('id', () => ID) id: string, @Ctx() { reports }: Context): Promise<Report[]> {
    return (await reports.unpin(id)).map(shownReport);
  }

  @FieldResolver(() => String, { nullable: true })
  problem(
    @Root() report: Report,
    @Ctx() { scope }: Context,
    @Info() info: GraphQLResolveInfo,
  ): string | null {
    return problemOf(report, scope, coercing(info));
  }
}
