// SPDX-License-Identifier: Apache-2.0
/** What keeps a host as a whole: its state, its sessions, its certificate, its clock. Pure. */
import { DAY, formatAge, MINUTE } from '../../plugins/contract/index.ts'
import type { Blocker } from '../kernel/module.ts'
import { RANKS, spelled } from '../kernel/ranks.ts'
import type { Facts } from './facts.ts'

const MOST_SKEW_MS = 5 * MINUTE
const EXPIRES_SOON_MS = 3 * DAY
const PENDING_TOO_LONG_MS = 10 * MINUTE

export function standingBlockers(facts: Facts): readonly Blocker[] {
  return [...lifeBlockers(facts), ...presenceBlockers(facts), ...certificateBlockers(facts), ...clockBlockers(facts)]
}

function lifeBlockers({ host }: Facts): readonly Blocker[] {
  if (host.desired === 'deleted') {
    return [
      {
        code: 'deleting',
        rank: RANKS.gone,
        title: `The host is being deleted${host.waitingOn === undefined ? '' : `: ${host.waitingOn}`}`,
        evidence: { waitingOn: host.waitingOn ?? null },
        since: host.updatedAt,
        next: 'remove what it waits on; then the deletion ends by itself',
      },
    ]
  }
  if (host.state === 'untrusted') {
    return [
      {
        code: 'revoked',
        rank: RANKS.gone,
        title: 'The host was revoked: its certificates are refused',
        evidence: { state: host.state, note: host.note },
        since: host.updatedAt,
        next: 'if it shall come back, enroll the machine anew with a fresh join token',
        command: 'muster token create --uses 1 --expires 1h',
      },
    ]
  }
  if (host.state !== 'registered') return []
  const approved = host.desired === 'onboarded'
  return [
    {
      code: approved ? 'not-arrived' : 'not-onboarded',
      rank: RANKS.arriving,
      title: approved ? 'The machine has not come yet' : 'The host is only registered; nobody has let it in',
      evidence: { registration: host.registration.says, uuid: host.uuid ?? null, serial: host.serial ?? null },
      since: host.createdAt,
      next: approved
        ? 'start the agent on the machine with this UUID or serial number and a join token'
        : 'onboard it; then its machine may come in',
      command: approved ? 'muster token create --uses 1 --expires 1h' : `muster host onboard ${spelled(host)}`,
    },
  ]
}

function presenceBlockers({ host, presence, now }: Facts): readonly Blocker[] {
  if (host.state !== 'onboarded' || host.desired === 'deleted') return []
  if (presence === undefined || presence.reason === 'never-connected') {
    return [
      {
        code: 'never-connected',
        rank: RANKS.arriving,
        title: 'The host has its certificate and has never connected',
        evidence: { onboarding: host.onboarding.says, onboardedAt: host.onboarding.at },
        since: presence?.since ?? host.createdAt,
        next: 'look whether the agent runs on the machine and reaches the port of the controller',
        command: 'muster-agent doctor',
      },
    ]
  }
  return [...quarantineBlockers(presence, host), ...offlineBlockers(presence, now)]
}

type Seen = NonNullable<Facts['presence']>

function quarantineBlockers({ standing, standingWhy, since }: Seen, host: Facts['host']): readonly Blocker[] {
  if (standing !== 'quarantined') return []
  return [
    {
      code: 'quarantined',
      rank: RANKS.quarantine,
      title: `The host is quarantined: ${standingWhy ?? 'see the audit'}`,
      evidence: { why: standingWhy ?? null },
      since,
      next: 'find out which machine is the right one; revoke it, or release it from quarantine with a reason',
      command: `muster host get ${spelled(host)}`,
    },
  ]
}

const OFFLINE: Readonly<Record<string, readonly [title: string, next: string]>> = {
  stopped: ['Its agent was stopped', 'start the agent on the machine'],
  rebooting: ['It is rebooting', 'wait; if it does not come back, look at the machine or its out-of-band management'],
  lost: ['The connection was lost', 'look whether the machine is on and reaches the controller'],
  'controller-restarted': [
    'It has not come back since the controller started',
    'wait a minute; then look at the machine',
  ],
}

function offlineBlockers({ online, reason = 'lost', since, lastSeen, address }: Seen, now: number): readonly Blocker[] {
  if (online) return []
  const [title, next] = OFFLINE[reason] ?? [`Its session ended (${reason})`, 'look at the machine']
  return [
    {
      code: 'offline',
      rank: RANKS.offline,
      title: `The host is offline: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
      evidence: {
        reason,
        lastSeen,
        unseenFor: formatAge(now - Date.parse(lastSeen)),
        ...(address === undefined ? {} : { address }),
      },
      since,
      next,
    },
  ]
}

function certificateBlockers({ host, certificate, presence, now }: Facts): readonly Blocker[] {
  if (certificate === undefined || host.state !== 'onboarded' || certificate.state === 'revoked') return []
  const { not_after: expires, state, issued_at: issuedAt } = certificate
  const leftMs = Date.parse(expires) - now
  if (leftMs <= 0) {
    return [
      {
        code: 'certificate-expired',
        rank: RANKS.certificate,
        title: 'The certificate of the host has expired',
        evidence: { expired: expires },
        since: expires,
        next: 'the agent renews it by itself once it reaches the API; if it cannot, enroll the machine anew',
        command: 'muster token create --uses 1 --expires 1h',
      },
    ]
  }
  if (
    state === 'pending' &&
    now - Date.parse(issuedAt) > PENDING_TOO_LONG_MS &&
    presence?.reason !== 'never-connected'
  ) {
    return [
      {
        code: 'certificate-pending',
        rank: RANKS.renewal,
        title: 'The host was given a new certificate and has not used it',
        evidence: { issuedAt, expires },
        since: issuedAt,
        next: 'it takes it up with its next session; restart the agent if that does not happen',
      },
    ]
  }
  if (leftMs > EXPIRES_SOON_MS) return []
  return [
    {
      code: 'certificate-expiring',
      rank: RANKS.renewal,
      title: `The certificate of the host expires in ${formatAge(leftMs)} and was not renewed`,
      evidence: { expires },
      next: 'look at the log of the agent: it renews by itself while it is online',
    },
  ]
}

function clockBlockers({ clockSkewMs: skewMs, presence }: Facts): readonly Blocker[] {
  if (skewMs === undefined || Math.abs(skewMs) <= MOST_SKEW_MS) return []
  const where = skewMs > 0 ? 'ahead' : 'behind'
  return [
    {
      code: 'clock-off',
      rank: RANKS.clock,
      title: `The clock of the host is ${formatAge(Math.abs(skewMs))} ${where}`,
      evidence: { skewMs },
      ...(presence === undefined ? {} : { since: presence.since }),
      next: 'set up time synchronization on the machine: windows, deadlines and certificates go by its clock',
    },
  ]
}
