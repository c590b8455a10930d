// SPDX-License-Identifier: Apache-2.0
/** Starts playbooks by a project's rules, when a verdict has held for long enough and is not everybody's. */
import { type EpochMs, formatTime, MINUTE, Problem } from '../../../../plugins/contract/index.ts'
import { SYSTEM } from '../../../kernel/permissions.ts'
import { createKeyedLoop } from './keyed-loop.ts'
import { type PlannedStep, planOf } from './playbook-plan.ts'
import { policyOf, type RecoveryPolicy, type RecoveryRule } from './playbook-policy.ts'
import { insertRun, tellOfRun } from './playbook-runs.ts'
import { hasSettled, type PlaybookParts, situationOf } from './playbook-situation.ts'
import { playbookNamed } from './playbooks/built-in.ts'
import type { Runs } from './playbooks.ts'
import { type StatusLine, statusPage } from './status.ts'
import type { DriftTables } from './tables-drift.ts'
import type { Verdict } from './verdict.ts'

export interface RecoveryRules {
  begin(): void
  settled(): Promise<void>
  stop(): Promise<void>
}

const LOOK_MS = MINUTE
const PAGE = 200
/** A verdict is drawn from a power state that is not older. */
const POWER_FRESH_MS = 5 * MINUTE
/** Power states read in one look, so that it does not take all its time. */
const POWER_READS = 50
/** When more machines than this, and more than this share of all, are in one trouble, the trouble is elsewhere. */
const COMMON = { machines: 10, share: 0.2 } as const

/** How long a machine is in which trouble, and whether something was done about it. */
type Episode = { readonly verdict: Verdict; readonly since: EpochMs; handled: boolean }

const ALL = 'all projects'

export function createRecoveryRules(parts: PlaybookParts, runs: Runs): RecoveryRules {
  const episodes = new Map<string, Map<string, Episode>>()
  const loop = createKeyedLoop({
    clock: parts.kernel.clock,
    log: parts.log,
    name: 'recovery rules',
    concurrency: 1,
    visit: async (_key, signal) => {
      for (const project of await projectsWithRules(parts)) {
        const known = episodes.get(project) ?? new Map<string, Episode>()
        episodes.set(project, known)
        await lookAt({ parts, runs, project, known, signal }).catch(thrown => {
          signal.throwIfAborted()
          parts.log.error('the rules of a project were not looked after', { project, error: String(thrown) })
        })
      }
      return LOOK_MS
    },
  })
  return { begin: () => loop.wake(ALL), settled: () => loop.settled(), stop: () => loop.stop() }
}

async function projectsWithRules({ kernel }: PlaybookParts): Promise<readonly string[]> {
  const rows = await kernel.store
    .installation<DriftTables>()
    .selectFrom('oob_converge_policies')
    .select('project')
    .where('kind', '=', 'recovery')
    .execute()
  return rows.map(row => row.project)
}

type Watch = {
  readonly parts: PlaybookParts
  readonly runs: Runs
  readonly project: string
  readonly known: Map<string, Episode>
  readonly signal: AbortSignal
}

async function lookAt(watch: Watch): Promise<void> {
  const { parts, project, known, signal } = watch
  const policy = await policyOf(parts, project)
  const rules = new Map<string, RecoveryRule>()
  for (const rule of policy.rules) if (!rules.has(rule.verdict)) rules.set(rule.verdict, rule)
  if (![...rules.values()].some(({ mode }) => mode !== 'off')) return known.clear()
  const lines = await linesOf(parts, project, signal)
  remember(known, lines, parts.kernel.clock.now())
  const common = commonTroubles(lines)
  for (const verdict of common)
    if (rules.has(verdict))
      parts.log.warn('too many machines are in one trouble for a rule to act', { project, verdict })
  for (const { guid, verdict } of lines) {
    signal.throwIfAborted()
    const rule = rules.get(verdict)
    const episode = known.get(guid)
    if (rule === undefined || rule.mode === 'off' || episode === undefined || episode.handled) continue
    if (parts.kernel.clock.now() - episode.since < rule.afterMinutes * MINUTE) continue
    if (!common.has(verdict)) episode.handled = await handle(watch, { guid, rule, policy })
  }
}

