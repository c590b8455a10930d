// SPDX-License-Identifier: Apache-2.0
/** Sessions of hosts: who is let in, what the birth message proves, what is said back. */
import type { Birth, PresenceMessage } from '../../plugins/contract/index.ts'
import type { Bus, Peer, Standing, Verdict } from '../bus/bus.ts'
import type { Store, Tx } from '../store/store.ts'
import { findAdmission } from './admission.ts'
import { adopt } from './adoption.ts'
import { type Audit, projectChain } from './audit.ts'
import { refusal, useCertificate } from './certificates.ts'
import { createDepartures } from './departures.ts'
import type { Dispatch } from './dispatch.ts'
import type { Events } from './events.ts'
import { SYSTEM } from './permissions.ts'
import type { Surroundings } from './ports.ts'
import {
  clockSkewMs,
  goesOn,
  type HostKey,
  type Live,
  presenceRowIn,
  type Told,
  ticketStanding,
  writeArrival,
  writeDeparture,
  writeRefresh,
  writeStanding,
} from './presence.ts'
import type { Sections } from './sections.ts'
import type { Settings } from './settings.ts'
import { createTakeovers } from './takeovers.ts'

export interface Sessions {
  admit(peer: Peer): Promise<Verdict>
  opened(peer: Peer): void
  closed(peer: Peer, reason: string): void
  presence(peer: Peer, message: PresenceMessage): Promise<void>
  takenOver(peer: Peer): void
  /** Bars a host from everything but presence, or lets it back. */
  setStanding(tx: Tx, host: HostKey, standing: Standing, why: string | null): Promise<void>
  live(host: string): Live | undefined
  heard(host: string): void
  /** Resolves when every departure that was under way is written. */
  settled(): Promise<void>
}

export type SessionParts = Surroundings & {
  readonly store: Store
  readonly settings: Settings
  readonly events: Events
  readonly audit: Audit
  readonly dispatch: Dispatch
  readonly sections: () => Sections
  readonly bus: () => Bus
}

export function createSessions(parts: SessionParts): Sessions {
  const live = new Map<string, Live>()
  const takeovers = createTakeovers()
  const departures = createDepartures({ ...parts, write: (session, reason) => depart(parts, session, reason) })
  return {
    admit: peer => admit(parts, peer),
    opened: peer => {
      const unknown = { supports: undefined, clockSkewMs: undefined }
      live.set(peer.host, { peer, ...unknown, lastSeen: parts.clock.now(), standing: 'active' })
    },
    closed: (peer, reason) => {
      const session = live.get(peer.host)
      if (session?.peer.connection !== peer.connection) return
      live.delete(peer.host)
      if (session.supports !== undefined) void departures.begin(session, reason)
    },
    presence: async (peer, message) => {
      const session = live.get(peer.host)
      if (session?.peer.connection !== peer.connection) return
      if (message.state === 'online') {
        session.clockSkewMs = clockSkewMs(message, parts.clock.now())
        const untold = departures.recall(peer.host)
        const stormy = takeovers.stormy(peer, message.bootId, parts.clock.now())
        try {
          return await arrive(parts, { session, birth: message, untold, stormy })
        } finally {
          // Its connection may have ended while its arrival was written, when there was nothing to take leave from yet.
          if (live.get(peer.host)?.supports !== undefined) departures.recall(peer.host)
          else if (session.supports !== undefined) void departures.begin(session, 'lost')
        }
      }
      // The farewell comes before the socket closes; the close that follows then has nothing left to say.
      live.delete(peer.host)
      if (session.supports !== undefined) await departures.begin(session, message.reason)
    },
    takenOver: peer => takeovers.note(peer, parts.clock.now()),
    setStanding: async (tx, host, standing, why) => {
      await writeStanding(tx, host, standing, why)
      tx.afterCommit(() => {
        const session = live.get(host.host)
        if (session !== undefined) session.standing = standing
        // Or the next session after a release would be one too many again.
        if (standing === 'active') takeovers.forget(host.host)
        // A new session starts with new tickets and learns its standing.
        parts.bus().disconnect(host.host, `standing-${standing}`)
      })
    },
    live: host => live.get(host),
    heard: host => {
      const session = live.get(host)
      if (session !== undefined) session.lastSeen = parts.clock.now()
    },
    settled: () => departures.settled(),
  }
}

async function admit({ store, settings, clock, audit }: SessionParts, peer: Peer): Promise<Verdict> {
  if (peer.installation !== settings.installation) return { allow: false, code: 'other-installation' }
  const { project, host, certificate: known, standing } = await findAdmission(store, peer)
  if (project?.state === 'deleting') return { allow: false, code: 'project-closed' }
  if (host === undefined) return { allow: false, code: 'host-unknown' }
  if (host.state !== 'onboarded')
    return { allow: false, code: host.state === 'deleted' ? 'host-deleted' : 'host-revoked' }
  const certificate = known ?? (await adopt({ store, settings, audit, clock }, peer))
  if (certificate === undefined || certificate.host !== peer.host) return { allow: false, code: 'certificate-unknown' }
  const why = refusal(certificate, host.epoch, clock.now())
  return why === undefined ? { allow: true, standing } : { allow: false, code: why }
}

