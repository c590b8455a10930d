// SPDX-License-Identifier: Apache-2.0
/** `muster-agent run`: the agent as a service. */
import { createAgent } from '../agent.ts'
import { printableConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { problem } from '../problems.ts'
import { BUILT_AT, VERSION } from '../version.ts'
import { isAlive, keepStatus, readStatus } from './status-file.ts'
import { type Catalog, loadPlugins, surroundings } from './surroundings.ts'
import type { Terminal } from './terminal.ts'

export type RunOptions = { readonly config: string; readonly printConfig?: boolean }

/** Resolves with 0 after a clean stop by SIGTERM or SIGINT. Throws `agent-not-enrolled` and `agent-config`. */
export async function run(options: RunOptions, catalog: Catalog, terminal: Terminal): Promise<number> {
  const { config, system, identities, journalFile, statusFile } = await surroundings(options.config)
  if (options.printConfig === true) {
    terminal.out(`${printableConfig(config)}\n`)
    return 0
  }
  process.umask(0o077)
  const other = await readStatus(system, statusFile)
  if (other !== undefined && other.pid !== process.pid && isAlive(other.pid))
    throw problem('agent-running', `process ${other.pid}`)
  if ((await identities.candidates()).length === 0) throw problem('agent-not-enrolled')
  const log = createLog({ level: config.logLevel })
  const plugins = await loadPlugins(config, catalog)
  const agent = createAgent({
    system,
    plugins,
    config,
    log,
    identities,
    journal: { location: journalFile },
    version: VERSION,
    builtAt: BUILT_AT,
    onChange: () => status.changed(),
  })
  const status = keepStatus(system, statusFile, () => agent.status())
  const stopped = stopSignal()
  await agent.start()
  status.changed()
  log.info('the agent runs', { version: VERSION, plugins: plugins.map(plugin => plugin.manifest.name) })
  await stopped
  await agent.stop('stopped')
  await status.remove()
  return 0
}

function stopSignal(): Promise<void> {
  return new Promise(resolve => {
    // Every timer of the agent lets the process end; this one keeps it.
    const hold = setInterval(() => undefined, 2 ** 30)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        clearInterval(hold)
        resolve()
      })
    }
  })
}
