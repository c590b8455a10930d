// SPDX-License-Identifier: Apache-2.0
/** Who may import whom: one rule for each direction, one door for each third-party package. Run by `npm run check` and by test/arch. */

/** The part of the program a file belongs to; `$1` in a rule is what the first bracket matched. */
const PRODUCT = '^(agent|controller|plugins|provisioning|simulator)/'
const SHELL = '^controller/(?!modules/|cli/)'
const LAUNCH = '^packaging/launch\\.js$'
const MANIFEST = '^package\\.json$'

/** Built-ins that reach outside the process. `node:crypto`, `node:path` and the like compute and are free. */
const EFFECTS = '^(node:)?(fs|child_process|net|tls|http|https|http2|dgram|dns|worker_threads|cluster)(/promises)?$'

/** Where effects live: the folders that are adapters by name, and programs for people or tests as a whole. */
const EFFECTFUL = [
  '^(agent|agent/helper|controller|controller/cli)/system/',
  '^controller/(blobs|bus|store|http|web)/',
  '^agent/(link|hosting)/',
  '^(simulator|packaging|test)/',
  // muster-provision prepares files and looks at signatures with programs of the system.
  '^provisioning/system/',
  // `doctor` looks at the machine as its owner would, beside the agent and not through it.
  '^agent/cli/',
  // Private keys and certificates are files with modes that the general port does not offer.
  '^(agent|controller)/identity/files\\.ts$',
  '^controller/secrets/(key-file|secret-files)\\.ts$',
  // The listener that AMT firmware dials in to, TLS inside a channel, and plain TCP to machines on the same network.
  '^controller/modules/oob/cira/listener\\.ts$',
  '^controller/modules/oob/(wsman/tls|activation/tls-way)\\.ts$',
  '^controller/modules/oob/wsman/lan\\.ts$',
  // Provisioning certificates come from outside: they are parsed where they can do no harm.
  '^controller/modules/oob/records/pfx-worker\\.ts$',
  // The built dashboard: its listing is read once, its files as they are asked for.
  '^controller/modules/dashboard/files\\.ts$',
  // The repository of packages: a folder that somebody else writes, read as its files are asked for.
  '^controller/modules/packages/files\\.ts$',
  // Webhooks leave the machine here, to addresses that this file looked at itself.
  '^controller/modules/webhooks/post\\.ts$',
  // Configuration is read once, before there is anything to pass a port to.
  '^(agent|controller)/config\\.ts$',
  // The database's own file: its mode, and moving a damaged one aside before SQLite opens it.
  '^agent/state/journal\\.ts$',
  // Reads the certificate files that the configuration names, again at each renewal.
  '^controller/controller\\.ts$',
  // Only `isIP` and `BlockList` of `node:net`, which compute; test/arch/effects.test.ts holds them to that.
  '^provisioning/pki/issue\\.ts$',
  '^controller/kernel/networks\\.ts$',
  '^agent/identity/checklist\\.ts$',
  '^controller/modules/onboarding/rules\\.ts$',
  '^controller/modules/oob/devices/lan-networks\\.ts$',
  '^controller/modules/oob/records/address\\.ts$',
  '^controller/modules/inventory/hosts/address-rules\\.ts$',
  '^controller/modules/webhooks/addresses\\.ts$',
]

/**
 * One door per package: the only files that may import it. `types` may also import its types, which leave no trace at
 * run time.
 */
