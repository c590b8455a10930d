// SPDX-License-Identifier: Apache-2.0
/** Decides whether signed messages order an act: the same checks as the agent's, with a memory of its own. */
import { Type } from 'typebox'
import {
  type CommandMessage,
  type CommandType,
  DAY,
  type EpochMs,
  formatTime,
  newUlid,
  type Problem,
  parseTime,
  type Section,
} from '../../plugins/contract/index.ts'
import { problem as refusal } from '../commands/problems.ts'
import { type Audience, SKEW_MS, verifyCommand } from '../commands/verify.ts'
import { silentLog } from '../log.ts'
import { DESIRED, denies, type LocalPolicy } from '../policy.ts'
import { acceptDesired } from '../reconcile/documents.ts'
import type { Journal } from '../state/journal.ts'
import type { System } from '../system/system.ts'
import { problem } from './problems.ts'
import type { TrustCopy } from './trust-copy.ts'
import type { Evidence } from './wire.ts'

export type CommandOrder = {
  readonly section: Section
  readonly name: string
  /** The act it is used for: once each. */
  readonly verb: string
  /** How much later than its deadline it may be used, because it told the host to wait; in milliseconds. */
  readonly waitMs?: (input: unknown) => number
  /** Whether it orders what was asked for. */
  readonly fits?: (input: unknown) => boolean
}

/** What a request brought, and whether it counts. */
export interface Warrants {
  /**
   * Takes the command that orders an act; it never orders it again, also after a crash. Returns its input.
   * Throws what the first message that came near was refused for, `already-done`, or `not-authorized`.
   */
  command(order: CommandOrder): Promise<unknown>
  /** The newest desired content of a section, checked by its schema. Throws the same but `already-done`. */
  desired(section: Section): Promise<unknown>
  /** Every proven content for a section of which only the name is known: desired, and inputs of commands, not used up. */
  anything(section: string, verb: string): Promise<readonly Bearer[]>
}

/** A proven content; `take` uses a command up, and must be called before the act. */
export type Bearer = { readonly content: unknown; readonly take: () => void }

export type WarrantParts = {
  readonly system: Pick<System, 'clock' | 'random' | 'bootId'>
  readonly journal: Journal
  readonly copy: TrustCopy
  readonly policy: LocalPolicy
  /** How far the system clock is behind real time, as far as that was proved. */
  readonly now: () => EpochMs
}

const TEXT = new TextEncoder()

export function createWarrants(parts: WarrantParts, evidence: readonly Evidence[]): Warrants {
  const commands = evidence.filter(each => each.kind === 'command').map(each => each.message)
  const documents = evidence.filter(each => each.kind === 'desired').map(each => each.message)
  return {
    async command(order) {
      const bootId = await parts.system.bootId()
      let why: Problem | undefined
      for (const message of commands) {
        if (message.head.section !== order.section.name || message.head.name !== order.name) continue
        const judged = judgeCommand(parts, message, order)
        if (judged !== undefined) why ??= judged
        else if (!use(parts, message, { verb: order.verb, bootId })) why ??= problem('already-done', message.head.id)
        else return message.input
      }
      throw why ?? problem('not-authorized', `no command ${order.section.name}/${order.name} came with the request`)
    },
    async desired(section) {
      let why: Problem | undefined
      for (const message of documents) {
        if (message.head.section !== section.name) continue
        const judged = judgeDesired(parts, message, section)
        if (judged === undefined) return message.content
        why ??= judged
      }
      throw why ?? problem('not-authorized', `no desired document of ${section.name} came with the request`)
    },
    async anything(name, verb) {
      const bootId = await parts.system.bootId()
      const proven: Bearer[] = []
      let why: Problem | undefined
      for (const message of documents.filter(each => each.head.section === name)) {
        const judged = judgeDesired(parts, message, undefined)
        if (judged === undefined) proven.push({ content: message.content, take: () => undefined })
        why ??= judged
      }
      for (const message of commands.filter(each => each.head.section === name)) {
        const section = anySection(name, message.head.name)
        const judged = judgeCommand(parts, message, { section, name: message.head.name, verb })
        why ??= judged
        if (judged !== undefined) continue
        const take = (): void => {
          if (!use(parts, message, { verb, bootId })) throw problem('already-done', message.head.id)
        }
        proven.push({ content: message.input, take })
      }
      if (proven.length === 0) throw why ?? problem('not-authorized', `no message of ${name} came with the request`)
      return proven
    },
  }
}

