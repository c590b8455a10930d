// SPDX-License-Identifier: Apache-2.0
/** The checks a command passes: each one alone keeps it from running, and the first that fails decides. */
import { describe, expect, it } from 'vitest'
import { type CommandSetting, type CommandVerdict, verifyCommand } from '../../../../agent/commands/verify.ts'
import { OPEN_POLICY } from '../../../../agent/policy.ts'
import { formatTime, MINUTE, type ResultMessage, SECOND } from '../../../../plugins/contract/index.ts'
import { AUDIENCE, bytesOf, KEYS, lamp, NOW, nested, signedCommand } from '../orders.ts'

const SETTING: CommandSetting = {
  audience: AUDIENCE,
  now: NOW,
  known: () => undefined,
  section: name => (name === 'lamp' ? lamp : undefined),
  policy: OPEN_POLICY,
  topicSection: 'lamp',
}

function judge(message: unknown, more: Partial<CommandSetting> = {}): CommandVerdict {
  return verifyCommand(bytesOf(message), { ...SETTING, ...more })
}

const answerTo = (verdict: CommandVerdict) => [verdict.verdict, 'problem' in verdict ? verdict.problem.code : undefined]
const altered = (change: object) => {
  const message = signedCommand()
  return { ...message, head: { ...message.head, ...change } }
}
const denying = (...deny: string[]) => ({ policy: { ...OPEN_POLICY, deny } })

describe('a command', () => {
  it('that passes every check runs', () => {
    const message = signedCommand()

    expect(judge(message)).toEqual({ verdict: 'run', message, type: lamp.commands.blink })
  })

  const ROWS: readonly [string, unknown, Partial<CommandSetting>, readonly (string | undefined)[]][] = [
    [
      'is larger than 16 KB',
      signedCommand({}, { input: { delay: 1, pad: 'x'.repeat(17_000) } }),
      {},
      ['unproven', 'message-unreadable'],
    ],
    ['is deeper than 16 levels', signedCommand({}, { input: nested(20) }), {}, ['unproven', 'message-unreadable']],
    ['is not JSON', '{"head":', {}, ['unproven', 'message-unreadable']],
    ['lacks a member', { ...signedCommand(), sig: undefined }, {}, ['unproven', 'message-unreadable']],
    ['is of another wire version', signedCommand({ v: 2 as never }), {}, ['unproven', 'message-unreadable']],
    ['is signed by a key nobody told us of', signedCommand({}, { key: 'stranger' }), {}, ['unproven', 'unknown-key']],
    ['is signed by a key of role audit', signedCommand({}, { key: 'audit' }), {}, ['unproven', 'unknown-key']],
    [
      'claims a key that did not sign it',
      { ...signedCommand({}, { key: 'stranger' }), kid: KEYS.command.kid },
      {},
      ['unproven', 'bad-signature'],
    ],
    ['was changed in its name', altered({ name: 'swap' }), {}, ['unproven', 'bad-signature']],
    [
      'was changed in its deadline',
      altered({ expiresAt: formatTime(NOW + 9 * MINUTE) }),
      {},
      ['unproven', 'bad-signature'],
    ],
    ['was changed in its host', altered({ host: 'host-ffffffff' }), {}, ['unproven', 'bad-signature']],
    ['is for another host', signedCommand({ host: 'host-ffffffff' }), {}, ['unproven', 'wrong-audience']],
    ['is for another project', signedCommand({ project: 'other' }), {}, ['unproven', 'wrong-audience']],
    ['is of another installation', signedCommand({ installation: 'inst-2' }), {}, ['unproven', 'wrong-audience']],
    ['came under another topic', signedCommand(), { topicSection: 'power' }, ['unproven', 'wrong-audience']],
    ['is of an epoch before the one seen', signedCommand({ epoch: 1 }), {}, ['unproven', 'stale-epoch']],
    ['has expired', signedCommand(), { now: NOW + 2 * MINUTE }, ['expired', 'expired']],
    [
      'lies in the future',
      signedCommand({ issuedAt: formatTime(NOW + 5 * MINUTE + SECOND) }),
      {},
      ['refused', 'not-yet-valid'],
    ],
    ['runs already', signedCommand(), { known: () => 'begun' }, ['known', undefined]],
    [
      'has another input than was signed',
      { ...signedCommand(), input: { delay: 2 } },
      {},
      ['refused', 'digest-mismatch'],
    ],
    ['has an input that does not fit', signedCommand({}, { input: { delay: 61 } }), {}, ['refused', 'invalid']],
    ['has a member more in its input', signedCommand({}, { input: { delay: 1, more: 1 } }), {}, ['refused', 'invalid']],
    ['is forbidden on this machine', signedCommand(), denying('lamp/blink'), ['refused', 'local-policy']],
    ['is of class 4 without a second person', signedCommand({ name: 'break' }), {}, ['refused', 'approval-missing']],
    ['is one the section does not have', signedCommand({ name: 'sing' }), {}, ['refused', 'command-unsupported']],
    ['is one of the object prototype', signedCommand({ name: 'constructor' }), {}, ['refused', 'command-unsupported']],
    [
      'is for a section without a plugin',
      signedCommand(),
      { section: () => undefined },
      ['refused', 'command-unsupported'],
    ],
  ]

  it.each(ROWS)('that %s does not run', (_, message, more, expected) => {
    expect(answerTo(judge(message, more))).toEqual(expected)
  })

  it('of a later epoch than the one seen runs', () => {
    expect(judge(signedCommand({ epoch: 3 })).verdict).toBe('run')
  })

  it('issued by a clock up to five minutes ahead runs', () => {
    expect(judge(signedCommand({ issuedAt: formatTime(NOW + 5 * MINUTE) })).verdict).toBe('run')
  })

  it('of class 0 passes a policy that cannot be read, and no other does', () => {
    const broken = { policy: { ...OPEN_POLICY, fault: 'broken' } }

    expect(judge(signedCommand({ name: 'look' }), broken).verdict).toBe('run')
    expect(answerTo(judge(signedCommand({ name: 'blink' }), broken))).toEqual(['refused', 'local-policy'])
  })
})

