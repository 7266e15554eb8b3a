/** Who is calling. */
import { Ctx, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { Context } from './context.ts';
import { RoleEnum } from './types/role.types.ts';

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
