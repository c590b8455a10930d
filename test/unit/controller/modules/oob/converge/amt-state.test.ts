// SPDX-License-Identifier: Apache-2.0
/** What is said of a host's firmware, and of the sessions on it. */
import { describe, expect, it } from 'vitest'
import { type AmtSeen, stateOfAmt } from '../../../../../../controller/modules/oob/converge/amt-state.ts'
import {
  nextOfSession,
  sessionWord,
  wishNamed,
} from '../../../../../../controller/modules/oob/converge/session-states.ts'

const seen = (more: Partial<AmtSeen> = {}): AmtSeen => ({
  sku: 'amt',
  why: 'version 16',
  activated: false,
  connected: false,
  agent: undefined,
  ...more,
})
const wanted = { want: 'provisioned', attempt: 2 } as const
const agent = (status: string, attempt = 2) => ({ status, attempt, message: 'rpc said no', recoveries: 1 })

describe('the state of a host that is to be provisioned', () => {
  it('follows what its agent does about this attempt', () => {
    expect(stateOfAmt(wanted, seen({ agent: agent('activating') }))).toMatchObject({
      says: 'AMT Activation In Progress',
      indicator: 'IN_PROGRESS',
    })
    expect(stateOfAmt(wanted, seen({ agent: agent('failed') }))).toMatchObject({
      says: 'AMT Activation Failed: rpc said no',
      indicator: 'ERROR',
    })
  })

  it('does not take the end of an earlier attempt for the end of this one', () => {
    expect(stateOfAmt(wanted, seen({ agent: agent('failed', 1) })).indicator).toBe('IN_PROGRESS')
  })

  it('is done only when it is activated and connected', () => {
    expect(stateOfAmt(wanted, seen({ activated: true }))).toMatchObject({
      current: 'DISCONNECTED',
      indicator: 'IN_PROGRESS',
    })
    expect(stateOfAmt(wanted, seen({ activated: true, connected: true }))).toEqual({
      current: 'PROVISIONED',
      says: 'AMT Activation Done',
      indicator: 'IDLE',
    })
  })

  it('is not done in another control mode than the one that was asked for', () => {
    const here = seen({ activated: true, connected: true, mode: 'ccm' })
    expect(stateOfAmt({ ...wanted, mode: 'acm' }, here).indicator).toBe('IN_PROGRESS')
    expect(stateOfAmt({ ...wanted, mode: 'acm' }, { ...here, noProfile: 'no domain' })).toMatchObject({
      says: 'AMT Activation Failed: no domain',
      indicator: 'ERROR',
    })
    expect(stateOfAmt({ ...wanted, mode: 'ccm' }, here).indicator).toBe('IDLE')
  })

  it('says why a machine without AMT was not activated', () => {
    const says = stateOfAmt(wanted, seen({ sku: 'none', why: 'this machine has no Intel management engine' })).says
    expect(says).toBe('AMT is not available: this machine has no Intel management engine')
  })
})

describe('a session', () => {
  const on = { feature: 'on', consent: 'none' } as const

  it('asks for consent once and waits for the code', () => {
    expect(nextOfSession('kvm', 'start', { feature: 'on', consent: 'needed' })).toMatchObject({
      current: 'awaiting',
      ask: true,
    })
    expect(nextOfSession('kvm', 'start', { feature: 'on', consent: 'displayed' }).ask).toBeUndefined()
  })

  it('starts when the caller has its token', () => {
    expect(nextOfSession('sol', 'redirection', on)).toEqual({ current: 'start', says: 'SOL session active' })
    expect(nextOfSession('sol', 'start', on).current).toBe('awaiting')
  })

  it('never switches a feature on by itself', () => {
    expect(nextOfSession('kvm', 'start', { ...on, feature: 'off' }).current).toBe('error')
    expect(nextOfSession('kvm', 'start', { ...on, feature: 'absent' }).says).toContain('no KVM')
  })

  it('speaks both spellings of EIM', () => {
    expect([sessionWord('kvm', 'consent'), sessionWord('sol', 'consent')]).toEqual([
      'KVM_CONSENT_RECEIVED',
      'SOL_STATE_CONSENT_RECEIVED',
    ])
    expect(wishNamed('SOL_STATE_AWAITING_CONSENT')).toBeUndefined()
  })
})
