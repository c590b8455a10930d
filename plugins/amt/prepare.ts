// SPDX-License-Identifier: Apache-2.0
/** Gets the machine ready for `rpc`: the kernel's driver and Intel's local service. */
import { type PluginHost, SECOND } from '../contract/index.ts'
import type { AmtObserved } from './contract.ts'

const UNIT = 'lms.service'
const ASK_MS = 4 * SECOND
const ACT_MS = 30 * SECOND

export type Lms = NonNullable<AmtObserved['lms']>

/** Whether the local service runs. Never throws but the signal's reason. */
export async function lmsState(host: PluginHost, signal: AbortSignal): Promise<Lms> {
  const args = ['show', '--no-pager', '--property=LoadState', '--property=ActiveState', UNIT]
  const { code, stdout } = await host.run('systemctl', args, { signal, timeoutMs: ASK_MS, env: {} })
  signal.throwIfAborted()
  if (code !== 0) return 'unknown'
  if (/^LoadState=not-found$/m.test(stdout)) return 'absent'
  if (/^ActiveState=(active|activating|reloading)$/m.test(stdout)) return 'running'
  return /^LoadState=/m.test(stdout) ? 'stopped' : 'unknown'
}

/** Loads the driver and starts the service, as far as they are missing. What cannot be done is logged and tolerated. */
export async function prepare(host: PluginHost, observed: AmtObserved, signal: AbortSignal): Promise<void> {
  const attempts: (readonly [string, readonly string[]])[] = []
  if (observed.driver === 'missing') attempts.push(['modprobe', ['mei_me']])
  if (observed.lms === 'stopped') {
    for (const verb of ['unmask', 'enable', 'start']) attempts.push(['systemctl', [verb, '--no-ask-password', UNIT]])
  }
  for (const [program, args] of attempts) {
    const { code, stderr } = await host.run(program, args, { signal, timeoutMs: ACT_MS, env: {} })
    signal.throwIfAborted()
    if (code !== 0) {
      host.log.warn('could not prepare for rpc', { program, args, code, said: stderr.trim().slice(0, 200) })
    }
  }
}
