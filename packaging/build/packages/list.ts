// SPDX-License-Identifier: Apache-2.0
/** The packages there are, and what is in each. */
import { AGENT_ENVIRONMENT, AGENT_FLAGS, CONTROLLER_FLAGS } from '../process-settings.ts'
import { documents } from './documents.ts'
import { addonName, type BuiltProgram, type Ingredients, type Machinery } from './ingredients.ts'
import { ownersOf } from './owners.ts'
import { type Entry, type Package, program, type Relation, SCRIPTS, text } from './package.ts'
import { runtimeBom } from './runtime.ts'
import { serviceFiles } from './services.ts'

/** Grows when the package of an unchanged Node changes; the time is that of the change. */
const RUNTIME = { revision: 0, epoch: Date.UTC(2026, 10, 21) / 1_000 } as const

const NODE = '/usr/lib/muster-runtime/node'
const ABOUT =
  'Muster manages fleets of machines at the edge: a rich agent on each machine, a thin controller, and everything else left out until it is asked for.'

const libc = (than: string): Relation => ({ name: 'libc6', version: { op: '>=', than } })
const glibc = (than: string): Relation => ({ name: 'glibc', version: { op: '>=', than } })
/** The addon of SQLite asks for more than Node does. */
const ADDON_DEB = [libc('2.34'), { name: 'libstdc++6', version: { op: '>=', than: '11' } }] as const
const ADDON_RPM = [glibc('2.34'), { name: 'libstdc++', version: { op: '>=', than: '11' } }] as const

/** Every package for one machine; those of no particular machine come with the first. */
export async function packagesFor(from: Ingredients, on: Machinery): Promise<readonly Package[]> {
  const apart = Object.keys(from.plugins).map(name => `plugins/${name}`)
  const owners = ownersOf(from.agent.metafile, apart)
  return Promise.all([
    runtime(from, on),
    agent(from, on, owners.core),
    ...Object.entries(from.plugins).map(([plugin, name]) =>
      pluginPackage(from, on, { plugin, name, scripts: owners.parts.get(`plugins/${plugin}`) ?? new Set() }),
    ),
    controller(from, on),
    commandLine(from, on),
    provision(from, on),
  ])
}

function needsRuntime({ runtime: { version } }: Machinery): Relation {
  return { name: 'muster-runtime', version: { op: '>=', than: version } }
}

async function runtime(from: Ingredients, on: Machinery): Promise<Package> {
  const { architecture } = on
  const { version, binary, license } = on.runtime
  const unit = {
    ...common(from, 'muster-runtime'),
    name: 'muster-runtime',
    version: RUNTIME.revision === 0 ? version : `${version}+${RUNTIME.revision}`,
    architecture,
    summary: 'JavaScript runtime of the programs of Muster',
    description: [
      ABOUT,
      `This package brings Node ${version}, which the programs of Muster share. It is kept apart from them so that an upgrade of a program moves little, and is not on the path: it serves nobody else.`,
    ],
    section: 'libs',
    depends: {
      deb: [libc('2.28'), { name: 'libgcc-s1' }, { name: 'libstdc++6', version: { op: '>=', than: '8' } }],
      rpm: [glibc('2.28'), { name: 'libgcc' }, { name: 'libstdc++' }],
    },
    epoch: RUNTIME.epoch,
    license: 'MIT',
    release: { title: version, changes: [`Node ${version}, as its makers built it.`] },
  } as const
  const entries: readonly Entry[] = [{ path: NODE, mode: 0o755, content: { from: binary } }]
  return {
    ...unit,
    entries: [...entries, ...(await documents(from, unit, { runtimeLicense: license, sbom: runtimeBom(on.runtime) }))],
  }
}

/** What every package of a program has alike. */
function common(
  from: Ingredients,
  name: string,
): Pick<Package, 'version' | 'epoch' | 'license' | 'release' | 'scripts' | 'recommends' | 'suggests'> {
  const scripts = SCRIPTS.flatMap(script => {
    const found = from.maintainer.get(`${name}.${script}`)
    return found === undefined ? [] : [[script, found] as const]
  })
  return {
    version: from.version,
    epoch: from.epoch,
    license: 'Apache-2.0',
    release: from.release,
    scripts: Object.fromEntries(scripts),
    recommends: [],
    suggests: [],
  }
}

