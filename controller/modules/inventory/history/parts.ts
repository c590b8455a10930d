// SPDX-License-Identifier: Apache-2.0
/** The parts of a host that have a history, and when two values of one are the same. Pure. */
import { canonical, type Json, type ReportedMessage } from '../../../../plugins/contract/index.ts'
import type { Desired, Reported } from '../../../kernel/documents.ts'
import { deriveStatus } from '../../../kernel/host-status.ts'
import type { Host } from '../../../kernel/hosts.ts'
import type { Presence } from '../../../kernel/presence.ts'

export const PARTS = ['record', 'status', 'presence'] as const
export type Part = (typeof PARTS)[number] | `${'section' | 'desired'}:${string}`

export type PastStatus = { readonly text: string; readonly indicator: string; readonly since: string }
export type PastPresence = Omit<Presence, 'lastSeen'>
export type PastReport = Omit<Reported, 'section' | 'receivedAt'>

/** A value with what is compared of it. */
export type Snapshot = { readonly part: Part; readonly value: object; readonly compared: unknown; readonly at: string }

export function recordOf(host: Host): Snapshot {
  // The status is a part of its own.
  const { updatedAt, status: _, ...compared } = host
  return { part: 'record', value: host, compared, at: updatedAt }
}

/** What the host's status and presence are, from its record and what is known of its sessions. */
export function standingOf(host: Host, presence: Presence | undefined): readonly Snapshot[] {
  const { state, waitingOn, createdAt, updatedAt } = host
  const { text, indicator, at } = deriveStatus({ state, waitingOn, createdAt, changedAt: updatedAt, presence })
  const value: PastStatus = { text, indicator, since: at }
  const status: Snapshot = { part: 'status', value, compared: { text, indicator }, at }
  if (presence === undefined) return [status]
  const { lastSeen: _, ...kept } = presence
  return [status, { part: 'presence', value: kept, compared: kept, at: presence.since }]
}

/** What a host reported of a section, as far as the answer to "what was it like" goes. */
export function reportOf(section: string, report: ReportedMessage | Reported, at: string): Snapshot {
  const { revision, status, plugin } = report
  // Reports were checked against the schema of messages when they came in.
  const observed = (report.observed ?? null) as Json
  const problem = report.problem as Json | undefined
  const value: PastReport = {
    revision,
    status,
    observed,
    plugin,
    at: report.at,
    ...(problem === undefined ? {} : { problem }),
  }
  return { part: `section:${section}`, value, compared: { status, observed, code: codeOf(problem) }, at }
}

/** What was wanted of a section, from which revision on; `content` is `null` where it was no longer managed. */
export function wishFor({ section, ...value }: Desired): Snapshot {
  const { revision, updatedAt } = value
  return { part: `desired:${section}`, value, compared: { revision }, at: updatedAt }
}

function codeOf(problem: Json | undefined): Json {
  return typeof problem === 'object' && problem !== null && 'code' in problem ? (problem.code ?? null) : null
}

/** The text of which a digest is taken; members in any order, absent ones left out. */
export function comparedText({ compared }: Snapshot): string {
  return canonical(JSON.parse(JSON.stringify(compared)))
}
