// SPDX-License-Identifier: Apache-2.0
/** Wakes what waits for a device when its tunnel came or went: many at a time, and only those somebody ordered something for. */
import { sql } from 'kysely'
import type { Log } from '../../../../plugins/contract/index.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { DeviceTables } from '../devices/tables.ts'
import type { ConvergeTables } from './tables.ts'

export type ArrivalsParts = {
  readonly kernel: Pick<Kernel, 'store' | 'clock'>
  readonly log: Log
  /** A device with an open power order. */
  readonly power: (guid: string) => void
  /** A host whose firmware should be in a certain state. */
  readonly amt: (project: string, host: string) => void
}

export interface Arrivals {
  /** The tunnel of a device came or went. */
  changed(guid: string): void
  stop(): Promise<void>
}

/** After the first of a burst; orders wait seconds for their device, and a storm costs two queries instead of thousands. */
const GATHER_MS = 50

export function createArrivals({ kernel, log, power, amt }: ArrivalsParts): Arrivals {
  const { store, clock } = kernel
  let waiting = new Set<string>()
  let looking: Promise<void> = Promise.resolve()
  let forget: (() => void) | undefined
  let isStopped = false
  const look = async (guids: string): Promise<void> => {
    const { rows: orders } = await sql<{ guid: string }>`
      select guid from oob_power_orders
      where state = 'open' and guid in (select value from json_each(${guids}))`.execute(
      store.installation<ConvergeTables>(),
    )
    const { rows: hosts } = await sql<{ project: string; host: string }>`
      select oob_intents.project, oob_intents.host from oob_devices
      join oob_intents on oob_intents.project = oob_devices.project and oob_intents.host = oob_devices.host
      where oob_intents.amt is not null and oob_devices.guid in (select value from json_each(${guids}))`.execute(
      store.installation<ConvergeTables & DeviceTables>(),
    )
    if (isStopped) return
    for (const { guid } of orders) power(guid)
    for (const { project, host } of hosts) amt(project, host)
  }
  const gathered = (): void => {
    forget = undefined
    const guids = JSON.stringify([...waiting])
    waiting = new Set()
    looking = looking
      .then(() => look(guids))
      .catch(thrown => log.warn('devices were not looked at', { error: String(thrown) }))
  }
  return {
    changed(guid) {
      if (isStopped) return
      waiting.add(guid)
      forget ??= clock.after(GATHER_MS, gathered)
    },
    async stop() {
      isStopped = true
      forget?.()
      await looking
    },
  }
}
