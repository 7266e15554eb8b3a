// What the server says of itself in /config.json: currency, zone, whether the data is a demonstration.

interface DemoData {
  kind: 'generated' | 'online-retail' | 'rees46' | 'complete-journey';
  credit: string;
}

interface Config {
  currency: string;
  timeZone: string;
  demo: DemoData | null;
  version: string;
}

class Deployment {
  #config = $state.raw<Config>({ currency: 'USD', timeZone: 'UTC', demo: null, version: '' });

  get currency(): string {
    return this.#config.currency;
  }

  /** The store's own zone. */
  get timeZone(): string {
    return this.#config.timeZone;
  }

  get demo(): DemoData | null {
    return this.#config.demo;
  }

  get version(): string {
    return this.#config.version;
  }

  /** Reads the server's settings; a server without them leaves the defaults. */
  async load(): Promise<void> {
    try {
      const response = await fetch('/config.json', { signal: AbortSignal.timeout(5000) });
      if (!response.ok || !response.headers.get('content-type')?.includes('json')) return;
      const config = (await response.json()) as Partial<Config>;
      this.#config = { ...this.#config, ...config };
    } catch {
      // the defaults stay: the page works without
    }
  }
}

export const deployment = new Deployment();
