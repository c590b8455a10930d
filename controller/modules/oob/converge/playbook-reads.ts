// SPDX-License-Identifier: Apache-2.0
/** Steps of playbooks that change nothing: they read, wait and tell. */
import { MINUTE, Problem } from '../../../../plugins/contract/index.ts'
import { readEventLog } from '../device/event-log.ts'
import type { EventRecord } from '../device/event-record.ts'
import { readFeatures } from '../device/features.ts'
import { starterOf, tellOfRun } from './playbook-runs.ts'
import {
  ageOf,
  done,
  failed,
  type Progress,
  type Scene,
  type StepOf,
  seen,
  skipped,
  waiting,
} from './playbook-scene.ts'
import type { Situation } from './playbook-situation.ts'
import { eimPowerOf } from './words.ts'

export async function readPower({ parts, row, signal }: Scene): Promise<Progress> {
  const state = await parts.power.look(row.project, row.guid, signal)
  return state === undefined ? failed('it does not tell its power state') : done(`${eimPowerOf(state)} (${state})`)
}

export async function readLog({ parts, row, step, signal }: Scene<StepOf<'read-event-log'>>): Promise<Progress> {
  const { wsman } = await parts.reaches.reach(row.project, row.guid)
  const records = await readEventLog(wsman, { signal })
  if (records.length === 0) return done('its event log is empty')
  return done([`${records.length} records, the newest:`, ...newest(records, step.keep).map(lineOf)].join('\n'))
}

/** Firmware tells the newest first or last, by generation; records without a time keep their places. */
function newest(records: readonly EventRecord[], keep: number): readonly EventRecord[] {
  return [...records].sort((one, other) => other.TimeStamp.localeCompare(one.TimeStamp)).slice(0, keep)
}

function lineOf({ TimeStamp, EntityStr, Desc }: EventRecord): string {
  return `${TimeStamp === '' ? 'without time' : TimeStamp} ${EntityStr}: ${Desc}`
}

export async function readSwitches({ parts, row, signal }: Scene): Promise<Progress> {
  const { wsman } = await parts.reaches.reach(row.project, row.guid)
  const features = await readFeatures(wsman, { signal })
  const { kvmAvailable, kvm, sol, ider, redirection, consent = 'unknown', recovery } = features
  const on = (is: boolean): string => (is ? 'on' : 'off')
  const switches = [
    `KVM ${kvmAvailable ? on(kvm) : 'absent'}`,
    `SOL ${on(sol)}`,
    `IDER ${on(ider)}`,
    `listener ${on(redirection)}`,
    `consent ${consent}`,
    `recovery ${on(recovery)}`,
  ]
  return done(switches.join(', '))
}

export async function readDrift({ parts, row }: Scene): Promise<Progress> {
  const { project, guid } = row
  const { state, why, steps } = await parts.drift.check({
    project,
    guid,
    repair: false,
    dryRun: true,
    by: starterOf(row),
  })
  if (state === 'compliant') return done('it is as its profile says')
  if (state === 'unknown') return done(`it could not be compared: ${why}`)
  return done(`it differs: ${steps.map(({ area, says }) => `${area}: ${says}`).join('; ')}`)
}

export async function waitForAgent(scene: Scene<StepOf<'wait-for-agent'>>): Promise<Progress> {
  const now = await seen(scene)
  if (!now.hasAgent) return skipped('it never had an agent')
  if (now.isBack) return done('its agent is connected')
  if (ageOf(scene) < scene.step.minutes * MINUTE) return waiting('waits for its agent')
  return failed(`its agent did not come back within ${scene.step.minutes} minutes`)
}

export async function waitForTunnel(scene: Scene<StepOf<'wait-for-tunnel'>>): Promise<Progress> {
  const { isConnected } = await seen(scene)
  if (isConnected) return done('its tunnel is up')
  if (ageOf(scene) < scene.step.minutes * MINUTE) return waiting('waits for its tunnel')
  return failed(`its firmware did not dial in within ${scene.step.minutes} minutes`)
}

export async function verify(scene: Scene<StepOf<'verify'>>): Promise<Progress> {
  const before = await seen(scene)
  if (before.isConnected && !before.isBack) await lookAtPower(scene)
  const now = await seen(scene)
  if (now.verdict === 'running' && (now.isBack || !now.hasAgent)) return done(`it runs: ${now.why}`)
  if (ageOf(scene) < scene.step.minutes * MINUTE) return waiting(`waits until it runs (${now.verdict})`)
  return failed(`it does not run: ${verdictOf(now)}`)
}

function verdictOf({ verdict, why, isBack, hasAgent }: Situation): string {
  const old = verdict === 'running' && hasAgent && !isBack
  return old ? 'its agent is connected since before it was restarted' : `${verdict}, for ${why}`
}

/** A state that cannot be read now may be read at the next look. */
async function lookAtPower({ parts, row, signal }: Scene): Promise<void> {
  try {
    await parts.power.look(row.project, row.guid, signal)
  } catch (thrown) {
    signal.throwIfAborted()
    if (!(thrown instanceof Problem)) throw thrown
  }
}

export async function notify({ parts, row, step }: Scene<StepOf<'notify'>>): Promise<Progress> {
  const { kernel } = parts
  await kernel.store.change(tx => tellOfRun(kernel, tx, { ...row, phase: 'notice', says: step.text }))
  return done(step.text)
}
