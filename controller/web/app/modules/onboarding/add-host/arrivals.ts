// SPDX-License-Identifier: Apache-2.0
/** What became of machines that came with one join token, told from events: pure. */
import type { ServerEvent } from '../../../live/state.ts'

export type Arrival = {
  /** Of the host once it is one, of its request while it waits. */
  readonly id: string
  readonly cameAt: string
  readonly address: string
  readonly name?: string
  /** Waits, or waited, in the lobby under this id. */
  readonly request?: { readonly id: string; readonly why: string; readonly at: string }
  readonly refusedAt?: string
  readonly host?: string
  readonly enrolledAt?: string
  readonly onlineAt?: string
  readonly reportedAt?: string
}

type Sighted = Pick<ServerEvent, 'at' | 'type' | 'subject' | 'data'>

/** Oldest first. Events may come in any order of their questions; they are read in the order in which they happened. */
export function arrivalsOf(events: readonly (Sighted & { readonly id: number })[], token: string): readonly Arrival[] {
  const arrivals = new Map<string, Arrival>()
  const seen = new Set<number>()
  for (const event of [...events].sort((a, b) => a.id - b.id)) {
    if (seen.has(event.id)) continue
    seen.add(event.id)
    take(arrivals, event, token)
  }
  return [...arrivals.values()].filter(({ request, enrolledAt }) => request !== undefined || enrolledAt !== undefined)
}

function take(arrivals: Map<string, Arrival>, { type, subject, at, data }: Sighted, token: string): void {
  const text = (name: string): string => (typeof data[name] === 'string' ? data[name] : '')
  const change = (id: string, more: Partial<Arrival>): void => {
    const present = arrivals.get(id)
    if (present !== undefined) arrivals.set(id, { ...present, ...more })
  }
  if (type === 'lobby.waiting' && text('token') === token) {
    const request = { id: subject, why: text('why'), at }
    arrivals.set(subject, { id: subject, cameAt: at, address: text('address'), ...named(text('name')), request })
  }
  if (type === 'lobby.decided') {
    const waiting = arrivals.get(subject)
    if (waiting === undefined) return
    const host = text('host')
    if (data.accepted !== true) {
      change(subject, { refusedAt: at })
      return
    }
    arrivals.delete(subject)
    // What the event of the host itself said, which came before in the same moment, is kept.
    arrivals.set(host, { ...arrivals.get(host), ...waiting, id: host, host, enrolledAt: at })
  }
  if (type === 'token.used' && subject === token && text('host') !== '') {
    const host = text('host')
    const present = arrivals.get(host)
    arrivals.set(host, { ...present, id: host, host, cameAt: at, address: text('address'), enrolledAt: at })
  }
  if (type === 'host.enrolled' && !arrivals.has(subject) && text('how') === `token ${token}`)
    arrivals.set(subject, { id: subject, cameAt: at, address: text('address') })
  if (type === 'host.enrolled') change(subject, named(text('name')))
  if (type === 'host.online') change(subject, first(arrivals.get(subject), 'onlineAt', at))
  if (type === 'document.reported') change(subject, first(arrivals.get(subject), 'reportedAt', at))
}

function named(name: string): Partial<Arrival> {
  return name === '' ? {} : { name }
}

/** The first time counts; what happens again is no news here. */
function first(present: Arrival | undefined, member: 'onlineAt' | 'reportedAt', at: string): Partial<Arrival> {
  return present?.[member] === undefined ? { [member]: at } : {}
}
