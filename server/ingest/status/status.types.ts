/** GraphQL type of how ingestion does. */
import { Field, Float, ObjectType } from 'type-graphql';
import { DateTime, SafeInt } from '../../api/types/scalars.ts';
import type { Totals } from './status.service.ts';

@ObjectType({
  simpleResolvers: true,
  description:
    'Totals since the store began: accepted + duplicates + rejected is what was sent, whatever way it came.',
})
export class IngestionStatus implements Totals {
  @Field(() => SafeInt, {
    description: 'Events counted, also those taken away since, and identities that were joined.',
  })
  accepted!: number;

  @Field(() => SafeInt, { description: 'Their ids were counted before.' })
  duplicates!: number;

  @Field(() => SafeInt, { description: 'Kept aside; those replayed with success are none any more.' })
  rejected!: number;

  @Field(() => SafeInt, { description: 'Of those accepted, identities.' })
  identified!: number;

  @Field(() => SafeInt, { description: 'Taken by this server and not yet stored.' })
  waiting!: number;

  @Field(() => Float, { description: 'How long events take, or wait, to be stored by this server.' })
  lagMs!: number;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When an event last arrived; null where there are none.',
  })
  lastEventAt!: Date | null;
}
