// SPDX-License-Identifier: Apache-2.0
/** `muster-agent run`: the agent as a service. */
import type { Log } from '../../plugins/contract/index.ts'
import { createAgent } from '../agent.ts'
import { printableConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { problem } from '../problems.ts'
import { BUILT_AT, VERSION } from '../version.ts'
import type { RunArguments } from './program.ts'
import { isAlive, keepStatus, readStatus } from './status-file.ts'
import { type Catalog, loadPlugins, type Surroundings, surroundings } from './surroundings.ts'
import type { Terminal } from './terminal.ts'

const INTERRUPTED = 130

/** Resolves with 0 after a clean stop by SIGTERM or SIGINT. Throws `agent-not-enrolled` and `agent-config`. */
export async function run(options: RunArguments, catalog: Catalog, terminal: Terminal): Promise<number> {
  const around = await surroundings(options.config)
  const { config, system, identities, journalFile, statusFile } = around
  if (options.printConfig === true) {
    terminal.out(`${printableConfig(config)}\n`)
    return 0
  }
  process.umask(0o077)
  const other = await readStatus(system, statusFile)
  if (other !== undefined && other.pid !== process.pid && isAlive(other.pid))
    throw problem('agent-running', `process ${other.pid}`)
  const log = createLog({ level: config.logLevel })
  if ((await identities.candidates()).length === 0 && !(await enrolledNow(around, options, log))) return INTERRUPTED
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

/** Throws `agent-not-enrolled` when nobody said where to; false when a signal came before the machine was a host. */
async function enrolledNow(around: Surroundings, { enroll, tokenFile }: RunArguments, log: Log): Promise<boolean> {
  if (enroll === undefined) throw problem('agent-not-enrolled')
  const stop = new AbortController()
  const abort = (): void => stop.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, abort)
  try {
    // Only the first start needs what a machine needs to become a host.
    const { enrollFirst } = await import('./first-start.ts')
    await enrollFirst(around, { url: enroll, tokenFile, log, signal: stop.signal })
    return true
  } catch (thrown) {
    if (stop.signal.aborted) return false
    throw thrown
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, abort)
  }
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