const keyOf = ({ head }: CommandMessage, verb: string): string => `${head.id} ${verb}`

function judgeCommand(parts: WarrantParts, message: CommandMessage, order: CommandOrder): Problem | undefined {
  const { journal, policy } = parts
  const waitMs = order.waitMs?.(message.input) ?? 0
  const now = parts.now()
  const verdict = verifyCommand(TEXT.encode(JSON.stringify(message)), {
    audience: audienceOf(parts),
    now: dueAt(message, { now, waitMs }),
    known: () => (journal.commands.get(keyOf(message, order.verb)) === undefined ? undefined : 'begun'),
    section: name => (name === order.section.name ? order.section : undefined),
    policy,
    topicSection: order.section.name,
  })
  if (verdict.verdict === 'known') return problem('already-done', message.head.id)
  if (verdict.verdict !== 'run') return verdict.problem
  seenEpoch(parts, message.head.epoch)
  if (now + SKEW_MS < (parseTime(message.head.issuedAt) ?? now) + waitMs)
    return refusal('not-yet-valid', `it told the host to wait for ${waitMs} ms`)
  if (order.fits?.(message.input) === false)
    return problem('not-authorized', `command ${message.head.id} orders something else`)
  return undefined
}

/** The moment at which a command that told the host to wait was due: the wait counts from when it was issued. */
function dueAt({ head }: CommandMessage, { now, waitMs }: { readonly now: EpochMs; readonly waitMs: number }): EpochMs {
  const issued = parseTime(head.issuedAt) ?? now
  return Math.min(now, Math.max(issued, now - waitMs))
}

/** Writes down that a command is used, before it is: after a crash it counts as used. False when it was already. */
function use(
  { journal, system }: WarrantParts,
  message: CommandMessage,
  { verb, bootId }: { readonly verb: string; readonly bootId: string },
): boolean {
  const id = keyOf(message, verb)
  const at = system.clock.now()
  // By whichever is later, because a clock that is ahead now may be right again tomorrow.
  const keepUntil = Math.max(parseTime(message.head.expiresAt) ?? at, at) + DAY
  return journal.atomically(() => {
    if (!journal.commands.begin({ id, startedAt: at, bootId, message }, keepUntil)) return false
    const result = { id: newUlid(at, system.random), command: message.head.id, status: 'succeeded', at: formatTime(at) }
    journal.commands.finish(id, { ...result, status: 'succeeded' })
    return true
  })
}

function judgeDesired(parts: WarrantParts, message: Evidence['message'], section: Section | undefined) {
  const { journal, policy } = parts
  const name = message.head.section
  const accepted = acceptDesired(
    { journal, log: silentLog(), audience: () => audienceOf(parts), section: () => section },
    name,
    TEXT.encode(JSON.stringify(message)),
  )
  if (accepted.status !== 'kept' && accepted.status !== 'known') return accepted.problem
  seenEpoch(parts, message.head.epoch)
  if (denies(policy, name, DESIRED, 2)) return refusal('local-policy', policy.fault ?? `${name}/${DESIRED}`)
  return undefined
}

function audienceOf({ copy, journal }: WarrantParts): Audience {
  const { host, project, installation, trust } = copy
  return {
    host,
    project,
    installation,
    trust,
    epoch: Math.max(trust.head.epoch, Number(journal.values.get('epoch') ?? 0)),
  }
}

/** A message of a restored controller makes those from before the restore stale, for the helper as for the agent. */
function seenEpoch({ journal }: WarrantParts, epoch: number): void {
  if (epoch > Number(journal.values.get('epoch') ?? 0)) journal.values.put('epoch', String(epoch))
}

const ANYTHING: CommandType = {
  title: 'Any command of a section that was granted',
  input: Type.Unknown(),
  output: Type.Unknown(),
  class: 2,
  ttlMs: 0,
  timeoutMs: 0,
  impact: 'none',
}

/** A section of which the helper knows nothing but the name: its commands are judged by everything but their schema. */
function anySection(name: string, command: string): Section {
  return { name, title: name, desired: Type.Unknown(), observed: Type.Unknown(), commands: { [command]: ANYTHING } }
}
