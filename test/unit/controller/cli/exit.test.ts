// SPDX-License-Identifier: Apache-2.0
/** Exit codes: what scripts rely on. */
import { describe, expect, it } from 'vitest'
import { EXIT, exitCodeOf } from '../../../../controller/cli/exit.ts'
import { problem } from '../../../../controller/cli/problems.ts'
import { TOPICS } from '../../../../controller/cli/topics.ts'

describe('exit codes', () => {
  it('follow the status of what the controller says', () => {
    const codeOf = (status: number) => exitCodeOf({ code: 'anything', status })

    expect([401, 404, 403, 400, 413, 422, 409, 412, 504, 502, 503, 429].map(codeOf)).toEqual([
      EXIT.notSignedIn,
      EXIT.notFound,
      EXIT.notAllowed,
      EXIT.invalid,
      EXIT.invalid,
      EXIT.invalid,
      EXIT.conflict,
      EXIT.conflict,
      EXIT.timedOut,
      EXIT.unreachable,
      EXIT.unreachable,
      EXIT.unreachable,
    ])
  })

  it('are those of the table for what the command line says itself', () => {
    const expected = {
      usage: 2,
      'not-confirmed': 2,
      'count-not-confirmed': 2,
      'count-differs': 7,
      'no-context': 3,
      'no-token': 3,
      'no-home': 6,
      'context-unknown': 4,
      'context-file-exposed': 5,
      'context-file-broken': 6,
      'file-unusable': 6,
      'input-unreadable': 6,
      'url-unusable': 6,
      'fingerprint-differs': 12,
      'controller-untrusted': 12,
      'socket-refused': 5,
      'controller-unreachable': 11,
      'answer-strange': 11,
      'name-unknown': 4,
      'nothing-published': 4,
      'name-ambiguous': 4,
      'hosts-failed': 9,
      'wait-over': 10,
      'order-open': 10,
      'order-failed': 9,
      'ping-failed': 9,
      'machine-drifted': 9,
      'no-kvm': 7,
      'request-refused': 6,
      'record-changed': 7,
      'firmware-refused': 7,
      'session-ended': 9,
      'audit-altered': 12,
      'audit-unsigned': 12,
      'audit-unreadable': 6,
    }
    const actual = Object.fromEntries(
      Object.entries(problem.types).map(([code, { status }]) => [code, exitCodeOf({ code, status })]),
    )

    expect(actual).toEqual(expected)
  })

  it('call a full queue a conflict, because the controller itself is there', () => {
    expect(exitCodeOf({ code: 'queue-full', status: 429 })).toBe(EXIT.conflict)
  })

  it('tell a machine that does not from a controller that is away', () => {
    expect(exitCodeOf({ code: 'amt-not-connected', status: 404 })).toBe(EXIT.conflict)
    expect(exitCodeOf({ code: 'amt-timeout', status: 504 })).toBe(EXIT.partial)
  })

  it('call what is neither ours nor a client error unexpected', () => {
    expect(exitCodeOf({ code: 'internal', status: 500 })).toBe(EXIT.unexpected)
  })

  it('are all explained by the help topic', () => {
    for (const code of Object.values(EXIT)) expect(TOPICS['exit-codes']).toMatch(new RegExp(`^ *${code}  `, 'm'))
  })
})
