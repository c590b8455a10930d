// SPDX-License-Identifier: Apache-2.0
/** What the pages of out-of-band management compute: how far machines have come, recordings, forms, checklists. */
import { describe, expect, it } from 'vitest'
import { draftOf, labelsIn, ruleOf } from '../../../controller/web/app/modules/oob/care/rule-draft.ts'
import { filtered, funnelOf } from '../../../controller/web/app/modules/oob/fleet/steps.ts'
import { checklistOf, spokenStep } from '../../../controller/web/app/modules/oob/ledger/steps.ts'
import type { Attempt, Machine } from '../../../controller/web/app/modules/oob/reads.ts'
import { findingsOf, formatOf, shownFields } from '../../../controller/web/app/modules/oob/records/check.ts'
import type { Context } from '../../../controller/web/app/modules/oob/records/spec.ts'
import { SPECS } from '../../../controller/web/app/modules/oob/records/specs.ts'
import {
  brokenAt,
  castOf,
  clock,
  madeAt,
  plainText,
  readRecording,
  timelineOf,
} from '../../../controller/web/app/modules/oob/sessions/cast.ts'
import { spokenBytes } from '../../../controller/web/app/modules/oob/sessions/size.ts'
import { recordingText } from '../../support/recording.ts'

const machine = (more: Partial<Machine>): Machine => ({
  name: 'press-04',
  host: 'host-1a2b3c4d',
  sku: 'amt',
  why: '',
  controlMode: 'none',
  connected: false,
  powerState: 'POWER_STATE_UNSPECIFIED',
  status: '',
  indicator: 'IDLE',
  verdict: 'running',
  evidence: '',
  advice: 'none',
  ...more,
})
const drift = (state: 'compliant' | 'drifted') => ({
  drift: { guid: 'g', state, why: '', since: '2026-11-21T04:00:00Z', steps: [] },
})

describe('how far machines have come', () => {
  const fleet = [
    machine({ name: 'a', controlMode: 'acm', connected: true, ...drift('compliant') }),
    machine({ name: 'b', controlMode: 'ccm', verdict: 'off' }),
    machine({ name: 'c', sku: 'ism', controlMode: 'ccm', connected: true, verdict: 'off', ...drift('drifted') }),
    machine({ name: 'd', sku: 'none', verdict: 'running' }),
    machine({ name: 'e', sku: 'unknown', host: undefined, guid: 'lonely', connected: true }),
  ]

  it('counts each step among those that are capable', () => {
    expect(funnelOf(fleet)).toEqual([
      { step: 'capable', count: 4, of: 5, acm: 1, ccm: 2 },
      { step: 'reachable', count: 3, of: 4, acm: 1, ccm: 1 },
      { step: 'activated', count: 4, of: 4, acm: 1, ccm: 2 },
      { step: 'connected', count: 3, of: 4, acm: 1, ccm: 1 },
      { step: 'compliant', count: 1, of: 4, acm: 1, ccm: 0 },
    ])
  })

  it('leaves exactly those that a number counted', () => {
    const any = { sku: '', mode: '', text: '' }
    for (const { step, count, of } of funnelOf(fleet)) {
      expect(filtered(fleet, { ...any, step })).toHaveLength(count)
      expect(filtered(fleet, { ...any, step: `not-${step}` })).toHaveLength(of - count)
    }
  })

  it('takes a step that is none for no filter, and needs every word', () => {
    expect(filtered(fleet, { step: 'nonsense', sku: '', mode: '', text: '' })).toHaveLength(5)
    expect(filtered(fleet, { step: '', sku: 'ism', mode: 'ccm', text: 'C off' }).map(each => each.name)).toEqual(['c'])
    expect(filtered(fleet, { step: '', sku: '', mode: '', text: 'c nowhere' })).toEqual([])
  })

  it('is nothing of nothing', () => {
    expect(funnelOf([]).every(({ count, of }) => count === 0 && of === 0)).toBe(true)
  })
})

