// SPDX-License-Identifier: Apache-2.0
/** What every command of the agent starts from: settings, the machine, the identities, the plugins. */
import { join } from 'node:path'
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

/** Loads the plugins the settings name, all when they name none. Throws `agent-config` for a name there is no plugin of. */
export async function loadPlugins(config: Config, catalog: Catalog): Promise<readonly AnyPlugin[]> {
  const names = config.plugins ?? Object.keys(catalog)
  return Promise.all(
    names.map(name => {
      const load = catalog[name]
      if (load === undefined)
        throw problem(
          'agent-config',
          `plugins: there is no plugin ${name}; there are ${Object.keys(catalog).join(', ')}`,
        )
      return load()
    }),
  )
}
