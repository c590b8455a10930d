// SPDX-License-Identifier: Apache-2.0
/** Bodies of the Device Management Toolkit's failures, and what a person reads of them. */
import { describe, expect, it } from 'vitest'
import { exitCodeOf } from '../../../../controller/cli/exit.ts'
import { explain } from '../../../../controller/cli/explain.ts'
import { endedSession, refusedSocket, toolkitFailure } from '../../../../controller/cli/toolkit-failure.ts'

const AWAY = 'Device not found/connected. Please connect again using CIRA.'

/** What is printed and the exit code. */
function told(status: number, body: unknown): { text: string; exit: number } {
  const failure = toolkitFailure(status, body)
  if (failure === undefined) throw new Error('it was not understood')
  return { text: explain(failure), exit: exitCodeOf(failure) }
}

describe('a failure in the words of the toolkit', () => {
  it('of a machine that is away says what to look at, and is a conflict', () => {
    const { text, exit } = told(404, { error: AWAY, errorDescription: 'guid : 1' })

    expect(text).toMatch(
      /^error: the machine is not connected out of band \[amt-not-connected\]\ntry: muster oob status/,
    )
    expect(exit).toBe(7)
  })

  it('of the firmware is the sentence beside its code', () => {
    const body = {
      error: 'Internal Server Error',
      errorDescription: 'Exception during Power State request',
      message: 'The device does not accept the password we have for it',
      code: 'amt-unauthorized',
    }
    const { text, exit } = told(500, body)

    expect(text).toContain('error: the device does not accept the password we have for it [amt-unauthorized]')
    expect(text).toContain('--current')
    expect(exit).toBe(9)
  })

  it('of a thing that is not there says which', () => {
    expect(told(404, { error: 'Not Found', message: 'AMT profile nix Not Found' })).toEqual({
      text: 'error: AMT profile nix Not Found [not-found]\n',
      exit: 4,
    })
  })

  it('of a record that is in use says by what', () => {
    const { text, exit } = told(400, { error: 'Foreign key violation', message: 'cira: default is used by profile a' })

    expect(text).toBe('error: foreign key violation: cira: default is used by profile a [request-refused]\n')
    expect(exit).toBe(6)
  })

  it('lists the values that are not taken, each with its place', () => {
    const errors = [
      { type: 'field', msg: 'AMT profile name is required', path: 'profileName', location: 'body' },
      { type: 'field', msg: 'Invalid value', path: 'bootDetails.url', location: 'body' },
      { nonsense: true },
    ]
    const { text, exit } = told(400, { errors })

    expect(text.split('\n').slice(1, 3)).toEqual([
      '  /profileName: AMT profile name is required',
      '  /bootDetails/url: Invalid value',
    ])
    expect(exit).toBe(6)
  })

  it('of a refused request names the status that firmware gave', () => {
    const { text, exit } = told(400, { Header: {}, Body: { ReturnValue: 2, ReturnValueStr: 'NOT_READY' } })

    expect(text).toContain('NOT_READY (2) [firmware-refused]')
    expect(exit).toBe(7)
  })

  it.each([409, 412])('of a record that was changed meanwhile is a conflict: %i', status => {
    const { text, exit } = told(status, { profileName: 'a', version: '7', tenantId: '' })

    expect(text).toContain('somebody changed it meanwhile: it is at version 7 [record-changed]')
    expect(exit).toBe(7)
  })

  it('hands on a confirmation that is asked for', () => {
    const body = { error: 'Confirmation required', confirmation: 'abc', code: 'confirmation-required' }

    expect(toolkitFailure(428, body)).toMatchObject({ code: 'confirmation-required', fields: { confirmation: 'abc' } })
  })

  it.each([undefined, null, 'text', {}, { nonsense: true }, [], { Body: { ReturnValue: 0 } }])(
    'is not made of anything else: %j',
    body => {
      expect(toolkitFailure(400, body)).toBeUndefined()
    },
  )
})

describe('a WebSocket that is refused', () => {
  it.each([
    [403, 'amt-consent-needed', 'amt-consent-needed', 7],
    [404, 'amt-not-connected', 'amt-not-connected', 7],
    [409, 'redirection-busy', 'redirection-busy', 7],
    [404, 'there is no such device', 'device-unknown', 4],
    [401, 'not-signed-in', 'no-token', 3],
    [403, 'it needs host.access', 'socket-refused', 5],
    [503, '', 'socket-refused', 5],
  ])('with %i %j is %s', (status, said, code, exit) => {
    const failure = refusedSocket(status, said)

    expect(failure.code).toBe(code)
    expect(exitCodeOf(failure)).toBe(exit)
  })
})

describe('a session that ended', () => {
  it('says why, and what to look at', () => {
    expect(explain(endedSession('redirection-refused (device)'))).toBe(
      'error: the session ended: redirection-refused (device) [session-ended]\ntry: muster oob features <host> shows whether the feature is on\n',
    )
    expect(explain(endedSession(''))).toContain('without a reason')
  })
})