type Arrival = {
  readonly session: Live
  readonly birth: Birth
  readonly stormy: boolean
  /** Tells of the departure before, which was held back. */
  readonly untold: (() => Promise<void>) | undefined
}

async function arrive(parts: SessionParts, { session, birth, stormy, untold }: Arrival): Promise<void> {
  if (session.supports !== undefined) return refresh(parts, session, birth)
  const { store, clock, random, digest, dispatch } = parts
  const { peer } = session
  const fresh = Buffer.from(random(24)).toString('base64url')
  const arrived = store.together(peer.project, async tx => {
    const row = presenceRowIn(tx, peer)
    const presented = digest(birth.ticket)
    const clone = ticketStanding(row, presented) === 'stale' || stormy
    const quarantined = row?.standing === 'quarantined' || clone
    const why = clone ? cloneReason(stormy) : (row?.standing_why ?? null)
    const kept = { ticket: row?.ticket ?? null, previous: row?.previous_ticket ?? null }
    const tickets = quarantined ? kept : { ticket: digest(fresh), previous: presented }
    const standing: Standing = quarantined ? 'quarantined' : 'active'
    const since = goesOn(row, { peer, birth }) ? row.since : undefined
    writeArrival(tx, { peer, birth, standing, why: quarantined ? why : null, tickets, now: clock.now(), since })
    await useCertificate(tx, peer, clock.now())
    if (since === undefined) await announceArrival(parts, tx, { peer, birth })
    if (clone && row?.standing !== 'quarantined') await announceClone(parts, tx, { peer, why })
    return { standing, ticket: quarantined ? birth.ticket : fresh }
  })
  const verdict = await arrived.catch(async thrown => {
    await untold?.()
    throw thrown
  })
  session.supports = supportedBy(birth)
  session.standing = verdict.standing
  parts.bus().setStanding(peer.host, verdict.standing)
  const witness = parts.audit.witness()
  await dispatch.receipt(peer, [], {
    ticket: verdict.ticket,
    sections: [...parts.sections().names],
    standing: verdict.standing,
    ...(witness === undefined ? {} : { witness }),
  })
  if (verdict.standing === 'quarantined') return
  await dispatch.allDesired(peer, { epoch: birth.epoch, revisions: birth.holds })
  await dispatch.commands(peer, 'all')
}

/**
 * A later birth message of a session: its facts have changed, or it shows that the new ticket is kept. From then on the
 * ticket before is old, so that the first of two copies to return with it gives itself away.
 */
async function refresh({ store, digest }: SessionParts, session: Live, birth: Birth): Promise<void> {
  const { peer } = session
  session.supports = supportedBy(birth)
  await store.together(peer.project, async tx => {
    const row = presenceRowIn(tx, peer)
    const keptNewest = ticketStanding(row, digest(birth.ticket)) === 'current'
    writeRefresh(tx, peer, { birth, forgetPrevious: keptNewest && session.standing === 'active' })
  })
}

/** All that is kept of a birth message in memory: there are as many as hosts. */
function supportedBy({ capabilities }: Birth): readonly string[] {
  return capabilities.filter(({ supported }) => supported).map(({ section }) => section)
}

function cloneReason(stormy: boolean): string {
  return stormy
    ? 'two machines keep taking over one identity'
    : 'it presented an old session ticket: a copy of this identity is in use'
}

async function announceArrival({ events }: SessionParts, tx: Tx, { peer, birth }: Told): Promise<void> {
  const { project, host: subject, address } = peer
  const data = { address, agent: birth.agent, bootId: birth.bootId }
  await events.emit(tx, { project, type: 'host.online', subject, data })
}

type Clone = { readonly peer: Peer; readonly why: string | null }

async function announceClone({ events, audit }: SessionParts, tx: Tx, { peer, why }: Clone): Promise<void> {
  const { project, host: subject, address } = peer
  await events.emit(tx, { project, type: 'host.quarantined', subject, data: { why } })
  await audit.append(tx, {
    chain: projectChain(project),
    principal: SYSTEM,
    action: 'host.quarantine',
    target: subject,
    outcome: 'done',
    detail: { why, address },
  })
}

async function depart({ store, clock, events }: SessionParts, { peer, lastSeen }: Live, reason: string): Promise<void> {
  await store.together(peer.project, async tx => {
    if (!writeDeparture(tx, peer, { reason, now: clock.now(), lastSeen })) return
    await events.emit(tx, { project: peer.project, type: 'host.offline', subject: peer.host, data: { reason } })
  })
}
