// The import table of the repository. Every rule here is a sentence of the design: libs never know
// services, a service never knows another service, and a lib is entered by its door.
const noUse = (name, from, to) => ({ name, severity: 'error', from, to });

export default {
  forbidden: [
    noUse('no-circular', {}, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
    noUse('libs-not-services', { path: '^libs/' }, { path: '^services/' }),
    noUse('nothing-imports-scripts', { path: '^(libs|services)/' }, { path: '^scripts/' }),
    // services/carillon is the composition root: it alone starts every service in one process.
    noUse(
      'service-isolation',
      { path: '^services/([^/]+)/', pathNot: '^services/carillon/' },
      { path: '^services/', pathNot: '^services/$1/' },
    ),
    noUse(
      'composition-uses-definitions-only',
      { path: '^services/carillon/' },
      {
        path: '^services/([^/]+)/',
        pathNot: [
          '^services/carillon/',
          '^services/definitions/src/definitions\\.ts$',
          '^services/ticker/src/ticker\\.ts$',
          '^services/dispatch/src/dispatch\\.ts$',
          '^services/execution/src/execution\\.ts$',
          '^services/projection/src/projection\\.ts$',
          '^services/gateway/src/gateway\\.ts$',
        ],
      },
    ),
    noUse(
      'lib-by-its-door',
      // The set-up of a test run needs the shelf alone, and the whole lib would delay each run.
      { path: '^(services|libs|scripts)/([^/]+)/', pathNot: '^scripts/jest/' },
      { path: '^libs/([^/]+)/src/(?!index\\.ts$)', pathNot: '^$1/$2/' },
    ),
    noUse(
      'door-never-from-inside',
      { path: '^libs/([^/]+)/src/' },
      { path: '^libs/$1/src/index\\.ts$' },
    ),
    noUse(
      'testing-only-in-tests',
      {
        path: '^(services|libs)/',
        pathNot: ['\\.spec\\.ts$', '^libs/(testing|rig)/', '/testing/'],
      },
      { path: '^libs/(testing|rig)/' },
    ),
    // The core is pure and runs in a browser too: no framework, broker, database, clock or Node.
    noUse(
      'pure-core',
      { path: '^libs/(domain|cron)/src/', pathNot: '\\.spec\\.ts$' },
      { path: '^(libs/(?!domain|cron|contracts)|node_modules/(@nestjs|@nats-io|pg|kysely|pino))' },
    ),
    noUse(
      'pure-core-without-node',
      { path: '^libs/(domain|cron)/src/', pathNot: '\\.spec\\.ts$' },
      // A digest is as pure as an addition; the browser, which has none of it, runs libs/cron alone.
      { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    ),
    noUse(
      'cron-runs-in-browsers',
      { path: '^libs/cron/src/', pathNot: '\\.spec\\.ts$' },
      { dependencyTypes: ['core'] },
    ),
    noUse('not-resolvable', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['carillon-src', 'import', 'require', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
    // The admin is bundled by vite; the peers of the benches have packages of their own.
    exclude: { path: '^(services/admin|scripts/bench/peers)/' },
  },
};
