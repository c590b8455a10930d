// SPDX-License-Identifier: Apache-2.0
/** What every command of the agent starts from: settings, the machine, the identities, the plugins. */
import { join } from 'node:path'
import { ownPackages } from '../../plugins/catalog.ts'
import type { AnyPlugin } from '../../plugins/contract/index.ts'
import { type Config, loadConfig } from '../config.ts'
import { type Identities, openIdentities } from '../identity/identity.ts'
import { problem } from '../problems.ts'
import { createSystem } from '../system/real.ts'
import type { System } from '../system/system.ts'

export type Catalog = Readonly<Record<string, () => Promise<AnyPlugin>>>

export type Surroundings = {
  readonly config: Config
  readonly system: System
  readonly identities: Identities
  readonly journalFile: string
  readonly statusFile: string
}

/** Reads the settings and opens what they name. Throws `agent-config`. */
export async function surroundings(configFile: string): Promise<Surroundings> {
  const probe = createSystem()
  const config = await loadConfig(probe.files, configFile, process.env)
  const system = config.proxy === undefined ? probe : createSystem({ proxy: config.proxy })
  return {
    config,
    system,
    identities: openIdentities({ system, dir: join(config.stateDir, 'identity') }),
    journalFile: join(config.stateDir, 'journal.db'),
    statusFile: join(config.stateDir, 'status.json'),
  }
}

/**
 * Loads the plugins the settings name. When they name none, all that are installed: packages of a distribution may
 * leave one out. Throws `agent-config` for a name there is no plugin of, and `plugin-absent` for a named one that is
 * not installed; what is there and does not load is thrown as it is.
 */
export async function loadPlugins(config: Config, catalog: Catalog): Promise<readonly AnyPlugin[]> {
  const names = config.plugins ?? Object.keys(catalog)
  const loaded = await Promise.all(
    names.map(async name => {
      const load = catalog[name]
      if (load === undefined)
        throw problem(
          'agent-config',
          `plugins: there is no plugin ${name}; there are ${Object.keys(catalog).join(', ')}`,
        )
      try {
        return [await load()]
      } catch (thrown) {
        if (!isAbsent(name, thrown)) throw thrown
        if (config.plugins === undefined) return []
        throw problem('plugin-absent', `${name} comes with the package ${packageOf(name)}`, undefined, thrown)
      }
    }),
  )
  return loaded.flat()
}

/** The package of a distribution that brings a plugin. */
export function packageOf(plugin: string): string {
  return ownPackages[plugin] ?? 'muster-agent'
}

/** Whether it is the plugin's own file that is missing, and not something that a plugin which is there needs. */
function isAbsent(name: string, thrown: unknown): boolean {
  if (!(thrown instanceof Error && 'code' in thrown && 'url' in thrown)) return false
  return thrown.code === 'ERR_MODULE_NOT_FOUND' && String(thrown.url).endsWith(`/plugins/${name}.mjs`)
}
