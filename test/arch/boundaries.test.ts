// SPDX-License-Identifier: Apache-2.0
/** The walls between the parts of the product stand, and each of them can fall. */
import { describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { cruisePlanted, cruiseTree, type Planted, ruleNames } from './cruise.ts'
import { ROOT, sources } from './tree.ts'

const EMPTY = 'export const x = 1\n'
const importing = (target: string): string => `import { x } from '${target}'\nexport const y = x\n`

describe('this repository', async () => {
  const { modules, violations } = await cruiseTree(ROOT)

  it('breaks no wall', () => {
    expect(violations).toEqual([])
  })

  it('is really read, file by file', () => {
    // A cruiser that does not understand the sources finds no module, and no violation either.
    expect(modules.length).toBeGreaterThan(300)
    const typescript = sources()
      .filter(file => file.endsWith('.ts') && file.includes('/'))
      // The dashboard has rules and a reader of its own: test/arch/dashboard.test.ts.
      .filter(file => !file.startsWith('controller/web/app/') && !file.startsWith('test/unit/dashboard/'))
    expect(typescript.filter(file => !modules.includes(file))).toEqual([])
  })
})

/** Each breaks exactly the wall it is named for. */
const PLANTED: Readonly<Record<string, Planted>> = {
  'contract-depends-on-typebox-only': {
    'plugins/contract/a.ts': importing('../power/contract.ts'),
    'plugins/power/contract.ts': EMPTY,
  },
  'plugin-schemas-and-plans-are-pure': {
    'plugins/power/plan.ts': "import { hostname } from 'node:os'\nexport const y = hostname\n",
  },
  'plugin-keeps-to-its-folder': {
    'plugins/power/plugin.ts': importing('../os/plugin.ts'),
    'plugins/os/plugin.ts': EMPTY,
  },
  'provisioning-knows-the-contract-only': {
    'provisioning/enroll/token.ts': importing('../../agent/link/dial.ts'),
    'agent/link/dial.ts': EMPTY,
  },
  'agent-never-imports-controller': {
    'agent/main.ts': importing('../controller/bus/bus.ts'),
    'controller/bus/bus.ts': EMPTY,
  },
  'agent-names-no-plugin': { 'agent/main.ts': importing('../plugins/amt/plugin.ts'), 'plugins/amt/plugin.ts': EMPTY },
  'helper-knows-what-not-how': {
    'agent/helper/acts/power.ts': importing('../../../plugins/power/plugin.ts'),
    'plugins/power/plugin.ts': EMPTY,
  },
  'helper-has-no-network': {
    'agent/helper/desk.ts': importing('../link/dial.ts'),
    'agent/link/dial.ts': EMPTY,
  },
  'agent-reaches-the-helper-by-its-socket': {
    'agent/agent.ts': importing('./helper/desk.ts'),
    'agent/helper/desk.ts': EMPTY,
  },
  'controller-knows-what-not-how': {
    'controller/modules/oob/rules.ts': importing('../../../agent/link/dial.ts'),
    'agent/link/dial.ts': EMPTY,
  },
  'controller-shell-knows-no-capability': {
    'controller/http/server.ts': importing('../../plugins/amt/contract.ts'),
    'plugins/amt/contract.ts': EMPTY,
  },
  'shell-issues-through-the-authority': {
    'controller/http/server.ts': importing('../../provisioning/pki/issue.ts'),
    'provisioning/pki/issue.ts': EMPTY,
  },
  'kernel-knows-ports-not-adapters': {
    'controller/kernel/hosts.ts': importing('../store/sqlite.ts'),
    'controller/store/sqlite.ts': EMPTY,
  },
  'adapters-know-no-policy': {
    'controller/bus/embedded.ts': importing('../kernel/presence.ts'),
    'controller/kernel/presence.ts': EMPTY,
  },
  'modules-never-import-each-other': {
    'controller/modules/oob/rules.ts': importing('../inventory/facet.ts'),
    'controller/modules/inventory/facet.ts': EMPTY,
  },
  'modules-see-kernel-and-contracts': {
    'controller/modules/oob/rules.ts': importing('../../store/sqlite.ts'),
    'controller/store/sqlite.ts': EMPTY,
  },
  'only-the-catalog-names-modules': {
    'controller/controller.ts': importing('./modules/oob/module.ts'),
    'controller/modules/oob/module.ts': EMPTY,
  },
  'filters-are-a-language-of-their-own': {
    'controller/query/parse.ts': importing('../kernel/hosts.ts'),
    'controller/kernel/hosts.ts': EMPTY,
  },
  'command-line-is-a-client': {
    'controller/cli/main.ts': importing('../kernel/hosts.ts'),
    'controller/kernel/hosts.ts': EMPTY,
  },
  'nothing-imports-the-command-line': {
    'controller/http/server.ts': importing('../cli/output.ts'),
    'controller/cli/output.ts': EMPTY,
  },
  'simulator-speaks-the-public-protocol': {
    'simulator/fleet.ts': importing('../controller/kernel/hosts.ts'),
    'controller/kernel/hosts.ts': EMPTY,
  },
  'packaging-stands-apart': {
    'agent/main.ts': importing('../packaging/build/bundle.ts'),
    'packaging/build/bundle.ts': EMPTY,
  },
  'build-imports-no-product': {
    'packaging/build/main.ts': importing('../../agent/version.ts'),
    'agent/version.ts': EMPTY,
  },
  'manifest-is-read-for-the-version': {
    'agent/main.ts': "import x from '../package.json' with { type: 'json' }\nexport const y = x\n",
  },
  'effects-behind-ports': {
    'agent/reconcile/worker.ts': "import { readFileSync } from 'node:fs'\nexport const y = readFileSync\n",
  },
  'no-cycles': {
    'agent/a.ts': importing('./b.ts'),
    'agent/b.ts': "import { y } from './a.ts'\nexport const x = () => y\n",
  },
  'no-undeclared-package': {
    'agent/a.ts': importing('undeclared-package'),
    'node_modules/undeclared-package/index.js': EMPTY,
  },
  'no-dead-end': { 'agent/a.ts': importing('./nowhere.ts') },
  'one-door-to-fastify-types': {
    'controller/modules/oob/routes.ts': importing('fastify'),
    'node_modules/fastify/index.js': EMPTY,
  },
}

const rulesBroken = async (files: Planted): Promise<readonly string[]> =>
  (await cruisePlanted(files)).violations.map(each => each.split(':')[0] ?? '')

describe('a planted violation', () => {
  it.each(Object.entries(PLANTED))('of %s is found', async (rule, files) => {
    expect(await rulesBroken(files)).toContain(rule)
  })

  it('exists for every rule', () => {
    const untried = ruleNames().filter(name => !(name in PLANTED) && !name.startsWith('one-door-to-'))

    expect(untried).toEqual([])
  })
})

/** The schema library is the language of the contract and so has no door. */
const packages = Object.keys(manifest.dependencies).filter(name => name !== 'typebox')

describe('a package of package.json', () => {
  it.each(packages)('%s has one door', async name => {
    const broken = await rulesBroken({
      'agent/reconcile/worker.ts': importing(name),
      [`node_modules/${name}/index.js`]: EMPTY,
    })

    expect(broken).toEqual([`one-door-to-${name.replace('@', '').replace('/', '-')}`])
  })

  it('is what each door is for', () => {
    const doors = ruleNames().filter(name => name.startsWith('one-door-to-') && !name.endsWith('-types'))

    expect(doors.length).toBe(packages.length)
  })
})

describe('what the walls let through', () => {
  it('is a cycle of types, which is gone at run time', async () => {
    const { violations } = await cruisePlanted({
      'agent/a.ts': "import type { B } from './b.ts'\nexport type A = B | 1\n",
      'agent/b.ts': "import type { A } from './a.ts'\nexport type B = A | 2\n",
    })

    expect(violations).toEqual([])
  })

  it('is a type of the web server in a module', async () => {
    const { violations } = await cruisePlanted({
      'controller/modules/oob/routes.ts':
        "import type { FastifyInstance } from 'fastify'\nexport type Y = FastifyInstance\n",
      'node_modules/fastify/index.js': EMPTY,
      'node_modules/fastify/index.d.ts': 'export interface FastifyInstance {}\n',
    })

    expect(violations).toEqual([])
  })

  it('is a plugin that imports the contract and its own folder', async () => {
    const { violations } = await cruisePlanted({
      'plugins/power/plugin.ts': importing('./contract.ts'),
      'plugins/power/contract.ts': importing('../contract/index.ts'),
      'plugins/contract/index.ts': EMPTY,
    })

    expect(violations).toEqual([])
  })
})
