/** GraphQL types and inputs of webhooks. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../../api/types/answer.types.ts';
import { DateTime } from '../../api/types/scalars.ts';

@InputType({ description: 'Which moves; null: any.' })
export class LifecycleMoveInput {
  @Field(() => String, { nullable: true, description: 'The stage that the customer leaves.' })
  from?: string | null;

  @Field(() => String, { nullable: true, description: 'The stage that the customer gets into.' })
  to?: string | null;
}

@InputType()
export class WebhookInput {
  @Field(() => ID, { nullable: true, description: 'Replaces the webhook with this id.' })
  id?: string | null;

  @Field(() => String, { description: 'An https:// address that all the world can reach.' })
  url!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Who enters this saved audience. Either this or `lifecycle`.',
  })
  audienceId?: string | null;

  @Field(() => LifecycleMoveInput, { nullable: true, description: 'Who goes from one stage to another.' })
  lifecycle?: LifecycleMoveInput | null;

  @Field(() => Boolean, { defaultValue: true, description: 'Saving as active also ends a pause.' })
  isActive!: boolean;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Makes a new secret; the old one no longer signs.',
  })
  newSecret!: boolean;
}

@ObjectType({ simpleResolvers: true })
export class WebhookLifecycle {
  @Field(() => String, { nullable: true })
  from!: string | null;

  @Field(() => String, { nullable: true })
  to!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class Webhook {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  url!: string;

  @Field(() => ID, { nullable: true })
  audienceId!: string | null;

  @Field(() => WebhookLifecycle, { nullable: true })
  lifecycle!: WebhookLifecycle | null;

  @Field(() => Boolean)
  isActive!: boolean;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'What requests are signed with. Told once, by the call that made it; null ever after.',
  })
  secret!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When moves were last taken.' })
  lastDelivery!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Since when nothing is taken; null: all is well.' })
  failingSince!: Date | null;

  @Field(() => Int, { description: 'Attempts that failed since the last one that did not.' })
  failures!: number;

  @Field(() => DateTime, { nullable: true, description: 'When it is tried again.' })
  nextTry!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why nothing is tried any more; null: it is.' })
  paused!: string | null;
}

@ObjectType({ description: 'One request that was sent, and what came of it.', simpleResolvers: true })
export class WebhookDelivery {
  @Field(() => ID)
  id!: string;

  @Field(() => DateTime)
  at!: Date;

  @Field(() => Boolean, { description: 'Sent by `testWebhook`.' })
  isTest!: boolean;

  @Field(() => Int, { description: 'Moves in it.' })
  moves!: number;

  @Field(() => Int, { description: '1 for the first, 2 for the first repetition.' })
  attempt!: number;

  @Field(() => Int, { nullable: true, description: 'Status of the answer; null: there was none.' })
  status!: number | null;

  @Field(() => String, { nullable: true, description: 'Why it does not count as taken; null: it does.' })
  problem!: string | null;

  @Field(() => Int)
  tookMs!: number;
}

@ObjectType({ simpleResolvers: true })
export class WebhookDeliveryConnection {
  @Field(() => [WebhookDelivery])
  nodes!: WebhookDelivery[];

  @Field(() => PageInfo)
  pageInfo!: PageInfo;
}
