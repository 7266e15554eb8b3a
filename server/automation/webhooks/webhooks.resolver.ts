/** Webhooks over GraphQL; holds no rule but what an input means. */
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../../api/context.ts';
import { PageArgs } from '../../api/types/answer.types.ts';
import type { InsightScope } from '../../insights/scope.ts';
import { cursorOf, pageRequest } from '../../query/page.ts';
import { inputError } from '../../query/problem.ts';
import { checkAudience, checkStage } from '../automation.ts';
import { audienceOf, entries, LIFECYCLE } from '../movement.ts';
import type { MoveFilter } from '../movement.ts';
import type { Delivery } from './webhook-store.ts';
import type { ShownWebhook } from './webhooks.ts';
import { Webhook, WebhookDelivery, WebhookDeliveryConnection, WebhookInput } from './webhooks.types.ts';

@Resolver()
export class WebhooksResolver {
  @Query(() => [Webhook], { description: 'Oldest first. For ADMIN.' })
  async webhooks(@Ctx() { automation }: Context): Promise<Webhook[]> {
    return (await automation.webhooks.list()).map(shown);
  }

  @Mutation(() => Webhook, {
    description:
      'Moves of customers are sent to the address as they happen, signed, each at least once and in order. For ADMIN.',
  })
  async saveWebhook(
    @Arg('input', () => WebhookInput) input: WebhookInput,
    @Ctx() { automation, scope }: Context,
  ): Promise<Webhook> {
    const { id, url, isActive, newSecret } = input;
    const filter = filterOf(input, scope);
    return shown(
      await automation.webhooks.save({ id: id ?? null, url, filter, isActive, withNewSecret: newSecret }),
    );
  }

  @Mutation(() => Boolean, { description: 'False where there was none. For ADMIN.' })
  deleteWebhook(@Arg('id', () => ID) id: string, @Ctx() { automation }: Context): Promise<boolean> {
    return automation.webhooks.delete(id);
  }

  @Mutation(() => WebhookDelivery, {
    description: 'Sends a message of kind `test` without moves, once, and says what came of it. For ADMIN.',
  })
  async testWebhook(
    @Arg('id', () => ID) id: string,
    @Ctx() { automation, scope }: Context,
  ): Promise<WebhookDelivery> {
    return shownDelivery(await automation.webhooks.test(id, scope.signal));
  }

  @Query(() => WebhookDeliveryConnection, {
    description: 'What was sent, the newest first; kept for 30 days. For ADMIN.',
  })
  async webhookDeliveries(
    @Arg('id', () => ID) id: string,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { automation }: Context,
  ): Promise<WebhookDeliveryConnection> {
    const list = { mark: `webhook ${id}`, width: 2 };
    const { first, after } = pageRequest(page.first, page.after, list);
    const found = await automation.webhooks.deliveries(id, first + 1, after);
    const nodes = found.slice(0, first);
    const last = nodes.at(-1);
    const endCursor = last ? cursorOf([String(last.atMs), last.id], list) : null;
    return { nodes: nodes.map(shownDelivery), pageInfo: { hasNextPage: found.length > first, endCursor } };
  }
}

function filterOf({ audienceId, lifecycle }: WebhookInput, scope: InsightScope): MoveFilter {
  if ((audienceId == null) === (lifecycle == null)) {
    throw inputError(
      'input',
      'WEBHOOK_SUBJECT',
      'Either `audienceId` or `lifecycle`; `lifecycle: {}` for every move.',
    );
  }
  if (audienceId != null) {
    checkAudience(audienceId, scope, 'input.audienceId');
    return entries(audienceId);
  }
  const [before, after] = [lifecycle?.from ?? null, lifecycle?.to ?? null];
  checkStage('input.lifecycle.from', before, scope);
  checkStage('input.lifecycle.to', after, scope);
  return { subject: LIFECYCLE, before, after };
}

function shown({ webhook, progress, secret }: ShownWebhook): Webhook {
  const { id, url, subject, before, after, isActive, createdMs } = webhook;
  const audienceId = audienceOf(subject);
  return {
    ...{ id, url, isActive, secret, audienceId },
    lifecycle: audienceId === null ? { from: before, to: after } : null,
    createdAt: new Date(createdMs),
    lastDelivery: instant(progress?.deliveredMs),
    failingSince: instant(progress?.failingSinceMs),
    failures: progress?.failures ?? 0,
    nextTry: instant(progress?.nextTryMs),
    paused: progress?.paused || null,
  };
}

function shownDelivery({
  id,
  atMs,
  isTest,
  moves,
  attempt,
  status,
  problem,
  tookMs,
}: Delivery): WebhookDelivery {
  return {
    ...{ id, isTest, moves, attempt, tookMs },
    at: new Date(atMs),
    status: status || null,
    problem: problem || null,
  };
}

function instant(ms: number | null | undefined): Date | null {
  return ms == null ? null : new Date(ms);
}
