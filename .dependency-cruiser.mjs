// Who may import whom. tools/boundaries.spec.ts shows that each rule goes red.
/** Specs, measurements, and what only they use: contract suites that several implementations run, fixtures, processes made to be killed. */
const spec = '(\\.(spec|contract|fixtures?|worker)\\.ts|/spec-[^/]+\\.ts)$|/src/testing/|^apps/[^/]+/bench/';
const vendors = {
  stripe: 'stripe',
  '@sendgrid': 'sendgrid',
  twilio: 'twilio',
  googleapis: 'google',
};
/** The files that hold a noun's rules: `<noun>/<noun>.ts` and `*.policy.ts`; a vendor is no noun. */
const pure =
  '^apps/(?!gateway|sandbox)[^/]+/src/(?!stripe/|sendgrid/|twilio/|google/)(?:([^/]+)/\\1\\.ts$|.+\\.policy\\.ts$)';
const npm = (name) => `(^|/)node_modules/${name}(/|$)`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'apps-stay-apart',
      comment: 'What an app must know of another it learns from events.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-know-no-app',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(apps|tools|e2e)/' },
    },
    {
      name: 'tools-are-not-shipped',
      severity: 'error',
      from: { path: '^apps/', pathNot: spec },
      to: { path: '^(tools|e2e|libs/testing)/' },
    },
    {
      name: 'contracts-are-pure',
      comment: 'Shapes and signatures only: zod and node:crypto.',
      severity: 'error',
      from: { path: '^libs/contracts/', pathNot: spec },
      to: { pathNot: ['^libs/contracts/', npm('zod'), '^(node:)?crypto$'] },
    },
    {
      name: 'time-is-pure',
      severity: 'error',
      from: { path: '^libs/time/', pathNot: spec },
      to: { pathNot: ['^libs/time/', npm('temporal-[^/]+')] },
    },
    {
      name: 'libs-have-an-order',
      comment:
        'runtime knows only contracts; messaging, jobs and subgraph build on it; none of these knows another.',
      severity: 'error',
      from: { path: '^libs/(runtime|messaging|jobs|subgraph)/', pathNot: spec },
      to: { path: '^libs/', pathNot: '^libs/($1|contracts|time|runtime)/' },
    },
    {
      name: 'runtime-is-the-bottom',
      severity: 'error',
      from: { path: '^libs/runtime/', pathNot: spec },
      to: { path: '^libs/(messaging|jobs|subgraph|time)/' },
    },
    {
      name: 'rules-are-pure',
      comment: "A noun's rules reach no framework, no database and no clock, not even through another file.",
      severity: 'error',
      from: { path: pure },
      to: {
        reachable: true,
        path: [
          '^libs/(runtime|messaging|jobs|subgraph|testing)/',
          '\\.(entity|type|query|db)\\.ts$',
          npm(
            '(@mikro-orm|type-graphql|graphql|fastify|@apollo|pg|pg-boss|pino|kafkajs|undici|stripe|@sendgrid)',
          ),
        ],
      },
    },
    {
      name: 'rules-need-no-package',
      comment: 'A rule imports rules, contracts and time.',
      severity: 'error',
      from: { path: pure },
      to: { pathNot: ['^libs/(contracts|time)/', '^apps/'] },
    },
    {
      name: 'kafka-has-one-door',
      comment: 'It is unmaintained, so one folder knows it (ADR 0018).',
      severity: 'error',
      from: { pathNot: '^libs/messaging/src/kafka/' },
      to: { path: npm('kafkajs') },
    },
    {
      name: 'jobs-have-one-door',
      severity: 'error',
      from: { pathNot: '^libs/jobs/' },
      to: { path: npm('pg-boss') },
    },
    {
      name: 'traces-have-one-door',
      comment: 'What a span may carry is decided in one place.',
      severity: 'error',
      from: { pathNot: '^libs/runtime/' },
      to: { path: npm('@opentelemetry') },
    },
    ...Object.entries(vendors).map(([name, folder]) => ({
      name: `${folder}-has-one-door`,
      comment: "Only a vendor's folder speaks the vendor's words; the sandbox stands in for all of them.",
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [`^apps/[^/]+/src/${folder}/`, '^apps/sandbox/'] },
      to: { path: npm(name) },
    })),
    {
      name: 'only-main-opens-connections',
      comment: 'Pools and clients are made in main.ts, so that there is one place where they are closed.',
      severity: 'error',
      from: { path: '^apps/(?!sandbox/)', pathNot: [spec, '^apps/[^/]+/src/main\\.ts$'] },
      to: { path: npm('pg'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'identity-provider-is-for-development',
      severity: 'error',
      from: { pathNot: '^apps/sandbox/' },
      to: { path: npm('oidc-provider') },
    },
    {
      name: 'nothing-imports-main',
      comment: 'main.ts runs when it is loaded.',
      severity: 'error',
      from: {},
      to: { path: '^apps/[^/]+/src/main\\.ts$' },
    },
    { name: 'nothing-imports-a-spec', severity: 'error', from: { pathNot: spec }, to: { path: spec } },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^(apps|libs|tools)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
