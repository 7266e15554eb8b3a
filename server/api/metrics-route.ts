/** `/metrics`: what the process does, for Prometheus. Counts nothing itself. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import { Gauge, Registry } from 'prom-client';
import type { Visitors } from '../access/visitors.ts';
import type { Ingestion } from '../ingest/ingest.service.ts';
import type { LiveHub } from '../live/hub.ts';
import { metrics } from '../live/metrics.ts';
import type { SharedAnswer } from '../live/shared-answer.ts';

export interface MetricsDeps {
  readonly hub: Pick<LiveHub<SharedAnswer>, 'size'>;
  readonly visitors: Pick<Visitors, 'size'>;
  readonly ingestion: Pick<Ingestion, 'status'>;
}

const RESOLUTION_MS = 50;

export function addMetrics(app: FastifyInstance, deps: MetricsDeps): void {
  const own = new Registry();
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  app.addHook('onListen', () => void loop.enable());
  app.addHook('onClose', () => void loop.disable());
  for (const [name, { help, value }] of Object.entries(figures(deps))) {
    new Gauge({
      name: `waymark_${name}`,
      help,
      registers: [own],
      collect() {
        this.set(value());
      },
    });
  }
  new Gauge({
    name: 'waymark_event_loop_delay_seconds',
    help: 'How late the event loop was since the last time that somebody asked, by quantile',
    labelNames: ['quantile'],
    registers: [own],
    collect() {
      for (const quantile of [0.5, 0.99, 1]) {
        // The histogram holds the time between two ticks of its own timer.
        this.set({ quantile }, Math.max(0, loop.percentile(quantile * 100) / 1e9 - RESOLUTION_MS / 1000));
      }
      loop.reset();
    },
  });
  const all = Registry.merge([own, metrics.registry]);
  app.get('/metrics', async (_request, reply) => reply.type(all.contentType).send(await all.metrics()));
}

interface Figure {
  readonly help: string;
  readonly value: () => number;
}

function figures({ hub, visitors, ingestion }: MetricsDeps): Record<string, Figure> {
  return {
    live_queries: { help: 'Different live queries that are kept up', value: () => hub.size.queries },
    live_viewers: { help: 'Viewers of live queries', value: () => hub.size.viewers },
    live_connections: {
      help: 'Open WebSockets and streams of server-sent events',
      value: () => visitors.size.connections,
    },
    ingest_waiting: {
      help: 'Acknowledged events that wait on disk to be stored',
      value: () => ingestion.status().waiting,
    },
    resident_bytes: { help: 'Memory of the process', value: () => process.memoryUsage.rss() },
    cpu_seconds: {
      help: 'Processor time of the process so far',
      value: () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1e6;
      },
    },
  };
}
