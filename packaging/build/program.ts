// SPDX-License-Identifier: Apache-2.0
/** What can be built: the programs, and for each the parts of it that may be left out. */

/** A list of optional parts that is one file in the sources, and is written anew for a build with fewer. */
export type Catalog = { readonly file: string; readonly keep: readonly string[] }

export type Program = {
  /** Name of the executable. */
  readonly name: string
  /** Its folder in the output. */
  readonly folder: string
  /** Its main file. */
  readonly entry: string
  /** Optional parts that stay; without one, everything stays. */
  readonly catalog?: Catalog
  /** More scripts that it runs as processes of their own, by the name they carry beside it. */
  readonly children: Readonly<Record<string, string>>
  /** Parts that lie in files of their own, by their path without its ending, so that they can be left out afterwards. */
  readonly detachable?: Readonly<Record<string, string>>
  /** Folders of files that it reads, by the name they carry beside it. */
  readonly data?: Readonly<Record<string, string>>
}

const MODULES = 'controller/modules/catalog.ts'
export const PLUGINS = 'plugins/catalog.ts'

/** Scripts that plugins run as processes of their own. */
const CHILDREN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hardware: { source: 'plugins/hardware/source.ts' },
}

/** The same of modules. */
const MODULE_CHILDREN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  oob: { 'pfx-worker': 'controller/modules/oob/records/pfx-worker.ts' },
}

/** The agent with these plugins, or with every plugin there is; what others install separately is `detached`. */
export function agent(plugins?: readonly string[], detached: readonly string[] = []): Program {
  const apart = detached.filter(name => plugins === undefined || plugins.includes(name))
  return {
    name: 'muster-agent',
    folder: 'agent',
    entry: 'agent/main.ts',
    ...(plugins === undefined ? {} : { catalog: { file: PLUGINS, keep: plugins } }),
    children: Object.assign({}, ...(plugins ?? Object.keys(CHILDREN)).map(name => CHILDREN[name] ?? {})),
    detachable: Object.fromEntries(apart.map(name => [`plugins/${name}`, `plugins/${name}/plugin.ts`])),
  }
}

/** The program that acts as root for the agent. */
export function helper(): Program {
  return { name: 'muster-helper', folder: 'agent', entry: 'agent/helper/main.ts', children: {} }
}

/** The agent with the helper beside it, both of the same code. */
export function agentWithHelper(plugins?: readonly string[], detached?: readonly string[]): Program {
  const { name, entry } = helper()
  const base = agent(plugins, detached)
  return { ...base, children: { ...base.children, [name]: entry } }
}

/** The controller with these modules, or with every module there is. */
export function controller(modules?: readonly string[]): Program {
  return {
    name: 'muster-controller',
    folder: 'controller',
    entry: 'controller/main.ts',
    ...(modules === undefined ? {} : { catalog: { file: MODULES, keep: modules } }),
    children: Object.assign({}, ...(modules ?? Object.keys(MODULE_CHILDREN)).map(name => MODULE_CHILDREN[name] ?? {})),
  }
}

export function commandLine(): Program {
  return { name: 'muster', folder: 'cli', entry: 'controller/cli/main.ts', children: {} }
}

export function provision(): Program {
  return { name: 'muster-provision', folder: 'provision', entry: 'provisioning/main.ts', children: {} }
}

export function simulator(): Program {
  return {
    name: 'muster-sim',
    folder: 'simulator',
    entry: 'simulator/main.ts',
    children: {},
    data: { scenarios: 'simulator/scenarios' },
  }
}
