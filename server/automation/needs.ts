/**
 * What this server has subscribers for, said in the store as long as it does, so that whoever keeps the log follows it;
 * and for a while longer, since who was cut off comes back. Knows nothing of the log.
 */
import type { Engine } from '../engine/port.ts';
import type { Subject } from './movement.ts';
import { needed } from './movements.sql.ts';

const SAY_MS = 5_000;
const LINGER_MS = 15_000;
const READ_MS = 1_000;

export class Needs {
  readonly #counts = new Map<Subject, number>();
  readonly #until = new Map<Subject, number>();
  #saidAt = -Infinity;
  #readAt = -Infinity;
  #others: readonly Subject[] = [];

  constructor(
    private readonly engine: Engine,
    private readonly owner: string,
  ) {}

  /** Called as long as somebody of this server needs it; resolves once that is said. */
  async add(subject: Subject): Promise<void> {
    const isNew = !this.own().includes(subject);
    this.#counts.set(subject, (this.#counts.get(subject) ?? 0) + 1);
    if (isNew) await this.#say([subject]);
  }

  remove(subject: Subject): void {
    const left = (this.#counts.get(subject) ?? 1) - 1;
    if (left > 0) this.#counts.set(subject, left);
    else this.#counts.delete(subject);
    this.#until.set(subject, performance.now() + LINGER_MS);
  }

  /** Of this server. */
  own(): readonly Subject[] {
    const now = performance.now();
    for (const [subject, until] of this.#until) if (until < now) this.#until.delete(subject);
    return [...new Set([...this.#counts.keys(), ...this.#until.keys()])];
  }

  /** Of all servers; says this one's again where it is time to. */
  async all(): Promise<readonly Subject[]> {
    const now = performance.now();
    if (now - this.#saidAt > SAY_MS) await this.#say(this.own());
    if (now - this.#readAt > READ_MS) {
      this.#readAt = now;
      const { rows } = await this.engine.query(needed, { maxSeconds: 5 });
      this.#others = rows.map(({ subject }) => subject as Subject);
    }
    return [...new Set([...this.own(), ...this.#others])];
  }

  async #say(subjects: readonly Subject[]): Promise<void> {
    this.#saidAt = performance.now();
    const rows = subjects.map((subject) => ({ subject, owner: this.owner }));
    await this.engine.insert('automation_needs', rows, { maxSeconds: 5 });
  }
}