describe('a command that ran before', () => {
  const result = { status: 'succeeded' } as ResultMessage
  const known = { known: () => result }

  it('is answered with its stored result, also when it has expired since', () => {
    expect(judge(signedCommand(), known)).toEqual({ verdict: 'known', result })
    expect(judge(signedCommand(), { ...known, now: NOW + 60 * MINUTE })).toEqual({ verdict: 'known', result })
  })

  it('is not looked up for one who cannot prove to be the controller', () => {
    expect(judge(signedCommand({}, { key: 'stranger' }), known).verdict).toBe('unproven')
  })
})

describe('the order of the checks', () => {
  const late = { now: NOW + 60 * MINUTE }

  it('puts the proof before everything the message says', () => {
    expect(answerTo(judge(signedCommand({ host: 'host-ffffffff', epoch: 1 }, { key: 'audit' }), late))).toEqual([
      'unproven',
      'unknown-key',
    ])
  })

  it('puts the audience before the time', () => {
    expect(answerTo(judge(signedCommand({ host: 'host-ffffffff' }), late))).toEqual(['unproven', 'wrong-audience'])
  })

  it('puts the time before the input, and the input before the policy', () => {
    const spoiled = { ...signedCommand(), input: { delay: 99 } }

    expect(answerTo(judge(spoiled, late))).toEqual(['expired', 'expired'])
    expect(answerTo(judge(spoiled, denying('*/*')))).toEqual(['refused', 'digest-mismatch'])
    expect(answerTo(judge(signedCommand({}, { input: { delay: 99 } }), denying('*/*')))).toEqual(['refused', 'invalid'])
  })

  it('puts the policy before the approvals', () => {
    expect(answerTo(judge(signedCommand({ name: 'break' }), denying('lamp/*')))).toEqual(['refused', 'local-policy'])
  })
})

describe('hostile input', () => {
  it.each(['../../etc/shadow', '; rm -rf /', '$(id)', '-oProxyCommand=x', 'a\nb', '__proto__', ''])(
    'in place of a name is unreadable: %j',
    name => {
      expect(answerTo(judge(signedCommand({ name })))).toEqual(['unproven', 'message-unreadable'])
    },
  )

  it.each([new Uint8Array(0), new Uint8Array([0xff, 0xfe]), bytesOf('null'), bytesOf('[]'), bytesOf('1e400')])(
    'that is no message at all is unreadable',
    payload => {
      expect(answerTo(verifyCommand(payload, SETTING))).toEqual(['unproven', 'message-unreadable'])
    },
  )
})
