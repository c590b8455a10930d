// SPDX-License-Identifier: Apache-2.0
/** What differences are about, and in which order and whether they are repaired over the tunnel. */
import { describe, expect, it } from 'vitest'
import { type Step, type StepKind, TOUCHES } from '../../../../../../controller/modules/oob/activation/step.ts'
import {
  AREAS,
  areaOf,
  bySafety,
  cutsTunnel,
  DEFAULT_DRIFT_POLICY,
} from '../../../../../../controller/modules/oob/converge/drift-areas.ts'
import { differences } from '../../../../../../controller/modules/oob/converge/drift-look.ts'
import { isRepairable } from '../../../../../../controller/modules/oob/converge/drift-repair.ts'

const step = (kind: StepKind, more: object = {}) => ({ do: kind, why: 'so', ...more }) as Step
const server = step('remove-server', { name: 'old' })
const periodic = step('remove-rule', { name: 'Periodic' })

describe('every act', () => {
  it('has an area', () => {
    const kinds = Object.keys(TOUCHES) as StepKind[]

    expect(kinds.map(kind => areaOf(step(kind, { use: 'cira' }))).filter(area => !AREAS.includes(area))).toEqual([])
  })

  it('of a root is about what the root is for', () => {
    expect(areaOf(step('add-root', { use: 'tls' }))).toBe('tls')
    expect(areaOf(step('add-root', { use: 'cira' }))).toBe('cira')
  })
})

describe('an act that would cut the tunnel it goes through', () => {
  it.each([
    ['the rule that keeps it dialling', periodic, [periodic]],
    ['the names of its home', step('clear-environment'), []],
    ['its only server', server, [server, step('add-server')]],
  ])('is held when it takes away %s', (_, each, all) => {
    expect(cutsTunnel(each, all)).toContain('cut it off')
  })

  it.each([
    ['a server beside the wanted one', server, [server]],
    ['a rule for alerts', step('remove-rule', { name: 'Alert' }), []],
    ['nothing', step('add-rule', { rule: 'periodic' }), []],
  ])('is not one that takes away %s', (_, each, all) => {
    expect(cutsTunnel(each, all)).toBeUndefined()
  })
})

describe('the order of repairs', () => {
  it('begins with what keeps the device dialling and keeps the rest as it was', () => {
    const steps = [
      step('remove-key', { id: '1' }),
      step('add-rule', { rule: 'user' }),
      step('set-kvm', { on: true }),
      step('set-environment'),
    ]

    expect(bySafety(steps).map(each => each.do)).toEqual(['set-environment', 'add-rule', 'remove-key', 'set-kvm'])
  })
})

describe('what differs', () => {
  const policy = { ...DEFAULT_DRIFT_POLICY, network: 'off' } as const
  const steps = [step('sync-clock'), step('set-tls'), step('set-wired'), step('remove-key', { id: '7' })]
  const found = differences(steps, { policy, tolerated: new Set(['{"do":"remove-key","id":"7"}']) })

  it('leaves out what is off and what is lived with', () => {
    expect(found.map(({ difference }) => difference.do)).toEqual(['sync-clock', 'set-tls'])
  })

  it('is repaired by the policy, or by what a person names', () => {
    const kinds = (areas?: Parameters<typeof isRepairable>[1]) =>
      found.filter(({ difference }) => isRepairable(difference, areas)).map(({ step: each }) => each.do)

    expect(kinds()).toEqual(['sync-clock'])
    expect(kinds(['tls'])).toEqual(['set-tls'])
    expect(kinds(['activation'])).toEqual([])
  })

  it('is never repaired where that would cut the tunnel', () => {
    const [held] = differences([periodic], { policy, tolerated: new Set() })

    expect(isRepairable(held!.difference, ['cira'])).toBe(false)
  })
})