export const DOORS = {
  '@fastify/rate-limit': { files: ['^controller/http/limits\\.ts$'] },
  '@fastify/swagger': { files: ['^controller/http/server\\.ts$'] },
  '@fastify/under-pressure': { files: ['^controller/http/limits\\.ts$'] },
  '@peculiar/x509': { files: ['^provisioning/pki/x509\\.ts$'] },
  aedes: { files: ['^controller/bus/embedded\\.ts$'] },
  'better-sqlite3': { files: ['^agent/state/journal\\.ts$', '^controller/store/sqlite\\.ts$'] },
  commander: { files: ['^controller/cli/program\\.ts$', '^(agent/cli/program|simulator/cli)\\.ts$'] },
  fastify: {
    files: ['^controller/http/'],
    types: ['^controller/kernel/module\\.ts$', '^controller/modules/[^/]+/', '^controller/log\\.ts$'],
  },
  croner: { files: ['^controller/modules/inventory/schedules/occurrences\\.ts$'] },
  'csv-parse': { files: ['^controller/modules/inventory/import/csv\\.ts$'] },
  kysely: {
    files: [
      '^controller/store/',
      '^controller/(kernel|modules|http)/',
      '^controller/query/(keyset|query|sql|through|version)\\.ts$',
    ],
  },
  mqtt: { files: ['^agent/link/mqtt\\.ts$'] },
  'mqtt-packet': { files: ['^agent/link/mqtt\\.ts$', '^controller/bus/embedded\\.ts$'] },
  'node-cron': { files: ['^controller/kernel/schedule\\.ts$'] },
  'openid-client': { files: ['^controller/modules/access/oidc/client\\.ts$'] },
  pino: { files: ['^(agent|controller)/log\\.ts$'] },
  'prom-client': { files: ['^controller/http/metrics\\.ts$'] },
  'reflect-metadata': { files: ['^provisioning/pki/x509\\.ts$'] },
  systeminformation: { files: ['^plugins/hardware/source\\.ts$'] },
  jose: { files: ['^controller/modules/oob/toolkit/tokens\\.ts$', '^controller/modules/access/tokens/jwt\\.ts$'] },
  'node-forge': { files: ['^controller/modules/oob/records/pfx-reader\\.ts$'] },
  ws: {
    files: [
      '^agent/link/websocket\\.ts$',
      '^controller/bus/websocket\\.ts$',
      '^controller/http/sockets\\.ts$',
      '^controller/cli/system/sockets\\.ts$',
      '^simulator/programs/rpc-socket\\.ts$',
    ],
  },
  yaml: {
    files: [
      '^(agent/yaml|controller/config)\\.ts$',
      '^controller/cli/render/yaml\\.ts$',
      '^simulator/lab/folder\\.ts$',
      '^simulator/scenario/read\\.ts$',
      '^controller/modules/oob/records/export\\.ts$',
      '^controller/modules/inventory/accounts/cloud-init\\.ts$',
    ],
  },
}

const escaped = text => text.replaceAll('/', '\\/').replaceAll('.', '\\.')

function door([name, { files, types = [] }]) {
  const module = `(^|/)node_modules/(@types/)?${escaped(name)}/`
  const wall = {
    name: `one-door-to-${name.replaceAll(/[@/]+/g, '-').replace(/^-/, '')}`,
    comment: `${name} is imported from one place, so that replacing it changes one file and reviewing it reads one.`,
    severity: 'error',
    from: { path: PRODUCT, pathNot: [...files, ...types] },
    to: { path: module },
  }
  if (types.length === 0) return [wall]
  return [
    wall,
    {
      ...wall,
      name: `${wall.name}-types`,
      from: { path: types },
      to: { path: module, dependencyTypesNot: ['type-only'] },
    },
  ]
}

