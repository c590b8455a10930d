// SPDX-License-Identifier: Apache-2.0
/** Carries runs forward, step by step, from wherever they stand in the store. */
import { asProblem, DAY, formatTime, MINUTE, Problem, SECOND } from '../../../../plugins/contract/index.ts'
import { projectChain } from '../../../kernel/audit.ts'
import { SYSTEM } from '../../../kernel/permissions.ts'
import { boot, power, setActivation } from './playbook-acts.ts'
import { policyOf } from './playbook-policy.ts'
import {
  notify,
  readDrift,
  readLog,
  readPower,
  readSwitches,
  verify,
  waitForAgent,
  waitForTunnel,
} from './playbook-reads.ts'
import { changeRun, findRun, hasRoom, OPEN, type RunKey, tellOfRun } from './playbook-runs.ts'
import { ageOf, type Progress, type Scene, type Scratch, seen, skipped, waiting } from './playbook-scene.ts'
import { isOn, type PlaybookParts } from './playbook-situation.ts'
import { playbookNamed } from './playbooks/built-in.ts'
import { classOf, type PlayStep, wordsOf } from './playbooks/playbook.ts'
import type { PlaybookRunRow } from './tables-drift.ts'

/** A run that waits for its place looks again after this. */
const QUEUE_MS = 5 * SECOND
const APPROVAL_MS = DAY
const APPROVAL_LOOK_MS = 10 * MINUTE
/** A device that does not answer is asked again for so long. */
const PATIENCE_MS = 3 * MINUTE
const ASK_AGAIN_MS = 15 * SECOND

/** Answers when to go on; nothing when the run has ended. */
export async function advance(parts: PlaybookParts, key: RunKey, signal: AbortSignal): Promise<number | undefined> {
  for (;;) {
    signal.throwIfAborted()
    const row = await findRun(parts.kernel.store, key)
    if (row === undefined || !OPEN.includes(row.state)) return undefined
    const step = playbookNamed(row.playbook)?.steps[row.step]
    const progress = await turn(parts, row, { step, signal })
    if (progress === 'ended') return undefined
    if (progress !== 'on') return progress.againMs
  }
}

type Turn = 'on' | 'ended' | { readonly againMs: number }

type Turning = { readonly step: PlayStep | undefined; readonly signal: AbortSignal }

async function turn(parts: PlaybookParts, row: PlaybookRunRow, { step, signal }: Turning): Promise<Turn> {
  const { clock } = parts.kernel
  if (row.state === 'queued') return begin(parts, row)
  if (playbookNamed(row.playbook) === undefined)
    return finish(parts, row, 'failed', 'there is no such playbook any more')
  if (step === undefined) return finish(parts, row, 'done', 'all steps were taken')
  if (row.state === 'approval') return waitForApproval(parts, row)
  if (row.step_at === null) return start(parts, row)
  const scratch = JSON.parse(row.scratch) as Scratch // written by `remember` only
  const scene: Scene = { parts, row, step, scratch, now: clock.now(), signal }
  return settle(scene, await takeOrFail(scene))
}

async function begin({ kernel }: PlaybookParts, row: PlaybookRunRow): Promise<Turn> {
  const now = kernel.clock.now()
  return kernel.store.change(async tx => {
    if (!(await hasRoom(tx, now, row, 'begun_at'))) {
      const says = 'waits: enough machines of its site are begun with in this minute'
      await changeRun(kernel, tx, row, { says })
      return { againMs: QUEUE_MS }
    }
    const change = { state: 'running' as const, begun_at: formatTime(now), says: 'begun' }
    if (!(await changeRun(kernel, tx, row, change))) return 'ended'
    await tellOfRun(kernel, tx, { ...row, phase: 'begun', says: row.reason ?? '' })
    return 'on'
  })
}

async function start({ kernel }: PlaybookParts, row: PlaybookRunRow): Promise<Turn> {
  const step_at = formatTime(kernel.clock.now())
  await kernel.store.change(tx => changeRun(kernel, tx, row, { step_at, scratch: '{}' }))
  return 'on'
}

async function waitForApproval(parts: PlaybookParts, row: PlaybookRunRow): Promise<Turn> {
  const { clock } = parts.kernel
  const since = row.step_at === null ? clock.now() : Date.parse(row.step_at)
  if (clock.now() - since < APPROVAL_MS) return { againMs: APPROVAL_LOOK_MS }
  return finish(parts, row, 'failed', 'nobody approved it within a day')
}

async function takeOrFail(scene: Scene): Promise<Progress> {
  try {
    return await take(scene)
  } catch (thrown) {
    const { parts, row, signal } = scene
    signal.throwIfAborted()
    if (!(thrown instanceof Problem))
      parts.log.error('a step of a playbook broke', { run: row.id, error: String(thrown) })
    const { title, detail, retry } = asProblem(thrown)
    const says = detail === undefined ? title : `${title}: ${detail}`
    const mayAsk = retry !== 'never' && ageOf(scene) < PATIENCE_MS && (await hasNotActed(scene))
    return mayAsk ? waiting(says, ASK_AGAIN_MS) : { is: 'failed', says }
  }
}

