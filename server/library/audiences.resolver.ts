/** Saved audiences over GraphQL; holds no rule. */
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../api/context.ts';
import { CustomerConnection, PeopleArgs, customerConnection } from '../api/types/customer.types.ts';
import { SafeInt } from '../api/types/scalars.ts';
import { AudienceInput } from '../api/types/selection.types.ts';
import { audienceMembers, audienceSize, frameOf, shownAudience } from './audiences.service.ts';
import { Audience } from './audiences.types.ts';

@Resolver(() => Audience)
export class AudiencesResolver {
  @Query(() => [Audience], { description: 'Oldest first.' })
  audiences(@Ctx() { audiences, scope }: Context): Audience[] {
    return [...audiences.book.values()].map((audience) => shownAudience(audience, audiences.book, scope));
  }

  @Mutation(() => Audience, { description: 'Static: the customers as they are now, and no longer the rule.' })
  async saveAudience(
    @Arg('id', () => ID, { nullable: true, description: 'Replaces the audience with this id.' })
    id: string | null,
    @Arg('name', () => String) name: string,
    @Arg('definition', () => AudienceInput) definition: AudienceInput,
    @Arg('static', () => Boolean, { nullable: true, defaultValue: false }) isStatic: boolean | null,
    @Ctx() { audiences, scope }: Context,
  ): Promise<Audience> {
    const draft = { id, name, definition, isStatic: isStatic ?? false };
    const saved = await audiences.save(draft, frameOf(scope));
    return shownAudience(saved, audiences.book, scope);
  }

  @Mutation(() => Audience, {
    description: 'A static audience of the customers listed, by any of their ids; up to 100,000.',
  })
  async saveCustomers(
    @Arg('name', () => String) name: string,
    @Arg('customers', () => [ID]) customers: string[],
    @Ctx() { audiences, scope }: Context,
  ): Promise<Audience> {
    const saved = await audiences.saveCustomers(name, customers, scope.compile);
    return shownAudience(saved, audiences.book, scope);
  }

  @Mutation(() => Audience, { description: 'Who is in it stays as it is.' })
  async renameAudience(
    @Arg('id', () => ID) id: string,
    @Arg('name', () => String) name: string,
    @Ctx() { audiences, scope }: Context,
  ): Promise<Audience> {
    return shownAudience(await audiences.rename(id, name), audiences.book, scope);
  }

  @Mutation(() => Boolean, {
    description:
      'False where there was none. One that another audience refers to is not deleted but refused.',
  })
  deleteAudience(@Arg('id', () => ID) id: string, @Ctx() { audiences }: Context): Promise<boolean> {
    return audiences.delete(id);
  }

  @FieldResolver(() => SafeInt, { description: 'Customers in it now.' })
  size(@Root() { id }: Audience, @Ctx() { audiences, scope }: Context): Promise<number> {
    return audienceSize(id, audiences.book, scope);
  }

  @FieldResolver(() => CustomerConnection)
  async members(
    @Root() { id }: Audience,
    @Args(() => PeopleArgs) page: PeopleArgs,
    @Ctx() { audiences, scope }: Context,
  ): Promise<CustomerConnection> {
    return customerConnection(await audienceMembers(id, audiences.book, page, scope));
  }
}
