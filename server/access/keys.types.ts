/** GraphQL types of keys. */
import { Field, ID, ObjectType } from 'type-graphql';
import { RoleEnum } from '../api/types/role.types.ts';
import { DateTime } from '../api/types/scalars.ts';
import type { Role } from './role.ts';

@ObjectType({ simpleResolvers: true })
export class ApiKey {
  @Field(() => ID)
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => RoleEnum)
  role!: Role;

  @Field(() => DateTime)
  createdAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: 'To about a minute; null: never.',
  })
  lastUsedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'From then on it lets nobody in; null: never.' })
  expiresAt!: Date | null;
}

@ObjectType({ description: '`secret` is shown once.', simpleResolvers: true })
export class NewApiKey {
  @Field(() => ApiKey)
  key!: ApiKey;

  @Field(() => String)
  secret!: string;
}
