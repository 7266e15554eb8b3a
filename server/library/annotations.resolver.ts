/** Annotations over GraphQL. */
import { randomUUID } from 'node:crypto';
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../api/context.ts';
import { DateTime } from '../api/types/scalars.ts';
import { RangeInput } from '../api/types/selection.types.ts';
import { resolveRange } from '../query/time-range.ts';
import type { StoredAnnotation } from './annotations.store.ts';
import { Annotation } from './annotations.types.ts';
import { checkInstant, checkRoom, checkText } from './annotations.validate.ts';

@Resolver(() => Annotation)
export class AnnotationsResolver {
  @Query(() => [Annotation], { description: 'Those in the range, oldest first.' })
  async annotations(
    @Arg('range', () => RangeInput) range: RangeInput,
    @Ctx() { annotations, scope }: Context,
  ): Promise<Annotation[]> {
    const { fromMs, toMs } = resolveRange(range, scope.compile.nowMs);
    const list = await annotations.read();
    return list.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).map(shown);
  }

  @Mutation(() => Annotation, { description: 'Text of up to 500 characters.' })
  async annotate(
    @Arg('at', () => DateTime) at: Date,
    @Arg('text', () => String) text: string,
    @Ctx() { annotations }: Context,
  ): Promise<Annotation> {
    const draft = { atMs: checkInstant(at.getTime()), text: checkText(text) };
    const saved = await annotations.save((list, now) => {
      checkRoom(list.size);
      return { id: randomUUID(), ...draft, createdMs: now };
    });
    return shown(saved);
  }

  @Mutation(() => Boolean, { description: 'False where there was none.' })
  deleteAnnotation(@Arg('id', () => ID) id: string, @Ctx() { annotations }: Context): Promise<boolean> {
    return annotations.delete(id);
  }
}

const shown = ({ id, atMs, text }: StoredAnnotation): Annotation => ({ id, at: new Date(atMs), text });
