/**
 * What the live side of this process did and holds, as counters of Prometheus; /metrics shows them. Whoever does
 * something counts it here; nobody reads a figure back to decide by it.
 */
import { Counter, Gauge, Registry } from 'prom-client';

const registry = new Registry();
const registers = [registry];

export const metrics = {
  registry,
  /** Statements of live queries: answered from what is kept, or run in full and why. */
  runs: new Counter({
    name: 'waymark_live_runs_total',
    help: 'Statements of live queries answered, by how (kept: from what is kept up to date; full: run over the store) and why',
    labelNames: ['how', 'why'],
    registers,
  }),
  /** What is kept was built anew, and why. */
  rebuilds: new Counter({
    name: 'waymark_live_rebuilds_total',
    help: 'Times that what is kept for live queries was built anew from the store, by why',
    labelNames: ['why'],
    registers,
  }),
  /** Memory for what is kept. */
  factsBytes: new Gauge({
    name: 'waymark_live_facts_bytes',
    help: 'Memory for what is kept of customers for live queries',
    registers,
  }),
  /** Live queries that viewers began to follow. */
  subscriptions: new Counter({
    name: 'waymark_live_subscriptions_total',
    help: 'Live queries that viewers began to follow, by way (websocket, events)',
    labelNames: ['way'],
    registers,
  }),
  /** Answers written to viewers. */
  messages: new Counter({
    name: 'waymark_live_messages_total',
    help: 'Answers of live queries written to viewers',
    registers,
  }),
  /** Answers that a newer one replaced before a slow viewer could take them. */
  skipped: new Counter({
    name: 'waymark_live_skipped_total',
    help: 'Answers of live queries that a newer one replaced before a slow viewer could take them',
    registers,
  }),
};
