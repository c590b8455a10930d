// SPDX-License-Identifier: Apache-2.0
/** The beginning of a session: birth out, the controller's signed answer in. */
import { asProblem, parseTime, type ReceiptMessage, type SessionHead } from '../../plugins/contract/index.ts'
import type { TimeFloor } from '../identity/floor.ts'
import type { Identity } from '../identity/identity.ts'
import { verifySigned } from '../identity/trust.ts'
import type { Journal } from '../state/journal.ts'
import { problem } from './problems.ts'

/**
 * The ticket to present: that of enrollment when no session has followed it yet, else the last one given. Which enrollment
 * the kept ticket goes back to is kept with it, so that neither a renewed nor a still unconfirmed identity revives an old one.
 */
export function ticketOf(identity: Identity, journal: Journal): string {
  const isNew = identity.ticket !== undefined && identity.ticket !== journal.values.get('ticket-origin')
  return (isNew ? identity.ticket : journal.values.get('ticket')) ?? 'no-ticket-was-kept'
}

/** The highest epoch of the installation this host has seen. */
export function epochOf(journal: Journal, identity: Identity): number {
  return Math.max(Number(journal.values.get('epoch') ?? 0), identity.trust.head.epoch)
}

export type SessionParts = { readonly identity: Identity; readonly journal: Journal; readonly floor: TimeFloor }

/**
 * Believes a session head that is signed, for us and not of an older epoch, and keeps its ticket before anything else
 * happens. It was written within the last `withinMs`: since our birth was said. Throws `stale-controller` for an older
 * epoch, `session-refused` for what is not proven.
 */
export function beginSession(
  { identity, journal, floor }: SessionParts,
  session: NonNullable<ReceiptMessage['session']>,
  withinMs: number,
): SessionHead {
  const { head } = session
  if (verifySigned('session', session, identity.trust) !== 'ok')
    throw problem('session-refused', 'the answer to our birth is not signed by our controller')
  const ours =
    head.host === identity.host && head.project === identity.project && head.installation === identity.installation
  if (!ours) throw problem('session-refused', 'the answer to our birth is for another host')
  const known = epochOf(journal, identity)
  if (head.epoch < known) throw problem('stale-controller', `epoch ${head.epoch}, known ${known}`)
  remember(journal, identity, head)
  const issued = parseTime(head.issuedAt)
  if (issued !== undefined) floor.beginSession(issued, withinMs)
  return head
}

// On a full disk the session goes on: the host must stay in reach, and the ticket before this one is believed once more.
function remember(journal: Journal, identity: Identity, head: SessionHead): void {
  try {
    journal.atomically(() => {
      journal.values.put('ticket', head.ticket)
      if (identity.ticket !== undefined) journal.values.put('ticket-origin', identity.ticket)
      journal.values.put('epoch', String(head.epoch))
      if (head.witness !== undefined) journal.values.put('witness', head.witness)
      journal.values.put('standing', head.standing)
    })
  } catch (thrown) {
    if (asProblem(thrown).code !== 'disk-full') throw thrown
  }
}
