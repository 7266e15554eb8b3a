/** GraphQL types of imports. */
import { Field, Float, ID, ObjectType } from 'type-graphql';
import { PageInfo } from '../../api/types/answer.types.ts';
import { DateTime, SafeInt } from '../../api/types/scalars.ts';
import { enumOf } from '../../api/types/selection.types.ts';
import type { ImportShown } from './import-desk.ts';

const IMPORT_STATES = ['READING', 'STORING', 'DONE', 'FAILED', 'UNDONE'] as const;
export type ShownState = (typeof IMPORT_STATES)[number];
const ImportStateEnum = enumOf(IMPORT_STATES, 'ImportState', undefined, {
  READING: { description: 'Being read and checked; nothing counts yet.' },
  STORING: { description: 'Being stored; what is stored counts.' },
  FAILED: { description: 'Nothing of it counts; `problem` says why.' },
  UNDONE: { description: 'Taken back, or cancelled.' },
});

@ObjectType('Import', { description: 'A file of events, however it was brought.', simpleResolvers: true })
export class ImportType implements Omit<ImportShown, 'state'> {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  file!: string;

  @Field(() => ImportStateEnum)
  state!: ShownState;

  @Field(() => SafeInt, { description: 'Records read so far.' })
  rows!: number;

  @Field(() => SafeInt, { description: 'Stored by this import; also after it was taken back.' })
  accepted!: number;

  @Field(() => SafeInt, { description: 'Their ids were counted before; known once all are stored.' })
  duplicates!: number;

  @Field(() => SafeInt, { description: 'Kept aside with their reasons.' })
  rejected!: number;

  @Field(() => Float, { description: 'Of the whole work, 0 to 1.' })
  progress!: number;

  @Field(() => SafeInt)
  rowsPerSecond!: number;

  @Field(() => DateTime)
  startedAt!: Date;

  @Field(() => DateTime, { nullable: true })
  finishedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it failed, in a sentence.' })
  problem!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class ImportConnection {
  @Field(() => SafeInt)
  totalCount!: number;

  @Field(() => [ImportType], { description: 'The newest first.' })
  nodes!: ImportType[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}