describe('an attempt', () => {
  const attempt = { startedAt: '2026-11-21T04:00:00Z', step: 'add-server', message: 'no certificate' } as Attempt
  const steps = [
    { at: '2026-11-21T04:00:00Z', step: 'begin', why: 'default_ccm' },
    { at: '2026-11-21T04:00:01Z', step: 'add-server', why: 'it is not there' },
    { at: '2026-11-21T04:00:02Z', step: 'end', why: 'no certificate', outcome: 'failed' },
  ]

  it('has the reason at the step that failed, and at no other', () => {
    expect(checklistOf({ ...attempt, outcome: 'failed' }, steps)).toEqual([
      { ...steps[0], state: 'done' },
      { ...steps[1], state: 'failed', why: 'it is not there: no certificate' },
    ])
  })

  it('shows the last step that is known when its events are gone', () => {
    expect(checklistOf({ ...attempt, outcome: 'cut' }, [])).toMatchObject([
      { step: 'add-server', state: 'failed', why: 'no certificate' },
    ])
  })

  it('is under way at its last step', () => {
    expect(checklistOf({ ...attempt, outcome: 'running' }, steps.slice(0, 2)).map(each => each.state)).toEqual([
      'done',
      'now',
    ])
    expect(spokenStep('set-mebx-password')).toBe('Set mebx password')
  })
})

describe('a recording', () => {
  const made = (said: readonly string[], forged = false) =>
    recordingText('01JD2Z9B3Q8V5K7M4N6P0R2S4Y', { device: 'press-04', said, forged }).then(readRecording)

  it('is read as it was made, and its chain is whole', async () => {
    const recording = await made(['login: ', 'anna\r\n'])

    expect(recording.cast?.said.map(each => each.text)).toEqual(['login: ', 'anna\r\n'])
    expect(recording.cast).toMatchObject({ cols: 80, rows: 25 })
    expect(await brokenAt(recording)).toBeUndefined()
  })

  it('tells the chunk that was changed, removed or swapped', async () => {
    const forged = await made(['secret'], true)
    const whole = await made(['x'.repeat(70_000), 'y'.repeat(70_000), 'z'])
    const { chunks } = whole
    expect(chunks.length).toBeGreaterThan(2)

    expect(await brokenAt(forged)).toBe(0)
    expect(await brokenAt({ ...whole, chunks: chunks.slice(1) })).toBe(0)
    expect(await brokenAt({ ...whole, chunks: [chunks[0]!, chunks[2]!, chunks[1]!] })).toBe(1)
    expect(await brokenAt({ ...whole, about: { ...whole.about, device: 'other' } })).toBe(0)
  })

  it('is no recording when it is something else, and loses only a line that was being written', async () => {
    const text = await recordingText('01JD2Z9B3Q8V5K7M4N6P0R2S4Y', { device: 'a', said: ['b'] })

    expect(() => readRecording('')).toThrow()
    expect(() => readRecording('{"status":503}')).toThrow()
    expect(() => readRecording(text.replace('"prev"', '"other"') + text)).toThrow()
    expect(readRecording(`${text}{"n":1,"pre`).chunks).toHaveLength(1)
    expect(castOf('{"version":1}')).toBeUndefined()
  })

  it('makes long pauses short, and short ones stay', () => {
    const said = [
      { at: 1, text: 'a' },
      { at: 11, text: 'b' },
      { at: 12, text: 'c' },
    ]

    expect(timelineOf(said, false).map(each => each.at)).toEqual([1, 11, 12])
    expect(timelineOf(said, true).map(each => each.at)).toEqual([1, 1.5, 2.5])
  })

  it('is told as text without what moves the cursor', () => {
    const said = [{ at: 0, text: '\u001b[31mred\u001b[0m\r\n\u001b]0;title\u0007plain' }]

    expect(plainText(said)).toBe('red\nplain')
  })

  it('is named by when it began', () => {
    expect(madeAt('01JD2Z9B3Q8V5K7M4N6P0R2S4Y')).toBe(madeAtByHand('01JD2Z9B3Q'))
    expect(madeAt('not an id')).toBeUndefined()
    expect([clock(65), clock(3_727), clock(-1)]).toEqual(['1:05', '1:02:07', '0:00'])
    expect([0, 900, 1_536, 20_971_520].map(spokenBytes)).toEqual(['0 B', '900 B', '1.5 KiB', '20 MiB'])
  })
})

