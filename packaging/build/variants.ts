// SPDX-License-Identifier: Apache-2.0
/** The bundles whose footprint is kept in the ledger: each profile, the agent with several sets of plugins, the tools. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { partsOf } from './catalog.ts'
import { agent, commandLine, controller, helper, type Program, provision, simulator } from './program.ts'

/** The modules of a profile, which is an ordinary configuration of the controller. */
export async function profileModules(root: string, profile: string): Promise<readonly string[]> {
  const { modules } = parse(await readFile(join(root, 'packaging/profiles', `${profile}.yaml`), 'utf8'))
  return Object.keys(modules)
}

export async function profiles(root: string): Promise<readonly string[]> {
  const files = await readdir(join(root, 'packaging/profiles'))
  return files
    .filter(file => file.endsWith('.yaml'))
    .map(file => file.slice(0, -'.yaml'.length))
    .sort()
}

/** Every bundle of the ledger by its name there. */
export async function variants(root: string): Promise<Readonly<Record<string, Program>>> {
  const plugins = partsOf(await readFile(join(root, 'plugins/catalog.ts'), 'utf8'))
  const all: Record<string, Program> = { agent: agent(), 'agent with no plugin': agent([]), helper: helper() }
  for (const plugin of plugins) all[`agent with ${plugin}`] = agent([plugin])
  for (const profile of await profiles(root))
    all[`controller ${profile}`] = controller(await profileModules(root, profile))
  return { ...all, 'command line': commandLine(), provisioning: provision(), simulator: simulator() }
}
