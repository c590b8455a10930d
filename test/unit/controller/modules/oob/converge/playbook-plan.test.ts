// SPDX-License-Identifier: Apache-2.0
/** What a playbook would do, and what its steps are in words. */
import { describe, expect, it } from 'vitest'
import { planOf } from '../../../../../../controller/modules/oob/converge/playbook-plan.ts'
import type { Situation } from '../../../../../../controller/modules/oob/converge/playbook-situation.ts'
import { PLAYBOOKS, playbookNamed } from '../../../../../../controller/modules/oob/converge/playbooks/built-in.ts'
import {
  classOf,
  classOfPlaybook,
  isDisruptive,
  wordsOf,
} from '../../../../../../controller/modules/oob/converge/playbooks/playbook.ts'

const hung: Situation = {
  line: undefined,
  host: 'host-00000001',
  verdict: 'os-hung',
  why: 'it is on, and its agent fell silent without a word',
  hasAgent: true,
  isBack: false,
  isConnected: true,
  power: 2,
}

function plan(
  name: string,
  now: Partial<Situation> = {},
  more: { mayRestart?: boolean; approvalFromClass?: number } = {},
) {
  const { approvalFromClass, mayRestart = true } = more
  const policy = { rules: [], ...(approvalFromClass === undefined ? {} : { approvalFromClass }) }
  return planOf({ playbook: playbookNamed(name)!, now: { ...hung, ...now }, policy, mayRestart, refusal: undefined })
}
const would = (...given: Parameters<typeof plan>) => plan(...given).steps.map(each => each.would)

describe('the plan', () => {
  it('of a restart depends on the agent once something was done', () => {
    expect(would('restart-hung')).toEqual(['run', 'run', 'run', 'run', 'run', 'depends', 'run', 'run'])
  })

  it('leaves out the restart of a machine whose agent is there', () => {
    expect(would('restart-hung', { isBack: true })[3]).toBe('skip')
  })

  it('leaves out what the agent would have to show where there is none', () => {
    expect(would('restart-hung', { hasAgent: false })).toEqual([
      ...['run', 'run', 'run', 'run', 'skip', 'skip', 'skip', 'run'],
    ])
  })

  it('leaves out a restart that nobody allowed', () => {
    expect(would('agent-dead', {}, { mayRestart: false })[1]).toBe('skip')
    expect(would('agent-dead')[1]).toBe('run')
  })

  it('leaves a machine on that is on', () => {
    expect(would('power-on', { power: 2 })[2]).toBe('skip')
    expect(would('power-on', { power: 8 })[2]).toBe('run')
  })

  it('says what a second person must approve', () => {
    expect(plan('reinstall-pxe', {}, { approvalFromClass: 3 }).steps[2]).toMatchObject({
      would: 'depends',
      why: 'a second person must approve',
    })
    expect(would('reinstall-pxe', {}, { approvalFromClass: 4 })[2]).toBe('run')
  })

  it('says that the firmware is away', () => {
    expect(plan('diagnose', { isConnected: false }).blockers).toEqual(['its firmware is not connected now'])
    expect(plan('diagnose').blockers).toEqual([])
    expect(plan('reactivate', { isConnected: false }).blockers).toEqual([])
  })
})

describe('playbooks', () => {
  it('have names of their own and steps that can be read', () => {
    expect(new Set(PLAYBOOKS.map(each => each.name)).size).toBe(PLAYBOOKS.length)
    const words = PLAYBOOKS.flatMap(each => each.steps.map(wordsOf))
    expect(words.filter(each => !/^[a-z]/.test(each))).toEqual([])
    expect(words).toContain('power reset, at once, unless its agent is back')
    expect(words).toContain('wait up to 5 minutes for its agent, and go on if that fails')
  })

  it('that only diagnose do nothing else', () => {
    const { steps } = playbookNamed('diagnose')!

    expect(classOfPlaybook(playbookNamed('diagnose')!)).toBe(0)
    expect(steps.filter(isDisruptive)).toEqual([])
  })

  it('count as their most harmful step', () => {
    const classes = Object.fromEntries(PLAYBOOKS.map(each => [each.name, classOfPlaybook(each)]))

    expect(classes).toEqual({
      diagnose: 0,
      'power-on': 1,
      'restart-hung': 3,
      'agent-dead': 3,
      'reinstall-pxe': 3,
      'recover-https': 3,
      reactivate: 2,
      'replace-activation': 4,
    })
    expect(classOf({ do: 'power', action: 'off', policy: 'ordered' })).toBe(1)
  })

  it('end by seeing what became of the machine they restarted', () => {
    const restarting = PLAYBOOKS.filter(each => each.steps.some(isDisruptive))

    expect(restarting.map(each => each.steps.at(-1)?.do)).toEqual(restarting.map(() => 'verify'))
  })
})
