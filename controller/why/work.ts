// SPDX-License-Identifier: Apache-2.0
/** What keeps the sections and commands of a host: what was reported of them, and what was not. Pure. */
import type { Json } from '../../plugins/contract/index.ts'
import type { Command } from '../kernel/commands.ts'
import type { Desired, Reported } from '../kernel/documents.ts'
import type { Blocker } from '../kernel/module.ts'
import { RANKS, spelled } from '../kernel/ranks.ts'
import type { Facts } from './facts.ts'

type Told = { readonly code: string; readonly title: string; readonly detail?: string; readonly next?: string }

/** Reports and results carry problems that were checked against their schema when they came in. */
function toldBy(problem: Json | object | undefined): Told | undefined {
  return problem === undefined || problem === null ? undefined : (problem as Told)
}

const SIGNATURE = { code: 'signature-refused', rank: RANKS.signature, title: 'refused what it was sent as not genuine' }
const POLICY = { code: 'local-policy', rank: RANKS.policy, title: 'is forbidden by the owner of the machine' }
const PLUGIN = { code: 'plugin-unavailable', rank: RANKS.plugin, title: 'has no running plugin' }

type Kind = { readonly code: string; readonly rank: number; readonly title: string }

/** Problems of hosts, by what they mean to somebody who waits. */
const KINDS: Readonly<Record<string, Kind>> = {
  'held-window': { code: 'window-closed', rank: RANKS.window, title: 'waits for a maintenance window' },
  'held-busy': { code: 'locked', rank: RANKS.lock, title: 'waits for another act that disturbs the host' },
  'held-link': { code: 'link-needed', rank: RANKS.lock, title: 'waits for the controller to be in reach' },
  'held-policy': POLICY,
  'local-policy': POLICY,
  'approval-missing': {
    code: 'approval-needed',
    rank: RANKS.approval,
    title: 'waits for the approval of a second person',
  },
  'plugin-crashed': PLUGIN,
  'plugin-refused': PLUGIN,
  'plugin-quarantined': {
    code: 'plugin-quarantined',
    rank: RANKS.plugin,
    title: 'has a plugin that crashed too often',
  },
  'bad-signature': SIGNATURE,
  'unknown-key': SIGNATURE,
  'wrong-audience': SIGNATURE,
  'stale-epoch': SIGNATURE,
  'digest-mismatch': SIGNATURE,
  'revision-rollback': SIGNATURE,
  diverging: { code: 'diverging', rank: RANKS.failed, title: 'never comes to an end of its steps' },
}

export function workBlockers(facts: Facts): readonly Blocker[] {
  const wanted = new Map(facts.desired.map(each => [each.section, each]))
  const sections = [...new Set([...wanted.keys(), ...facts.reported.keys()])].sort()
  return [
    ...sections.flatMap(name => sectionBlockers(facts, wanted.get(name), facts.reported.get(name))),
    ...facts.desired.flatMap(desired => capabilityBlockers(facts, desired)),
    ...commandBlockers(facts),
  ]
}

function sectionBlockers(
  facts: Facts,
  desired: Desired | undefined,
  reported: Reported | undefined,
): readonly Blocker[] {
  const behind = desired === undefined ? [] : behindBlockers(facts, desired, reported)
  if (reported === undefined || reported.status === 'settled') return behind
  const isWanted = desired !== undefined && desired.content !== null
  // A machine that lacks something nobody asks of it is kept from nothing.
  if (reported.status === 'unsupported' && !isWanted) return behind
  return [...behind, statusBlocker(facts, reported)]
}

function behindBlockers(
  { host, presence }: Facts,
  { section, revision, updatedAt, updatedBy }: Desired,
  reported: Reported | undefined,
): readonly Blocker[] {
  const answered = reported?.revision ?? 0
  if (answered >= revision) return []
  const waits = presence?.online === true ? 'the host has not answered yet' : 'it is sent when the host is there'
  return [
    {
      code: 'revision-behind',
      rank: RANKS.behind,
      title: `${section} is desired at revision ${revision}; reported is ${answered}: ${waits}`,
      evidence: { desired: revision, reported: answered, by: updatedBy },
      since: updatedAt,
      next: 'wait for the report; what stands above this must be mended first',
      command: `muster section get ${spelled(host)} ${section}`,
      section,
    },
  ]
}

