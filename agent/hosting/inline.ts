// SPDX-License-Identifier: Apache-2.0
/** Runs a plugin inside the agent's own process. */
import {
  type AnyPlugin,
  type AnyRunning,
  asProblem,
  problem as common,
  type Log,
  Problem,
} from '../../plugins/contract/index.ts'
import { type Abilities, abilitiesOf, type Call, dispatch } from './calls.ts'
import type { Instance, LifeEvents } from './instance.ts'
import type { HostingLimits } from './limits.ts'
import { linkedAbort } from './linked.ts'
import { createPluginHost, type OwnedHost, type PluginHostOptions } from './plugin-host.ts'
import { problem } from './problems.ts'

export type InlineOptions = Omit<PluginHostOptions, 'manifest' | 'timers'> & { readonly limits: HostingLimits }

/**
 * Begins an inline life; throws `plugin-refused` when `start` throws or returns something else than its running form.
 * What an inline plugin does outside of a call is not contained: one that may misbehave belongs in a process.
 */
export function beginInline(plugin: AnyPlugin, options: InlineOptions, events: Pick<LifeEvents, 'onReady'>): Instance {
  const owned = createPluginHost({ ...options, manifest: plugin.manifest, timers: options.limits.timers })
  const { running, abilities } = startPlugin(plugin, owned)
  const life = new AbortController()
  events.onReady()
  return {
    abilities,
    async call(call, signal) {
      life.signal.throwIfAborted()
      const linked = linkedAbort(signal, life.signal)
      const patience = patienceWith(linked.signal, options)
      try {
        const act = (): Promise<unknown> => dispatch(running, call, linked.signal)
        const work = attempt({ method: call.method, signal: linked.signal, log: options.log, act })
        return await Promise.race([work, patience.ended])
      } finally {
        patience.forget()
        linked.unlink()
      }
    },
    async stop() {
      life.abort(common('unavailable', 'the plugin was stopped'))
      owned.quiet()
      await stopWithin(running, options)
      owned.close()
    },
  }
}

/** Starts a plugin on a host; throws `plugin-refused` and closes the host when it cannot be. */
export function startPlugin(plugin: AnyPlugin, owned: OwnedHost): { running: AnyRunning; abilities: Abilities } {
  try {
    const running: AnyRunning = plugin.start(owned.host)
    return { running, abilities: abilitiesOf(plugin.section, running) }
  } catch (thrown) {
    owned.close()
    if (thrown instanceof Problem && thrown.code === 'plugin-refused') throw thrown
    const why = thrown instanceof Error ? thrown.message.slice(0, 300) : 'it threw something that is not an error'
    throw problem('plugin-refused', `its start failed: ${why}`, {}, thrown)
  }
}

export type Attempt = {
  readonly method: Call['method']
  readonly signal: AbortSignal
  readonly log: Log
  act(): Promise<unknown>
}

/** Lets a plugin act so that it fails with nothing but Problems; what is not one is logged as the defect it is. */
export async function attempt({ method, signal, log, act }: Attempt): Promise<unknown> {
  try {
    return await act()
  } catch (thrown) {
    if (thrown instanceof Problem) throw thrown
    if (signal.aborted) throw common('cancelled', `${method} was cancelled`)
    log.error('the plugin threw something that is not a problem', { method, err: thrown })
    throw asProblem(thrown)
  }
}

/** Stops the plugin and swallows its failure: it ends either way. */
export async function stopPlugin(running: AnyRunning, { log }: Pick<InlineOptions, 'log'>): Promise<void> {
  try {
    await running.stop?.()
  } catch (thrown) {
    log.warn('the plugin did not stop cleanly', { err: thrown })
  }
}

/** Rejects once a call has gone on for the grace period after its signal was aborted. */
function patienceWith(signal: AbortSignal, { system, limits }: InlineOptions) {
  const { promise, reject } = Promise.withResolvers<never>()
  let forget = (): void => signal.removeEventListener('abort', begin)
  function begin(): void {
    const give = (): void => reject(common('cancelled', 'the plugin did not heed the cancellation'))
    forget = system.clock.after(limits.graceMs, give)
  }
  if (signal.aborted) begin()
  else signal.addEventListener('abort', begin, { once: true })
  return { ended: promise, forget: () => forget() }
}

function stopWithin(running: AnyRunning, options: InlineOptions): Promise<void> {
  return new Promise(resolve => {
    const forget = options.system.clock.after(options.limits.stopMs, resolve)
    void stopPlugin(running, options).then(() => {
      forget()
      resolve()
    })
  })
}
