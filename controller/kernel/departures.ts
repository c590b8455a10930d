// SPDX-License-Identifier: Apache-2.0
/** Departures under way: those of broken links wait a little, so that a link that flaps is not told at every break. */
import type { Clock, Log } from '../../plugins/contract/index.ts'
import type { Live } from './presence.ts'

/** How long a host whose link broke may take to come back before anybody is told. Agents try again after one to four seconds. */
export const RETURN_WITHIN_MS = 5_000

export interface Departures {
  /** Writes that the host has left: after `RETURN_WITHIN_MS`, unless it returns, when its link broke, else at once. */
  begin(session: Live, reason: string): Promise<void>
  /** The host is there again: its departure stays untold, if it still was. Gives what tells it after all. */
  recall(host: string): (() => Promise<void>) | undefined
  /** Writes what waits at once. Resolves when everything under way is written. */
  settled(): Promise<void>
}

type Parts = { readonly clock: Clock; readonly log: Log; write(session: Live, reason: string): Promise<void> }
type Waiting = { readonly tell: () => Promise<void>; readonly forget: () => void }

export function createDepartures({ clock, log, write }: Parts): Departures {
  const waiting = new Map<string, Waiting>()
  const underWay = new Set<Promise<void>>()
  const recall: Departures['recall'] = host => {
    const found = waiting.get(host)
    found?.forget()
    waiting.delete(host)
    return found?.tell
  }
  const tell = (session: Live, reason: string): Promise<void> => {
    recall(session.peer.host)
    const work = write(session, reason)
      .catch(thrown => log.error('a departure was not written', { error: String(thrown) }))
      .finally(() => underWay.delete(work))
    underWay.add(work)
    return work
  }
  return {
    recall,
    begin: async (session, reason) => {
      if (reason !== 'lost') return tell(session, reason)
      recall(session.peer.host)
      const now = () => tell(session, reason)
      waiting.set(session.peer.host, { tell: now, forget: clock.after(RETURN_WITHIN_MS, () => void now()) })
    },
    settled: async () => {
      for (const { tell } of [...waiting.values()]) void tell()
      await Promise.all(underWay)
    },
  }
}