const BY_STATUS: Readonly<Record<string, Kind>> = {
  held: { code: 'held', rank: RANKS.lock, title: 'is held' },
  failed: { code: 'section-failed', rank: RANKS.failed, title: 'failed' },
  unavailable: PLUGIN,
  unsupported: { code: 'section-unsupported', rank: RANKS.failed, title: 'cannot be done by this host' },
  progressing: { code: 'in-progress', rank: RANKS.progress, title: 'is being brought about' },
}

function statusBlocker({ host }: Facts, reported: Reported): Blocker {
  const { section, status, revision, receivedAt, step } = reported
  const told = toldBy(reported.problem)
  const kind = KINDS[told?.code ?? ''] ??
    BY_STATUS[status] ?? { code: `section-${status}`, rank: RANKS.failed, title: `is ${status}` }
  const detail = told?.detail ?? told?.title
  return {
    code: kind.code,
    rank: kind.rank,
    title: `${section} ${kind.title}${detail === undefined ? '' : `: ${detail}`}`,
    evidence: {
      status,
      revision,
      ...(told === undefined ? {} : { problem: told.code }),
      ...(step === undefined ? {} : { step }),
    },
    since: receivedAt,
    next: told?.next ?? NEXT[kind.code] ?? 'look at what the section reports',
    command: `muster section get ${spelled(host)} ${section}`,
    section,
  }
}

const NEXT: Readonly<Record<string, string>> = {
  'in-progress': 'wait for the next report',
  locked: 'wait until the other act is over',
  'plugin-unavailable': 'look at the log of the agent',
}

/** Desired documents that no plugin of the host can take up, as its last birth message says. */
function capabilityBlockers({ host, presence, reported }: Facts, { section, content }: Desired): readonly Blocker[] {
  if (presence === undefined || presence.capabilities.length === 0 || content === null) return []
  // A report of its own says more.
  if (reported.has(section) && reported.get(section)?.status !== 'settled') return []
  const capability = presence.capabilities.find(each => each.section === section)
  if (capability?.supported === true) return []
  const why = capability?.why ?? 'its agent has no plugin for it'
  return [
    {
      code: capability === undefined ? 'no-plugin' : 'section-unsupported',
      rank: RANKS.plugin,
      title: `The host does not support ${section}: ${why}`,
      evidence: { why },
      next: 'install an agent with this plugin, or take the desired document away',
      command: `muster section unset ${spelled(host)} ${section}`,
      section,
    },
  ]
}

const UNANSWERED_MS = 5 * 60_000

function commandBlockers(facts: Facts): readonly Blocker[] {
  const { host, waiting, undone, now } = facts
  const queued = waiting.filter(({ state }) => state === 'queued')
  const silent = waiting.filter(
    ({ state, sentAt }) => state === 'sent' && now - Date.parse(sentAt ?? '') > UNANSWERED_MS,
  )
  const list = `muster command ls --host ${spelled(host)}`
  const group = (
    code: string,
    commands: readonly Command[],
    words: readonly [title: string, next: string],
  ): Blocker[] => {
    const [first] = commands
    if (first === undefined) return []
    const evidence = { count: commands.length, first: `${first.section}/${first.name}`, id: first.id }
    const [title, next] = words
    return [{ code, rank: RANKS.commands, title, evidence, since: first.createdAt, next, command: list }]
  }
  return [
    ...group('commands-waiting', queued, [
      `${counted(queued.length)} for the host to be there`,
      'they are sent when it connects, or end at their deadlines',
    ]),
    ...group('commands-unanswered', silent, [
      `${counted(silent.length)} for an answer of the host`,
      'look at the host before sending anything again: they may or may not have run',
    ]),
    ...undone.map(command => undoneBlocker(command, host)),
  ]
}

function counted(count: number): string {
  return count === 1 ? 'One command waits' : `${count} commands wait`
}

function undoneBlocker(command: Command, host: Facts['host']): Blocker {
  const { id, section, name, state, createdAt, finishedAt } = command
  const told = toldBy(command.problem)
  const kind = KINDS[told?.code ?? '']
  const detail = told?.detail ?? told?.title
  return {
    code: kind?.code ?? `command-${state}`,
    rank: kind?.rank ?? RANKS.commands,
    title: `The command ${section}/${name} ${state === 'failed' ? 'failed' : `was ${state === 'expired' ? 'not done in time' : 'refused'}`}${detail === undefined ? '' : `: ${detail}`}`,
    evidence: { id, state, ...(told === undefined ? {} : { problem: told.code }) },
    since: finishedAt ?? createdAt,
    next: told?.next ?? 'look at its outcome, and send it again if it is still wanted',
    command: state === 'expired' ? `muster command ls --host ${spelled(host)}` : `muster command get ${id}`,
    section,
  }
}