/** Every rule is an error: a rule that only warns is a wish. */
const directions = {
  'contract-depends-on-typebox-only': {
    comment: 'plugins/contract is what authors of plugins build on: it drags nothing in but the schema library.',
    from: { path: '^plugins/contract/' },
    to: { pathNot: ['^plugins/contract/', '(^|/)node_modules/typebox/'] },
  },
  'plugin-schemas-and-plans-are-pure': {
    comment:
      'contract.ts and plan.ts import no built-in and nothing but schemas, so the controller and any tool can load them.',
    from: { path: '^plugins/(?!contract/)([^/]+)/(contract|plan)\\.ts$' },
    to: {
      pathNot: [
        '^plugins/contract/',
        '^plugins/$1/(contract|plan|problems|names|fields)\\.ts$',
        '(^|/)node_modules/typebox/',
      ],
    },
  },
  'plugin-keeps-to-its-folder': {
    comment: 'A plugin knows its own folder and the contract; two plugins meet only in documents.',
    from: { path: '^plugins/(?!contract/)([^/]+)/' },
    to: {
      path: '^(agent|controller|plugins|provisioning|simulator|packaging|test)/',
      pathNot: ['^plugins/(contract|$1)/'],
    },
  },
  'provisioning-knows-the-contract-only': {
    comment: 'Day 0 works without agent and controller.',
    from: { path: '^provisioning/' },
    to: { path: '^(agent|controller|plugins|simulator|packaging|test)/', pathNot: ['^plugins/contract/', LAUNCH] },
  },
  'agent-never-imports-controller': {
    comment: 'The agent meets the controller on the wire.',
    from: { path: '^agent/' },
    to: { path: '^(controller|simulator|test)/' },
  },
  'agent-names-no-plugin': {
    comment: 'Capabilities come from plugins/catalog.ts, so that a plugin can be left out.',
    from: { path: '^agent/', pathNot: ['^agent/helper/acts/'] },
    to: { path: '^plugins/', pathNot: ['^plugins/contract/', '^plugins/catalog\\.ts$'] },
  },
  'helper-knows-what-not-how': {
    comment: 'Privileged acts read the schemas of what the controller may order, and run no code of a plugin as root.',
    from: { path: '^agent/helper/' },
    to: { path: '^plugins/', pathNot: ['^plugins/(contract/|[^/]+/contract\\.ts$)'] },
  },
  'helper-has-no-network': {
    comment:
      'The root process opens no connection and reads no identity: it shares checks, files and the journal only.',
    from: { path: '^agent/helper/' },
    to: { path: '^agent/(link|identity|streams)/', pathNot: ['^agent/identity/(trust|problems)\\.ts$'] },
  },
  'agent-reaches-the-helper-by-its-socket': {
    comment: 'Of the helper the agent knows the messages, the failures and the copy of what to trust.',
    from: { path: '^agent/', pathNot: ['^agent/helper/'] },
    to: { path: '^agent/helper/', pathNot: ['^agent/helper/(wire|inputs|problems|trust-copy)\\.ts$'] },
  },
  'controller-knows-what-not-how': {
    comment: 'The controller reads the schemas of plugins, never their plans or effects, and no host program.',
    from: { path: '^controller/' },
    to: {
      path: ['^(agent|simulator|test)/', '^plugins/(?!contract/)[^/]+/(?!contract\\.ts$)', '^plugins/catalog\\.ts$'],
    },
  },
  'controller-shell-knows-no-capability': {
    comment: 'Kernel, bus, store and API serve plugins they have never heard of; only modules name one.',
    from: { path: SHELL },
    to: { path: '^plugins/', pathNot: ['^plugins/contract/'] },
  },
  'shell-issues-through-the-authority': {
    comment:
      'Certificates are written by provisioning; in the shell only identity, the root of composition and the bus meet it.',
    from: { path: SHELL, pathNot: ['^controller/identity/', '^controller/controller\\.ts$'] },
    to: { path: '^provisioning/' },
  },
  'kernel-knows-ports-not-adapters': {
    comment: 'The kernel sees Bus and Store, not aedes, SQLite, HTTP or a module.',
    from: { path: '^controller/kernel/' },
    to: {
      path: '^controller/',
      pathNot: ['^controller/(kernel|query)/', '^controller/bus/bus\\.ts$', '^controller/store/(store|problems)\\.ts$'],
    },
  },
  'adapters-know-no-policy': {
    comment: 'Bus and store carry bytes and rows; what these mean is the business of their callers.',
    from: { path: '^controller/(bus|store)/' },
    to: { path: '^controller/', pathNot: ['^controller/$1/'] },
  },
  'modules-never-import-each-other': {
    comment: 'Shared facts come from documents, shared behavior is a port in the kernel.',
    from: { path: '^controller/modules/([^/]+)/' },
    to: { path: '^controller/modules/', pathNot: ['^controller/modules/$1/'] },
  },
  'modules-see-kernel-and-contracts': {
    comment: 'A module is built on the kernel, the store port, route types, schemas of plugins and provisioning.',
    from: { path: '^controller/modules/[^/]+/' },
    to: {
      path: ['^controller/', '^plugins/(?!contract/)[^/]+/(?!contract\\.ts$)'],
      pathNot: [
        '^controller/(kernel|modules|query)/',
        '^controller/http/',
        '^controller/(store/store|secrets/secrets|blobs/blobs|streams/streams)\\.ts$',
      ],
    },
  },
  'only-the-catalog-names-modules': {
    comment: 'A module that is not in the catalog of a build is not in the build.',
    from: { path: '^controller/', pathNot: ['^controller/modules/'] },
    to: { path: '^controller/modules/', pathNot: ['^controller/modules/catalog\\.ts$'] },
  },
  'command-line-is-a-client': {
    comment: 'The command line speaks the public API, so that whatever it can do, anybody can.',
    from: { path: '^controller/cli/' },
    to: {
      path: ['^(agent|controller|plugins|provisioning|simulator|test)/'],
      pathNot: ['^controller/(cli|query)/', '^plugins/contract/'],
    },
  },
  'filters-are-a-language-of-their-own': {
    comment: 'API, command line and dashboard read filters alike: the parser knows none of them.',
    from: { path: '^controller/query/' },
    to: { path: PRODUCT, pathNot: ['^controller/query/', '^plugins/contract/'] },
  },
  'nothing-imports-the-command-line': {
    comment: 'It is a program, not a library.',
    from: { path: PRODUCT, pathNot: ['^controller/cli/'] },
    to: { path: '^controller/cli/' },
  },
  'simulator-speaks-the-public-protocol': {
    comment: 'Simulated hosts run the real agent and meet a controller only on the wire.',
    from: { path: '^simulator/' },
    to: { path: '^(controller|test)/' },
  },
  'packaging-stands-apart': {
    comment: 'Nothing in the product imports the build; programs share the one file that looks at the version of Node.',
    from: { path: PRODUCT },
    to: { path: ['^packaging/', '^test/'], pathNot: [LAUNCH] },
  },
  'build-imports-no-product': {
    comment: 'The build reads the product as files.',
    from: { path: '^packaging/' },
    to: { path: PRODUCT },
  },
  'manifest-is-read-for-the-version': {
    comment:
      'package.json is the only file outside the tree of sources that a program reads, and only to say its version.',
    from: { path: PRODUCT, pathNot: ['/version\\.ts$'] },
    to: { path: MANIFEST },
  },
  'effects-behind-ports': {
    comment: 'Files, processes and sockets are ports; the built-ins appear only in the folders that implement them.',
    from: { path: `${PRODUCT}|^packaging/`, pathNot: EFFECTFUL },
    to: { path: EFFECTS, dependencyTypes: ['core'], dependencyTypesNot: ['type-only'] },
  },
  'no-cycles': {
    comment:
      'Files that need each other while they load are one file. Types, and what is loaded on demand, may refer back.',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } },
  },
  'no-undeclared-package': {
    comment: 'What is imported is in package.json, and what ships is not a development tool.',
    from: { path: PRODUCT },
    to: {
      dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'npm-optional'],
      pathNot: ['(^|/)node_modules/@types/'],
    },
  },
  'no-dead-end': {
    comment: 'Every import resolves.',
    from: {},
    to: { couldNotResolve: true },
  },
}

export default {
  forbidden: [
    ...Object.entries(directions).map(([name, rule]) => ({ name, severity: 'error', ...rule })),
    ...Object.entries(DOORS).flatMap(door),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|controller/web/app)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
