// SPDX-License-Identifier: Apache-2.0
/** Which devices are connected: kept in their rows and told as events, many at a time when many come back at once. */
import { formatTime } from '../../../../plugins/contract/index.ts'
import type { Tx } from '../../../store/store.ts'
import type { OobParts, Tunnel, TunnelEnd } from '../ports.ts'
import type { DeviceTables } from './tables.ts'

export interface DevicePresence {
  connected(tunnel: Tunnel): void
  disconnected(tunnel: Tunnel, end: TunnelEnd): void
  /** Resolves when everything told so far is written. */
  flushed(): Promise<void>
  stop(): Promise<void>
}

type Change = { readonly tunnel: Tunnel; readonly end: TunnelEnd | undefined; readonly at: number }

/** After the first change of a burst; long enough to gather a storm, short enough for a person who waits. */
const GATHER_MS = 50

/** Whoever was connected to a process that is gone is not connected. */
export async function forgetTunnels({ kernel }: OobParts): Promise<void> {
  const at = formatTime(kernel.clock.now())
  await kernel.store
    .installation<DeviceTables>()
    .updateTable('oob_devices')
    .set({ connected: 0, last_disconnected: at, disconnect_reason: 'the controller was restarted' })
    .where('connected', '=', 1)
    .execute()
}

export function createDevicePresence(parts: OobParts): DevicePresence {
  const { kernel, log } = parts
  // By GUID: of a device that came and went within a burst only the last word counts.
  let waiting = new Map<string, Change>()
  let writing: Promise<void> = Promise.resolve()
  let forget: (() => void) | undefined
  const flush = (): void => {
    forget?.()
    forget = undefined
    const changes = [...waiting.values()]
    waiting = new Map()
    if (changes.length === 0) return
    writing = writing
      .then(() => kernel.store.change(tx => write(parts, tx, changes)))
      .catch(thrown => log.error('presence of devices was not written', { error: String(thrown) }))
  }
  const gather = (change: Change): void => {
    waiting.set(change.tunnel.guid, change)
    forget ??= kernel.clock.after(GATHER_MS, flush)
  }
  const flushed = (): Promise<void> => {
    flush()
    return writing
  }
  return {
    connected: tunnel => gather({ tunnel, end: undefined, at: kernel.clock.now() }),
    disconnected: (tunnel, end) => gather({ tunnel, end, at: kernel.clock.now() }),
    flushed,
    stop: flushed,
  }
}

async function write({ kernel }: OobParts, tx: Tx, changes: readonly Change[]): Promise<void> {
  for (const { tunnel, end, at } of changes) {
    const time = formatTime(at)
    const row =
      end === undefined
        ? { connected: 1, last_connected: time, last_seen: time }
        : {
            connected: 0,
            last_disconnected: time,
            last_seen: formatTime(tunnel.lastSeen),
            disconnect_reason: end.reason,
          }
    await tx.of<DeviceTables>(tunnel.project).update('oob_devices', row).where('guid', '=', tunnel.guid).execute()
    await kernel.events.emit(tx, {
      project: tunnel.project,
      type: end === undefined ? 'oob.connected' : 'oob.disconnected',
      subject: tunnel.guid,
      data: { address: tunnel.address, ...(end === undefined ? {} : { reason: end.reason, detail: end.detail }) },
    })
  }
}
