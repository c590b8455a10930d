// SPDX-License-Identifier: Apache-2.0
/** What a run would do, from what is known now. Pure. */
import type { RecoveryPolicy } from './playbook-policy.ts'
import { isOn, type Situation } from './playbook-situation.ts'
import { classOf, type Playbook, type PlayStep, wordsOf } from './playbooks/playbook.ts'

const THROUGH_TUNNEL: readonly PlayStep['do'][] = [
  'read-power',
  'read-event-log',
  'read-features',
  'power',
  'boot-once',
]

export type PlannedStep = {
  readonly says: string
  readonly would: 'run' | 'skip' | 'depends'
  readonly why: string
}

export type Plan = {
  readonly verdict: string
  readonly why: string
  /** What keeps the run from being started, or will stop it at once. */
  readonly blockers: readonly string[]
  readonly steps: readonly PlannedStep[]
}

export type Planning = {
  readonly playbook: Playbook
  readonly now: Situation
  readonly policy: RecoveryPolicy
  readonly mayRestart: boolean
  readonly refusal: string | undefined
}

export function planOf({ playbook, now, policy, mayRestart, refusal }: Planning): Plan {
  let hasActed = false
  const steps = playbook.steps.map((step): PlannedStep => {
    const planned = forecast(step, { now, policy, mayRestart, hasActed })
    if (planned.would !== 'skip' && classOf(step) > 0) hasActed = true
    return { says: wordsOf(step), ...planned }
  })
  const needsTunnel = playbook.steps.some(({ do: kind }) => THROUGH_TUNNEL.includes(kind))
  return {
    verdict: now.verdict,
    why: now.why,
    blockers: [
      ...(refusal === undefined ? [] : [refusal]),
      ...(needsTunnel && !now.isConnected ? ['its firmware is not connected now'] : []),
    ],
    steps,
  }
}

type Outlook = Pick<Planning, 'now' | 'policy' | 'mayRestart'> & {
  /** A step before it would have changed how the machine is. */
  readonly hasActed: boolean
}

function forecast(step: PlayStep, { now, policy, mayRestart, hasActed }: Outlook): Omit<PlannedStep, 'says'> {
  if (step.do === 'power' && step.inWindow === true && !mayRestart)
    return { would: 'skip', why: 'the rule does not allow a restart' }
  if (step.do === 'wait-for-agent' && !now.hasAgent) return { would: 'skip', why: 'it never had an agent' }
  if (step.unless !== undefined) return unlessSo(step.unless, now, hasActed)
  if (step.do === 'ask-approval' || classOf(step) >= (policy.approvalFromClass ?? 5))
    return { would: 'depends', why: 'a second person must approve' }
  return { would: 'run', why: 'always' }
}

function unlessSo(
  unless: NonNullable<PlayStep['unless']>,
  now: Situation,
  hasActed: boolean,
): Omit<PlannedStep, 'says'> {
  if (unless === 'agent-back' && hasActed && !now.hasAgent) return { would: 'skip', why: 'it never had an agent' }
  const holds = unless === 'agent-back' ? now.isBack : isOn(now)
  const is =
    unless === 'agent-back'
      ? holds
        ? 'its agent is connected'
        : 'its agent is away'
      : holds
        ? 'it is on'
        : 'it is not on'
  if (hasActed) return { would: 'depends', why: `on what the steps before it bring about; now ${is}` }
  return { would: holds ? 'skip' : 'run', why: is }
}