/** What acts writes down first that it may be done, and is then not done again. */
async function hasNotActed({ parts, row }: Scene): Promise<boolean> {
  return (await findRun(parts.kernel.store, row))?.scratch === '{}'
}

async function take(scene: Scene): Promise<Progress> {
  const { step, row, scratch } = scene
  const isUnderWay = Object.keys(scratch).length > 0
  if (!isUnderWay) {
    const left = await leftOut(scene)
    if (left !== undefined) return left
    const held = await needsApproval(scene)
    if (held !== undefined) return held
  }
  switch (step.do) {
    case 'read-power':
      return readPower(scene)
    case 'read-event-log':
      return readLog({ ...scene, step })
    case 'read-features':
      return readSwitches(scene)
    case 'read-drift':
      return readDrift(scene)
    case 'wait-for-agent':
      return waitForAgent({ ...scene, step })
    case 'wait-for-tunnel':
      return waitForTunnel({ ...scene, step })
    case 'verify':
      return verify({ ...scene, step })
    case 'power':
      return power({ ...scene, step })
    case 'boot-once':
      return boot({ ...scene, step })
    case 'activate':
    case 'deactivate':
      return setActivation({ ...scene, step })
    case 'ask-approval':
      return { is: 'done', says: `approved by ${row.approved_by}` }
    case 'notify':
      return notify({ ...scene, step })
  }
}

async function leftOut(scene: Scene): Promise<Progress | undefined> {
  const { step, row } = scene
  if (step.unless === undefined) return undefined
  const now = await seen(scene)
  // Whether the first act helped shows on nothing but the agent; without one it is not done again.
  if (step.unless === 'agent-back' && !now.hasAgent && row.acted_at !== null) return skipped('it never had an agent')
  if (step.unless === 'agent-back' && now.isBack) return skipped('its agent is connected')
  if (step.unless === 'on' && isOn(now)) return skipped('it is on')
  return undefined
}

async function needsApproval({ parts, row, step }: Scene): Promise<Progress | undefined> {
  if (row.approved_by !== null) return undefined
  if (step.do === 'ask-approval') return { is: 'held', says: step.why }
  const { approvalFromClass } = await policyOf(parts, row.project)
  if (approvalFromClass === undefined || classOf(step) < approvalFromClass) return undefined
  return { is: 'held', says: wordsOf(step) }
}

async function settle({ parts, row, step }: Scene, progress: Progress): Promise<Turn> {
  const { kernel } = parts
  const { says } = progress
  if (progress.is === 'waiting') {
    if (row.says !== says) await kernel.store.change(tx => changeRun(kernel, tx, row, { says }))
    return { againMs: progress.forMs }
  }
  if (progress.is === 'held') return hold(parts, row, says)
  const line = { step: row.step, outcome: progress.is, says }
  const goesOn = progress.is !== 'failed' || step.optional === true
  const next = goesOn ? { step: row.step + 1, step_at: null, scratch: '{}' } : {}
  const told = says.split('\n')[0] ?? ''
  const isOpen = await kernel.store.change(async tx => {
    const changed = await changeRun(kernel, tx, row, { ...next, says: told, line })
    if (changed)
      await tellOfRun(kernel, tx, { ...row, phase: 'step', says: `${wordsOf(step)}: ${progress.is}: ${told}` })
    return changed
  })
  if (!isOpen) return 'ended'
  return goesOn ? 'on' : finish(parts, row, 'failed', told)
}

async function hold({ kernel }: PlaybookParts, row: PlaybookRunRow, says: string): Promise<Turn> {
  await kernel.store.change(async tx => {
    const line = { step: row.step, outcome: 'note' as const, says: `waits for approval: ${says}` }
    const changed = await changeRun(kernel, tx, row, { state: 'approval', says: `waits for approval: ${says}`, line })
    if (changed) await tellOfRun(kernel, tx, { ...row, phase: 'approval', says })
  })
  return { againMs: APPROVAL_LOOK_MS }
}

async function finish(
  { kernel }: PlaybookParts,
  row: PlaybookRunRow,
  state: 'done' | 'failed',
  says: string,
): Promise<Turn> {
  const finished_at = formatTime(kernel.clock.now())
  await kernel.store.change(async tx => {
    if (!(await changeRun(kernel, tx, row, { state, says, finished_at }))) return
    await tellOfRun(kernel, tx, { ...row, phase: state, says })
    await kernel.audit.append(tx, {
      chain: projectChain(row.project),
      principal: SYSTEM,
      action: 'oob.playbook.end',
      target: row.guid,
      outcome: 'done',
      detail: { run: row.id, playbook: row.playbook, state, says },
    })
  })
  return 'ended'
}
