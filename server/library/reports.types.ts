/** GraphQL types of saved reports. */
import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql';
import { DateTime, Json } from '../api/types/scalars.ts';
import { enumOf } from '../api/types/selection.types.ts';
import { REPORT_KINDS } from './reports.validate.ts';
import type { ReportKind } from './reports.validate.ts';

export const ReportKindEnum = enumOf(
  REPORT_KINDS,
  'ReportKind',
  'Which field of Query answers a report: `FUNNEL` is `funnel(input: ...)`.',
);

@ObjectType({
  description: 'A saved query. Other tools read it by its stable address in CSV, JSON, Arrow or Parquet.',
  simpleResolvers: true,
})
export class Report {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => ReportKindEnum)
  kind!: ReportKind;

  @Field(() => Json, { description: 'The `input` of the query, as it was sent.' })
  input!: unknown;

  @Field(() => Json, {
    nullable: true,
    description: 'How the dashboard shows it beside its question; null where it was saved without.',
  })
  view!: unknown;

  @Field(() => Int, {
    nullable: true,
    description: 'Where it stands on the overview, the lowest first; null: it does not.',
  })
  place!: number | null;

  @Field(() => String, {
    description: 'Its address on this server, the same as long as it is kept: the page that shows it.',
  })
  url!: string;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it was last saved, renamed or restored.' })
  updatedAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'Why it cannot be answered any more, for example because an audience is gone. Null: it can.',
  })
  problem?: string | null;
}

@ArgsType()
export class SaveReportArgs {
  @Field(() => ID, { nullable: true, description: 'Replaces the report with this id.' })
  id?: string | null;

  @Field(() => String)
  name!: string;

  @Field(() => ReportKindEnum)
  kind!: ReportKind;

  @Field(() => Json)
  input!: unknown;

  @Field(() => Json, {
    nullable: true,
    description: 'How the dashboard shows it beside its question: an object, kept as it is.',
  })
  view?: unknown;
}