type Judged = StatusLine & { readonly guid: string }

/** Machines that have firmware to act through; power states that are too old are read first. */
async function linesOf(parts: PlaybookParts, project: string, signal: AbortSignal): Promise<readonly Judged[]> {
  const found: Judged[] = []
  let reads = POWER_READS
  let cursor: string | undefined
  do {
    signal.throwIfAborted()
    const page = await statusPage(parts, project, { cursor, limit: PAGE })
    for (const line of page.lines) {
      const { guid } = line
      if (guid === undefined) continue
      const isOld = line.verdict !== 'running' && !isFresh(line, parts.kernel.clock.now()) && hasSettled(parts, guid)
      const fresh = isOld && reads-- > 0 ? await withPower(parts, { project, guid }, signal) : line
      found.push({ ...(fresh ?? line), guid })
    }
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return found
}

function isFresh({ powerReadAt }: StatusLine, now: EpochMs): boolean {
  return powerReadAt !== undefined && now - Date.parse(powerReadAt) < POWER_FRESH_MS
}

type Key = { readonly project: string; readonly guid: string }

async function withPower(parts: PlaybookParts, { project, guid }: Key, signal: AbortSignal) {
  try {
    await parts.power.look(project, guid, signal)
  } catch (thrown) {
    signal.throwIfAborted()
    if (!(thrown instanceof Problem)) throw thrown
  }
  return (await statusPage(parts, project, { limit: 1, guid })).lines[0]
}

function remember(known: Map<string, Episode>, lines: readonly Judged[], now: EpochMs): void {
  const present = new Set(lines.map(({ guid }) => guid))
  for (const guid of known.keys()) if (!present.has(guid)) known.delete(guid)
  for (const { guid, verdict } of lines) {
    if (known.get(guid)?.verdict !== verdict) known.set(guid, { verdict, since: now, handled: false })
  }
}

function commonTroubles(lines: readonly Judged[]): ReadonlySet<string> {
  const counts = new Map<string, number>()
  for (const { verdict } of lines) counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
  const isCommon = (count: number): boolean => count > COMMON.machines && count > lines.length * COMMON.share
  return new Set([...counts].filter(([, count]) => isCommon(count)).map(([verdict]) => verdict))
}

type Handling = { readonly guid: string; readonly rule: RecoveryRule; readonly policy: RecoveryPolicy }

/** Answers whether the episode is dealt with; otherwise it is tried again at the next look. */
async function handle(watch: Watch, handling: Handling): Promise<boolean> {
  const { parts, runs, project } = watch
  const { guid, rule } = handling
  const playbook = playbookNamed(rule.playbook)
  if (playbook === undefined) return true
  const reason = `${rule.verdict} for ${rule.afterMinutes} minutes or more`
  const mayRestart = rule.mayRestart === true
  try {
    if (rule.mode === 'run') await runs.start({ project, guid, playbook, by: SYSTEM, reason, mayRestart })
    else await rehearse(watch, handling, reason)
    return true
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown
    parts.log.info('a rule did not start a playbook', { guid, playbook: playbook.name, code: thrown.code })
    return thrown.code === 'playbook-limit'
  }
}

/** Writes down what would have been done. */
async function rehearse({ parts, project }: Watch, { guid, rule, policy }: Handling, reason: string): Promise<void> {
  const { kernel } = parts
  const playbook = playbookNamed(rule.playbook)
  if (playbook === undefined) return
  const mayRestart = rule.mayRestart === true
  const now = await situationOf(parts, { project, guid, host: undefined, actedAt: undefined })
  const { steps } = planOf({ playbook, now, policy, mayRestart, refusal: undefined })
  const run = { project, guid, host: now.host, playbook, by: SYSTEM, reason, url: undefined, mayRestart }
  const at = formatTime(kernel.clock.now())
  const lines = steps.map(({ says, would, why }: PlannedStep, step) => {
    return { at, step, outcome: 'note' as const, says: `${would}: ${says} (${why})` }
  })
  await kernel.store.change(async tx => {
    const id = await insertRun(kernel, tx, run, { state: 'dry-run', says: reason, lines })
    await tellOfRun(kernel, tx, { project, guid, id, playbook: playbook.name, phase: 'would-run', says: reason })
  })
}
