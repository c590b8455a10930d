// SPDX-License-Identifier: Apache-2.0
/** Which devices are connected: kept in their rows and told as events, many at a time when many come back at once. */
import { sql } from 'kysely'
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
/** Changes in one transaction: nothing else is answered while it runs. */
const AT_ONCE = 200

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
    for (let at = 0; at < changes.length; at += AT_ONCE) {
      const some = changes.slice(at, at + AT_ONCE)
      writing = writing
        .then(() => (at === 0 ? undefined : breath()))
        .then(() => kernel.store.change(tx => write(parts, tx, some)))
        .catch(thrown => log.error('presence of devices was not written', { error: String(thrown) }))
    }
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

/** Lets what has arrived be handled first; SQLite itself never waits. */
function breath(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

type Row = {
  readonly project: string
  readonly guid: string
  readonly at: string
  readonly seen: string
  readonly why: string | null
}

async function write({ kernel }: OobParts, tx: Tx, changes: readonly Change[]): Promise<void> {
  const come: Row[] = []
  const gone: Row[] = []
  for (const { tunnel, end, at } of changes) {
    const { project, guid, lastSeen } = tunnel
    const time = formatTime(at)
    if (end === undefined) come.push({ project, guid, at: time, seen: time, why: null })
    else gone.push({ project, guid, at: time, seen: formatTime(lastSeen), why: end.reason })
  }
  if (come.length > 0) await writeConnected(tx, come)
  if (gone.length > 0) await writeDisconnected(tx, gone)
  for (const { tunnel, end } of changes) {
    await kernel.events.emit(tx, {
      project: tunnel.project,
      type: end === undefined ? 'oob.connected' : 'oob.disconnected',
      subject: tunnel.guid,
      data: { address: tunnel.address, ...(end === undefined ? {} : { reason: end.reason, detail: end.detail }) },
    })
  }
}

/** One statement for all rows: in a storm they are most of what is written. */
async function writeConnected(tx: Tx, rows: readonly Row[]): Promise<void> {
  await sql`update oob_devices set
      connected = 1, last_connected = told.value ->> 'at', last_seen = told.value ->> 'seen'
    from json_each(${JSON.stringify(rows)}) as told
    where oob_devices.project = told.value ->> 'project' and oob_devices.guid = told.value ->> 'guid'`.execute(
    tx.installation<DeviceTables>(),
  )
}

async function writeDisconnected(tx: Tx, rows: readonly Row[]): Promise<void> {
  await sql`update oob_devices set
      connected = 0, last_disconnected = told.value ->> 'at', last_seen = told.value ->> 'seen',
      disconnect_reason = told.value ->> 'why'
    from json_each(${JSON.stringify(rows)}) as told
    where oob_devices.project = told.value ->> 'project' and oob_devices.guid = told.value ->> 'guid'`.execute(
    tx.installation<DeviceTables>(),
  )
}
