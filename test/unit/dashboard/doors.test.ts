// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ownPath } from '../../../controller/query/own-path.ts'
import { ApiProblem } from '../../../controller/web/app/api/problem.ts'
import { createTicker } from '../../../controller/web/app/kit/now.ts'
import { judgeAddress } from '../../../controller/web/app/modules/kernel/door/address.ts'
import { refusalOf } from '../../../controller/web/app/modules/kernel/door/sign-in-problem.ts'
import { strengthOf } from '../../../controller/web/app/modules/kernel/door/strength.ts'
import { agentName } from '../../../controller/web/app/modules/kernel/me/browser-name.ts'
import { durationFlag } from '../../../controller/web/app/modules/onboarding/acts.ts'
import { cloudInit, commandLines } from '../../../controller/web/app/modules/onboarding/add-host/lines.ts'
import { compared, factsOf } from '../../../controller/web/app/modules/onboarding/facts.ts'
import { stateOf } from '../../../controller/web/app/modules/onboarding/tokens/token-state.ts'
import { standStill } from '../../support/effort.ts'

describe('where to go on after signing in', () => {
  it.each([
    ['/hosts?q=site%3Aberlin&tab=x#part', '/hosts?q=site%3Aberlin&tab=x#part'],
    ['/', '/'],
    ['//evil.example/x', '/'],
    ['/\\evil.example', '/'],
    ['/\t/evil.example', '/'],
    ['/\n\\evil.example', '/'],
    ['/.//evil.example', '/'],
    ['/a/../..//evil.example', '/'],
    ['https://evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['', '/'],
    [undefined, '/'],
    [`/${'x'.repeat(3_000)}`, '/'],
  ])('reads %j as %j', (asked, path) => {
    expect(ownPath(asked)).toBe(path)
  })

  it('never leaves the origin, whatever is asked', () => {
    const piece = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '\t',
      '\n',
      '@',
      ':',
      '?',
      '#',
      'evil.example',
      '%2f',
      '%5c',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
        const path = ownPath(`/${pieces.join('')}`)
        expect(new URL(path, 'https://ctl.example').origin).toBe('https://ctl.example')
        expect(ownPath(path), 'read twice it is the same').toBe(path)
      }),
    )
  })
})

describe('a refused sign-in', () => {
  const refusal = (document: Record<string, unknown>, withCode = false) =>
    refusalOf(new ApiProblem(document), { withCode, now: 1_000 })

  it('asks for a code, says what is wrong, or says until when to wait', () => {
    expect(refusal({ code: 'code-needed' })).toEqual({ kind: 'code-needed' })
    expect(refusal({ code: 'sign-in-refused' }, true)).toEqual({ kind: 'wrong', withCode: true })
    expect(refusal({ code: 'sign-in-waits', retry: { afterMs: 4_000 } })).toEqual({ kind: 'waits', until: 5_000 })
    expect(refusal({ code: 'sign-in-busy', retry: 'backoff' })).toMatchObject({ kind: 'busy' })
    expect(refusal({ code: 'unreachable' })).toMatchObject({ kind: 'other' })
  })
})

describe('the time of a page', () => {
  it('stands still between ticks for what is shown, and not for what counts from an answer', () => {
    const ticker = createTicker()
    const leave = ticker.watch(() => {})
    const [shown, exact] = [ticker.now(), ticker.exact()]
    standStill(30)

    expect(ticker.now()).toBe(shown)
    expect(ticker.exact() - exact).toBeGreaterThanOrEqual(29)
    leave()
  })

  it("is the controller's", () => {
    const ticker = createTicker()
    ticker.correct(60_000)

    expect(ticker.exact() - Date.now()).toBeGreaterThan(59_000)
  })
})

describe('how hard a password is to guess', () => {
  it.each([
    ['short', 'weak'],
    ['passwordpassword', 'weak'],
    ['Anna Berg 1', 'weak'],
    ['green lamp 42', 'fair'],
    ['aaaaaaaaaaaabbbbbbbbbccccdde', 'fair'],
    ['three red kettles sing', 'strong'],
  ])('grades %j as %s', (password, grade) => {
    expect(strengthOf(password, ['Anna Berg']).grade).toBe(grade)
  })
})

describe('the address that hosts are told', () => {
  it.each([
    ['https://ctl.plant:8443', 'https://ctl.plant:8443', 'answers'],
    ['https://ctl.plant:8443', 'https://10.0.0.4:8443', 'unproven'],
    ['https://localhost:8443', 'https://ctl.plant:8443', 'loopback'],
    ['https://127.0.0.1:8443', 'https://127.0.0.1:8443', 'loopback'],
  ])('%s, seen from %s: %s', (told, seen, verdict) => {
    expect(judgeAddress(told, seen).verdict).toBe(verdict)
  })

  it('proposes no loopback in its place', () => {
    expect(judgeAddress('https://localhost:8443', 'https://ctl.plant:8443').host).toBe('ctl.plant:8443')
    expect(judgeAddress('https://localhost:8443', 'https://localhost:8443').host).toBe('ctl.example:8443')
  })
})

describe('what a session runs in', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox', 'Linux'],
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge', 'Windows'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1', 'Safari', 'iOS'],
    ['muster/0.1.0 (node 24)', 'muster/0.1.0', undefined],
  ])('reads %j', (agent, browser, system) => {
    expect(agentName(agent)).toEqual({ browser, system })
  })

  it('is unknown when it says nothing', () => {
    expect(agentName(' ')).toBeUndefined()
  })
})

describe('machines that come in', () => {
  it('are compared with a host by what both say, without regard to case', () => {
    const facts = factsOf({ hostname: 'press', serial: 'sn-1', uuid: 7, macs: 'x' })

    expect(compared({ name: 'Press', serialNumber: 'SN-2', uuid: 'u' }, facts).map(({ verdict }) => verdict)).toEqual([
      'same',
      'differs',
      'unknown',
    ])
  })

  it.each([undefined, null, 7, 'x', [], { macs: [1, { a: 1 }], hostname: 'x'.repeat(5_000) }])(
    'may say anything: %j',
    told => {
      const facts = factsOf(told)
      expect(facts.macs).toEqual([])
      expect((facts.hostname ?? '').length).toBeLessThanOrEqual(120)
    },
  )

  it('come with exactly three lines, or with a document that keeps the token to itself', () => {
    const access = { url: 'https://ctl.example:8443', token: 'muster-join_1.a.b.c' }

    expect(commandLines(access).filter(line => line.includes(access.token))).toHaveLength(1)
    expect(cloudInit(access)).toContain(`permissions: '0600'\n    content: ${access.token}\n`)
    expect(cloudInit(access).match(/muster-join_1/g)).toHaveLength(1)
  })
})

describe('join tokens', () => {
  it.each([
    [{ used: 0 }, 'good'],
    [{ used: 2 }, 'used'],
    [{ expiresAt: '2025-12-31T00:00:00Z' }, 'expired'],
    [{ revokedAt: '2025-12-31T00:00:00Z', used: 2 }, 'revoked'],
  ])('%j: %s', (change, state) => {
    const token = { used: 0, uses: 2, expiresAt: '2026-01-02T00:00:00Z', ...change }
    expect(stateOf(token, Date.parse('2026-01-01T00:00:00Z'))).toBe(state)
  })

  it.each([
    [15 * 60_000, '15m'],
    [60 * 60_000, '1h'],
    [8 * 3_600_000, '8h'],
    [30 * 86_400_000, '30d'],
  ])('tell the command line that %d ms are %s', (ms, flag) => {
    expect(durationFlag(ms)).toBe(flag)
  })
})
