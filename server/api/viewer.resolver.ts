/** Who is calling. */
import { Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from './context.ts';
import { enumOf } from './types/selection.types.ts';

const RoleEnum = enumOf(['VIEWER', 'ANALYST', 'WRITER', 'ADMIN'], 'Role', undefined, {
  VIEWER: { description: 'Sees dashboards and aggregates, no personal data.' },
  ANALYST: { description: 'Also drills into customers and saves reports.' },
  WRITER: { description: 'Sends events only.' },
  ADMIN: { description: 'Everything.' },
});

@ObjectType('Viewer', { simpleResolvers: true })
class ViewerType {
  @Field(() => String)
  name!: string;

  @Field(() => RoleEnum)
  role!: string;
}

@Resolver()
export class ViewerResolver {
  @Query(() => ViewerType)
  viewer(@Ctx() context: Context): ViewerType {
    return context.viewer;
  }
}
