/** Who may import whom. The rules are those of docs/decisions.md ("The house"). */
const PURE =
  '(\\.(query|validate|sql|result|kept|rows|row)\\.ts$)|(^server/(query|journey)/)|(^server/insights/[a-z]+/kept/)';
const TESTS = '\\.test\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: [TESTS, '\\.d\\.ts$', 'svelte\\.config\\.js$'] },
      to: {},
    },
    {
      name: 'pure-stays-pure',
      comment: 'pure files know no node module, engine, GraphQL, clock or environment',
      severity: 'error',
      from: { path: PURE, pathNot: [TESTS, '^server/ingest/'] },
      to: {
        path: '^server/(engine|ingest|live|library|access|api|cli|app|config|main)|node_modules/(graphql|type-graphql|fastify|@clickhouse)',
        pathNot: PURE,
      },
    },
    {
      name: 'pure-no-node',
      severity: 'error',
      from: { path: PURE, pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'slices-apart',
      comment: 'a slice never imports another slice: what two share moves down to query/',
      severity: 'error',
      from: { path: '^server/insights/([^/]+)/' },
      to: { path: '^server/insights/([^/]+)/', pathNot: '^server/insights/$1/' },
    },
    {
      name: 'clickhouse-client-in-engine',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/engine/' },
      to: { path: 'node_modules/(@clickhouse|chdb|ffi-rs)' },
    },
    {
      name: 'fastify-at-the-edge',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/(app\\.ts|api/|ingest/)' },
      to: { path: 'node_modules/(@fastify|fastify)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'graphql-at-the-edge',
      severity: 'error',
      from: {
        path: '^server/',
        pathNot: [
          '^server/api/',
          '^server/live/(operation|meta-places|same-question|shared-answer)\\.ts$',
          '\\.(types|resolver)\\.ts$',
          TESTS,
        ],
      },
      to: { path: 'node_modules/(graphql|type-graphql)/' },
    },
    {
      name: 'journey-on-query',
      severity: 'error',
      from: { path: '^server/query/' },
      to: { path: '^server/(?!query/)' },
    },
    {
      name: 'live-knows-no-insight',
      severity: 'error',
      from: { path: '^server/live/' },
      to: { path: '^server/(insights|ingest|api|app)' },
    },
    {
      name: 'dashboard-knows-the-schema-only',
      severity: 'error',
      from: { path: '^dashboard/' },
      to: { path: '^server/' },
    },
    {
      name: 'charts-own-echarts',
      severity: 'error',
      from: { path: '^dashboard/src/', pathNot: '^dashboard/src/charts/' },
      to: { path: 'node_modules/echarts/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-barrels',
      severity: 'error',
      from: {},
      to: { path: '^(server|dashboard/src)/.*/index\\.ts$' },
    },
    {
      name: 'names-that-say-something',
      severity: 'error',
      from: { path: '^(server|dashboard/src)/.*(utils?|helpers?|common|misc)(\\.ts|/)' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.svelte'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'svelte', 'node', 'default'],
    },
  },
};
