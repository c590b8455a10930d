// SPDX-License-Identifier: Apache-2.0
/** What the local policy forbids, and that it fails closed. */
import { describe, expect, it } from 'vitest'
import { DESIRED, denies, loadPolicy, OPEN_POLICY, parsePolicy } from '../../../agent/policy.ts'
import type { Files, RiskClass } from '../../../plugins/contract/index.ts'

const PATH = '/etc/muster-agent/policy.yaml'
const parse = (text: string) => parsePolicy(text, PATH)
const filesWith = (text: () => Promise<string | undefined>) => ({ text }) as unknown as Files

describe('a policy', () => {
  it('that is absent forbids nothing', async () => {
    const policy = await loadPolicy(
      filesWith(async () => undefined),
      PATH,
    )

    expect(policy).toEqual(OPEN_POLICY)
    expect(denies(policy, 'power', 'reboot', 4)).toBe(false)
  })

  it.each([
    ['power/reboot', 'power', 'reboot', true],
    ['power/reboot', 'power', 'shutdown', false],
    ['power/*', 'power', 'shutdown', true],
    ['power/*', 'power', DESIRED, true],
    ['power/*', 'powers', 'shutdown', false],
    ['*/reboot', 'os', 'reboot', true],
    ['*/*', 'os', 'refresh', true],
    ['power/desired', 'power', 'reboot', false],
  ])('%s: %s/%s denied is %s', async (pattern, section, name, denied) => {
    const policy = await parse(`deny: ["${pattern}"]`)

    expect(policy.fault).toBeUndefined()
    expect(denies(policy, section, name, 1)).toBe(denied)
  })

  it('may add windows', async () => {
    const policy = await parse('windows: { timeZone: UTC, windows: [{ days: [mon], from: "22:00", to: "23:00" }] }')

    expect(policy).toMatchObject({ fault: undefined, windows: { timeZone: 'UTC' } })
  })
})

describe('a policy that cannot be understood', () => {
  it.each([
    ['broken YAML', 'deny: ["power/*"'],
    ['an unknown member', 'allow: ["power/*"]'],
    ['a pattern that is none', 'deny: ["power"]'],
    ['a pattern with a path in it', 'deny: ["../power/*"]'],
    ['a list', '- power/*'],
    ['an unknown time zone', 'windows: { timeZone: Mars/Olympus, windows: [] }'],
    ['a custom tag', 'deny: !!js/function "x"'],
  ])('for %s forbids all but looking, and says why', async (_, text) => {
    const policy = await parse(text)

    expect(policy.fault).toContain(PATH)
    expect(policy.deny).toEqual(['*/*'])
    expect(([0, 1, 2, 3, 4] as RiskClass[]).map(each => denies(policy, 'power', 'reboot', each))).toEqual([
      false,
      true,
      true,
      true,
      true,
    ])
  })

  it('for it cannot be read forbids all but looking', async () => {
    const policy = await loadPolicy(
      filesWith(() => Promise.reject(new Error('EACCES'))),
      PATH,
    )

    expect(policy.fault).toContain(PATH)
    expect(denies(policy, 'power', 'reboot', 1)).toBe(true)
  })
})