async function agent(from: Ingredients, on: Machinery, core: ReadonlySet<string>): Promise<Package> {
  const name = 'muster-agent'
  const home = `/usr/lib/${name}`
  return {
    ...common(from, name),
    name,
    architecture: on.architecture,
    summary: 'agent of Muster on a managed machine',
    description: [
      ABOUT,
      'The agent connects outward to its controller, reports what the machine is and how it fares, keeps what should be as it should be, and obeys signed commands as far as the owner of the machine allows. It runs without any right of root; a helper that no network reaches does the few acts that need one.',
    ],
    section: 'admin',
    depends: { deb: [needsRuntime(on), ...ADDON_DEB], rpm: [needsRuntime(on), ...ADDON_RPM] },
    suggests: Object.values(from.plugins).map(each => ({ name: each })),
    entries: [
      ...scriptEntries(from.agent, core, home),
      { path: `${home}/${addonName(on.architecture)}`, mode: 0o644, content: { from: on.addon } },
      program('/usr/bin/muster-agent', wrapper(`${home}/muster-agent.mjs`, AGENT_FLAGS)),
      ...serviceFiles(from.systemd, name, ['muster-agent', 'muster-helper']),
      ...(await documents(from, { ...common(from, name), name }, { program: from.agent, scripts: core })),
    ],
  }
}

type PluginPackage = { readonly plugin: string; readonly name: string; readonly scripts: ReadonlySet<string> }

async function pluginPackage(
  from: Ingredients,
  on: Machinery,
  { plugin, name, scripts }: PluginPackage,
): Promise<Package> {
  const same: Relation = { name: 'muster-agent', version: { op: '=', than: from.version } }
  const base = common(from, name)
  const brought = plugin === RPC_USER ? rpcEntries(from, on, name) : { entries: [], about: [] }
  return {
    ...base,
    name,
    architecture: on.architecture,
    summary: `plugin ${plugin} for the agent of Muster`,
    description: [
      ABOUT,
      `This package brings the plugin ${plugin}, which the agent loads at its next start.`,
      ...brought.about,
    ],
    section: 'admin',
    depends: { deb: [same], rpm: [same] },
    scripts: { ...pluginScripts(from), ...base.scripts },
    entries: [
      ...scriptEntries(from.agent, scripts, '/usr/lib/muster-agent'),
      ...brought.entries,
      ...(await documents(from, { ...base, name }, { program: from.agent, scripts })),
    ],
  }
}

/** A plugin that comes or goes is noticed by an agent that starts anew. */
function pluginScripts(from: Ingredients): Package['scripts'] {
  const found = SCRIPTS.flatMap(script => {
    const content = from.maintainer.get(`plugin.${script}`)
    return content === undefined ? [] : [[script, content] as const]
  })
  return Object.fromEntries(found)
}

/** The plugin that has work for `rpc`. */
const RPC_USER = 'amt'

export const WITHOUT_RPC =
  'It was built WITHOUT the program rpc, which activates and deactivates AMT: the agent can look at AMT, and change nothing. Put an rpc of the Device Management Toolkit to /usr/lib/muster-agent/bin, or take a package that was built with it.'

function rpcEntries(
  { rpc }: Ingredients,
  on: Machinery,
  name: string,
): { readonly entries: readonly Entry[]; readonly about: readonly string[] } {
  if (rpc === undefined) return { entries: [], about: [WITHOUT_RPC] }
  return {
    entries: [
      { path: '/usr/lib/muster-agent/bin/rpc', mode: 0o755, content: { from: rpc.binary(on.architecture) } },
      text(`/usr/share/doc/${name}/NOTICES.rpc.txt`, `rpc ${rpc.version}\n\n${rpc.license}\n${rpc.notices}`),
    ],
    about: [`It brings rpc ${rpc.version} of the Device Management Toolkit, which activates and deactivates AMT.`],
  }
}

