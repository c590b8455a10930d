// SPDX-License-Identifier: Apache-2.0
/** Tells hosts what is durable: what was stored for a host in one turn is named in one message. */
import type { Dispatch } from './dispatch.ts'
import type { Surroundings } from './ports.ts'
import type { HostKey } from './presence.ts'

export interface Receipts {
  /** Called once the message is committed, and never before. */
  add(host: HostKey, id: string): void
}

/** As many as one receipt may name. */
const MOST_IDS = 100

export function createReceipts({
  dispatch,
  log,
}: Pick<Surroundings, 'log'> & { readonly dispatch: Dispatch }): Receipts {
  let waiting = new Map<string, { readonly host: HostKey; readonly ids: string[] }>()
  const send = async (): Promise<void> => {
    const now = waiting
    waiting = new Map()
    for (const { host, ids } of now.values())
      for (let from = 0; from < ids.length; from += MOST_IDS)
        await dispatch.receipt({ project: host.project, host: host.host }, ids.slice(from, from + MOST_IDS))
  }
  return {
    add: (host, id) => {
      // One turn of the event loop settles everything that one transaction made durable.
      if (waiting.size === 0)
        setImmediate(() => void send().catch(thrown => log.error('receipts were not sent', { error: String(thrown) })))
      const entry = waiting.get(host.host) ?? { host, ids: [] }
      waiting.set(host.host, entry)
      entry.ids.push(id)
    },
  }
}
