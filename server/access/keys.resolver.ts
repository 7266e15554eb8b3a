/** Keys over GraphQL; holds no rule. */
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../api/context.ts';
import { RoleEnum } from '../api/types/role.types.ts';
import { DateTime } from '../api/types/scalars.ts';
import type { ShownKey } from './key-book.ts';
import { ApiKey, NewApiKey } from './keys.types.ts';
import type { Role } from './role.ts';

@Resolver()
export class KeysResolver {
  @Query(() => [ApiKey], {
    description: 'Those that were not revoked, oldest first; expired ones too. For ADMIN.',
  })
  async apiKeys(@Ctx() { keys }: Context): Promise<ApiKey[]> {
    return (await keys.list()).map(shown);
  }

  @Mutation(() => NewApiKey, {
    description: 'The first key is an ADMIN key: once there is one, every call needs a key. For ADMIN.',
  })
  async createApiKey(
    @Arg('name', () => String) name: string,
    @Arg('role', () => RoleEnum) role: Role,
    @Arg('expiresAt', () => DateTime, { nullable: true }) expiresAt: Date | null,
    @Ctx() { keys }: Context,
  ): Promise<NewApiKey> {
    const { key, secret } = await keys.create({ name, role, expiresMs: expiresAt?.getTime() ?? null });
    return { key: shown(key), secret };
  }

  @Mutation(() => Boolean, {
    description:
      'Holds within seconds on every server, for connections that are open too. False where there was none. For ADMIN.',
  })
  revokeApiKey(@Arg('id', () => ID) id: string, @Ctx() { keys }: Context): Promise<boolean> {
    return keys.revoke(id);
  }
}

function shown({ id, name, role, createdMs, usedMs, expiresMs }: ShownKey): ApiKey {
  return {
    ...{ id, name, role },
    createdAt: new Date(createdMs),
    lastUsedAt: usedMs === null ? null : new Date(usedMs),
    expiresAt: expiresMs === null ? null : new Date(expiresMs),
  };
}
