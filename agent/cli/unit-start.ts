// SPDX-License-Identifier: Apache-2.0
/** Starts the agent's service once there is an identity for it. */
import { SECOND } from '../../plugins/contract/index.ts'
import { FIXED_ENVIRONMENT } from '../hosting/plugin-host.ts'
import type { System } from '../system/system.ts'

const UNIT = 'muster-agent.service'

/**
 * Starts the unit where systemd runs the system; the unit's own condition skips it while there is no identity. A unit
 * that watched the folder would start too early, and would undo every stop that is meant. Never throws: what keeps the
 * service from running is in its log, and enrolling has not failed by it.
 */
export async function startService({ files, processes }: System): Promise<void> {
  const managed = await files.list('/run/systemd').catch((): readonly string[] => [])
  if (!managed.includes('system')) return
  await processes.run('systemctl', ['start', '--no-ask-password', UNIT], {
    signal: new AbortController().signal,
    timeoutMs: 15 * SECOND,
    env: FIXED_ENVIRONMENT,
    maxBytes: 4_096,
  })
}