/** Crockford's digits, most significant first. */
function madeAtByHand(digits: string): number {
  let value = 0n
  for (const digit of digits) value = value * 32n + BigInt('0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(digit))
  return Number(value)
}

describe('a form', () => {
  const none = { profile: [], domain: [], cira: [], wireless: [], ieee8021x: [], proxy: [] }
  const context: Context = { names: new Set(['taken']), others: none, endpoint: undefined, old: undefined }
  const problems = (kind: keyof typeof SPECS, more: object, of = context) =>
    findingsOf(SPECS[kind], { ...SPECS[kind].blank(of), ...more }, of)

  it('asks for what is needed, and for nothing that does not apply', () => {
    const shown = (values: object) =>
      shownFields(SPECS.profile, { ...SPECS.profile.blank(context), ...values }, context).map(each => each.name)

    expect(problems('profile', {}).missing).toEqual(['Name', 'CIRA configuration'])
    expect(problems('profile', { profileName: 'a', connection: 'neither' })).toEqual({ wrong: new Map(), missing: [] })
    expect(shown({ activation: 'ccmactivate' })).not.toContain('mebxPassword')
    expect(shown({ activation: 'acmactivate', generateRandomMEBxPassword: false })).toContain('mebxPassword')
    expect(shown({ dhcpEnabled: false })).not.toContain('wifiConfigs')
  })

  it.each([
    ['profile', { profileName: 'TAKEN' }, 'profileName'],
    ['profile', { profileName: 'with space' }, 'profileName'],
    ['profile', { generateRandomPassword: false, amtPassword: 'short' }, 'amtPassword'],
    ['domain', { domainSuffix: 'two..dots' }, 'domainSuffix'],
    ['cira', { mpsPort: '80' }, 'mpsPort'],
    ['cira', { mpsServerAddress: 'host' }, 'mpsServerAddress'],
    ['cira', { username: 'root' }, 'username'],
    ['wireless', { pskPassphrase: 'short' }, 'pskPassphrase'],
    ['ieee8021x', { wiredInterface: false, authenticationProtocol: '5' }, 'authenticationProtocol'],
    ['ieee8021x', { pxeTimeout: '86401' }, 'pxeTimeout'],
    ['proxy', { port: '70000' }, 'port'],
    ['proxy', { networkDnsSuffix: 'x' }, 'networkDnsSuffix'],
  ] as const)('of a %s finds %j wrong', (kind, values, field) => {
    expect([...problems(kind, values).wrong.keys()]).toContain(field)
  })

  it('says everything of a profile again, and a secret only when it was typed', () => {
    const item = {
      version: '3',
      profileName: 'floor',
      activation: 'acmactivate',
      generateRandomPassword: false,
      generateRandomMEBxPassword: true,
      ciraConfigName: null,
      tlsMode: 2,
      tlsSigningAuthority: 'SelfSigned',
      dhcpEnabled: true,
      wifiConfigs: [
        { priority: 9, profileName: 'b' },
        { priority: 2, profileName: 'a' },
      ],
      proxyConfigs: [],
      tags: ['x'],
      ieee8021xProfileName: null,
      userConsent: 'None',
    }
    const of = { ...context, old: item }
    const values = SPECS.profile.values(item)
    const body = SPECS.profile.body(values, of)

    expect(body).toMatchObject({
      tlsMode: 2,
      wifiConfigs: [
        { priority: 1, profileName: 'a' },
        { priority: 2, profileName: 'b' },
      ],
    })
    expect(body).not.toHaveProperty('amtPassword')
    expect(body).not.toHaveProperty('ciraConfigName')
    expect(SPECS.profile.body({ ...values, amtPassword: 'Xy7!unseen' }, of)).toHaveProperty('amtPassword', 'Xy7!unseen')
    expect(findingsOf(SPECS.profile, values, of)).toEqual({ wrong: new Map(), missing: [] })
  })

  it('tells addresses apart as firmware does', () => {
    expect(['10.0.0.1', '::1', 'fe80::1:2', 'ctl.example', '256.0.0.1', 'host', ''].map(formatOf)).toEqual([
      3,
      4,
      4,
      201,
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('a rule of activation', () => {
  it('stays what it was through a form that is not touched', () => {
    const rule = {
      name: 'kiosks',
      sku: 'ism',
      labels: { line: '4', room: 'hall 2' },
      tags: ['a'],
      controlMode: 'ccm',
    } as const

    expect(ruleOf(draftOf({ ...rule, tags: ['a'] }))).toEqual(rule)
    expect(ruleOf(draftOf({}))).toEqual({})
  })

  it('reads labels, and none that are no labels', () => {
    expect(labelsIn('line=4, room = hall 2,')).toEqual({ line: '4', room: 'hall 2' })
    expect(labelsIn('')).toEqual({})
    expect(labelsIn('line')).toBeUndefined()
  })
})
