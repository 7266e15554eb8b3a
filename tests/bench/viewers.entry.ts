/** Viewers as a process of their own: says when all are there, when all know a number, and what came of it. */
import { Viewers } from './viewers.ts';
import type { ToViewers, ViewersSpec } from './viewers.ts';

const [spec] = process.argv.slice(2);
if (!spec) throw new Error('usage: bench-viewers.js SPEC');
const parsed = JSON.parse(spec) as ViewersSpec;
const viewers = new Viewers(parsed);
process.once('disconnect', () => process.exit());
process.on('message', (asked: ToViewers) => {
  process.send?.('settled' in asked ? viewers.toldOf(asked.settled) : viewers.result(asked.changes));
});
await viewers.open();
process.send?.('open');