async function controller(from: Ingredients, on: Machinery): Promise<Package> {
  const name = 'muster-controller'
  const home = `/usr/lib/${name}`
  const scripts = new Set(from.controller.scripts.keys())
  return {
    ...common(from, name),
    name,
    architecture: on.architecture,
    summary: 'controller of Muster with its dashboard',
    description: [
      ABOUT,
      'The controller is one process with broker, database, certificate authority, API and dashboard. It serves the agents of a fleet and the people who look after it.',
    ],
    section: 'net',
    depends: { deb: [needsRuntime(on), ...ADDON_DEB], rpm: [needsRuntime(on), ...ADDON_RPM] },
    recommends: [{ name: 'muster-cli' }],
    entries: [
      ...scriptEntries(from.controller, scripts, home),
      { path: `${home}/${addonName(on.architecture)}`, mode: 0o644, content: { from: on.addon } },
      ...[...from.web].map(
        ([path, file]): Entry => ({ path: `${home}/web/${path}`, mode: 0o644, content: { from: file } }),
      ),
      program('/usr/bin/muster-controller', controllerWrapper(`${home}/muster-controller.mjs`)),
      ...serviceFiles(from.systemd, name, ['muster-controller']),
      ...(await documents(from, { ...common(from, name), name }, { program: from.controller, scripts })),
    ],
  }
}

async function commandLine(from: Ingredients, on: Machinery): Promise<Package> {
  return tool(from, on, {
    name: 'muster-cli',
    command: 'muster',
    built: from.cli,
    summary: 'command line of Muster',
    about:
      'The command line speaks the public API of a controller, near or far: what it can do, anybody with the same rights can do.',
  })
}

async function provision(from: Ingredients, on: Machinery): Promise<Package> {
  return tool(from, on, {
    name: 'muster-provision',
    command: 'muster-provision',
    built: from.provision,
    summary: 'tool of Muster that prepares machines for their first start',
    about: 'It writes what a new machine needs to find its controller and to be believed there.',
  })
}

type Tool = {
  readonly name: string
  readonly command: string
  readonly built: BuiltProgram
  readonly summary: string
  readonly about: string
}

/** A program that only people start. */
async function tool(
  from: Ingredients,
  on: Machinery,
  { name, command, built, summary, about }: Tool,
): Promise<Package> {
  const home = `/usr/lib/${name}`
  const scripts = new Set(built.scripts.keys())
  const addon: Entry = { path: `${home}/${addonName(on.architecture)}`, mode: 0o644, content: { from: on.addon } }
  const needs = built.needsAddon ? { deb: ADDON_DEB, rpm: ADDON_RPM } : { deb: [], rpm: [] }
  return {
    ...common(from, name),
    name,
    architecture: built.needsAddon ? on.architecture : 'all',
    ...(built.needsAddon ? {} : { multiArch: 'foreign' as const }),
    summary,
    description: [ABOUT, about],
    section: 'admin',
    depends: { deb: [needsRuntime(on), ...needs.deb], rpm: [needsRuntime(on), ...needs.rpm] },
    entries: [
      ...scriptEntries(built, scripts, home),
      ...(built.needsAddon ? [addon] : []),
      program(`/usr/bin/${command}`, wrapper(`${home}/${built.name}.mjs`, [])),
      ...(await documents(from, { ...common(from, name), name }, { program: built, scripts })),
    ],
  }
}

function scriptEntries({ scripts }: BuiltProgram, chosen: ReadonlySet<string>, home: string): readonly Entry[] {
  return [...scripts].flatMap(([path, content]) =>
    chosen.has(path) ? [{ path: `${home}/${path}`, mode: 0o644, content }] : [],
  )
}

/** A controller of this machine is meant unless another is named, and whatever writes to its data does so as its user. */
function controllerWrapper(script: string): string {
  return `#!/bin/sh
case " $* " in
*" --config"*) ;;
*) set -- "$@" --config /etc/muster-controller/config.yaml ;;
esac
set -- ${NODE} ${CONTROLLER_FLAGS.join(' ')} ${script} "$@"
if [ "$(id -u)" = 0 ] && [ "$(stat -c %U /var/lib/muster-controller 2>/dev/null)" = muster-controller ]; then
  set -- runuser -u muster-controller -- "$@"
fi
exec "$@"
`
}

function wrapper(script: string, flags: readonly string[]): string {
  const lean = flags.length === 0 ? [] : Object.entries(AGENT_ENVIRONMENT)
  const exports = lean.map(([name, value]) => `${name}=${value}\nexport ${name}\n`).join('')
  return `#!/bin/sh\n${exports}exec ${[NODE, ...flags, script].join(' ')} "$@"\n`
}
