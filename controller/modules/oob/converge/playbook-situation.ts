// SPDX-License-Identifier: Apache-2.0
/** How a machine is at this moment, as a playbook needs to know it. */
import { type EpochMs, SECOND } from '../../../../plugins/contract/index.ts'
import { type Presence, presenceOf } from '../../../kernel/presence.ts'
import type { Devices } from '../devices/devices.ts'
import type { LiveRedirections, OobParts, Reaches, Tunnels } from '../ports.ts'
import type { AmtLoop } from './amt-loop.ts'
import type { Drift } from './drift.ts'
import type { PowerOrders } from './power-orders.ts'
import { type StatusLine, statusPage } from './status.ts'
import type { Verdict } from './verdict.ts'

export type PlaybookParts = OobParts & {
  readonly devices: Devices
  readonly reaches: Reaches
  readonly tunnels: () => Tunnels
  readonly redirections: LiveRedirections
  readonly power: PowerOrders
  readonly amt: Pick<AmtLoop, 'wake'>
  readonly drift: Pick<Drift, 'check'>
}

const SETTLE_MS = 3 * SECOND

export type Situation = {
  readonly line: StatusLine | undefined
  readonly host: string | undefined
  readonly verdict: Verdict
  readonly why: string
  readonly hasAgent: boolean
  /** Whether its agent is connected, with a session that is younger than what a run did last. */
  readonly isBack: boolean
  readonly isConnected: boolean
  /** As last read; `undefined` when it never was. */
  readonly power: number | undefined
}

export type Subject = {
  readonly project: string
  readonly guid: string
  /** When the host of a device that is gone must still be known. */
  readonly host: string | undefined
  /** When a run last acted on it. */
  readonly actedAt: EpochMs | undefined
}

export async function situationOf(parts: PlaybookParts, subject: Subject): Promise<Situation> {
  const { project, guid, actedAt } = subject
  const page = await statusPage(parts, project, { limit: 1, guid })
  const line = page.lines[0]
  const host = line?.host ?? subject.host
  const presence = host === undefined ? undefined : (await presenceOf(parts.kernel.store, project, [host])).get(host)
  return {
    line,
    host,
    verdict: line?.verdict ?? 'unknown',
    why: line?.evidence ?? 'there is no such device any more',
    hasAgent: presence !== undefined && presence.reason !== 'never-connected',
    isBack: isBack(presence, actedAt),
    isConnected: line?.connected === true && hasSettled(parts, guid),
    power: line?.power,
  }
}

/** A device that has just logged in still tells which ports it forwards, and some break off when they are asked before. */
export function hasSettled({ tunnels, kernel }: PlaybookParts, guid: string): boolean {
  const tunnel = tunnels().find(guid)
  return tunnel !== undefined && kernel.clock.now() - tunnel.since >= SETTLE_MS
}

function isBack(presence: Presence | undefined, actedAt: EpochMs | undefined): boolean {
  if (presence?.online !== true) return false
  return actedAt === undefined || Date.parse(presence.since) > actedAt
}

/** Whether the machine is on, in its last known state. */
export function isOn({ power }: Situation): boolean {
  return power === 2
}
