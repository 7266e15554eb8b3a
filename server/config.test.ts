import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, settingsHelp } from './config.ts';

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 4000,
      CLICKHOUSE_URL: null,
      CORS_ORIGINS: [],
      EMBED_ORIGINS: [],
    });
  });

  it('reports every problem at once', () => {
    const read = (): unknown =>
      readConfig({
        PORT: 'http',
        TIME_ZONE: 'Mars',
        CLICKHOUSE_URL: 'localhost:8123',
        WAYMARK_ADMIN_KEY: 'short',
      });
    expect(read).toThrow(ConfigError);
    for (const name of ['PORT', 'TIME_ZONE', 'CLICKHOUSE_URL', 'WAYMARK_ADMIN_KEY'])
      expect(read).toThrow(name);
  });

  it('takes any host: whether there is a key is looked at with the store open', () => {
    expect(readConfig({ HOST: '0.0.0.0' }).HOST).toBe('0.0.0.0');
    expect(readConfig({ HOST: 'localhost' }).HOST).toBe('localhost');
  });

  it('explains every setting', () => {
    expect(settingsHelp()).toMatch(/DATA_DIR .*default .waymark/);
    expect(settingsHelp()).toMatch(/PORT .*default 4000/);
  });
});
