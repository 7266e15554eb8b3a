/** GraphQL types of the catalogue. */
import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { DateTime, SafeInt } from '../../api/types/scalars.ts';
import { PropertyScopeEnum } from '../../api/types/selection.types.ts';
import type { PropertyScope } from '../../query/filter.ts';

@ObjectType({ simpleResolvers: true })
export class CatalogEvent {
  @Field(() => String)
  name!: string;

  @Field(() => String, { nullable: true, description: 'Key of the journey stage that it belongs to.' })
  stage!: string | null;

  @Field(() => SafeInt)
  count!: number;

  @Field(() => DateTime)
  lastSeen!: Date;
}

@ObjectType({ simpleResolvers: true })
export class CatalogProperty {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: '`text`, `number`, `boolean`, `time`, `list` or `mixed`.' })
  type!: string;

  @Field(() => SafeInt, { description: 'How many carry it, among 200,000 at most that are looked at.' })
  count!: number;
}

@ArgsType()
export class PropertiesArgs {
  @Field(() => PropertyScopeEnum, { defaultValue: 'EVENT' })
  of!: PropertyScope;

  @Field(() => String, { nullable: true, description: 'Only the properties of this event.' })
  event?: string;
}

@ArgsType()
export class ValuesArgs {
  @Field(() => String)
  property!: string;

  @Field(() => PropertyScopeEnum, { defaultValue: 'EVENT' })
  of!: PropertyScope;

  @Field(() => String, { nullable: true, description: 'A part of the value, whatever its case.' })
  search?: string;

  @Field(() => Int, { nullable: true, defaultValue: 20 })
  first!: number;
}

@ObjectType({ description: 'What stands in the store. Each field is looked up only when asked for.' })
export class Catalog {}
