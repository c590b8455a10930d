// SPDX-License-Identifier: Apache-2.0
/** What the amt plugin takes from the transcripts of `rpc activate` and `rpc deactivate`, whatever they exit with. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outcomeOf, type Verdict } from '../../../../plugins/amt/outcome.ts'
import { linesOf, PLACEHOLDER } from '../../../../plugins/amt/said.ts'
import { spentMs } from '../../../support/effort.ts'
import { DONE, log } from './site.ts'

const of = (code: number, stderr: string, stdout = '') => outcomeOf({ code, stdout, stderr, late: false })
const json = (level: string, msg: string): string => `${JSON.stringify({ level, msg, time: '2026-11-20T09:14:03Z' })}\n`
const error = (text: string): string => log('error', text)

const SUMMARY = [
  log('info', 'Provisioning and Configuration Result : '),
  log('info', '  Activation:       Activated [ACM]'),
  log('error', '  Wireless Network: Failed to add the profile'),
  log('info', '  CIRA Connection:  Configured'),
].join('')

const TRANSCRIPTS: readonly (readonly [string, number, string, Verdict])[] = [
  ['v2, done', 0, DONE, 'ok'],
  ['v2, done, in JSON', 0, json('info', 'Status: Admin control mode.') + json('info', 'CIRA: Configured'), 'ok'],
  ['v2, done before', 0, log('info', 'Status: already enabled in admin mode.') + log('info', 'CIRA: Configured'), 'ok'],
  ['v2, deactivated', 0, log('info', 'Status: Device deactivated'), 'ok'],
  ['v2, deactivated without its server', 0, log('info', 'Status: Deactivated. MPS Unavailable.'), 'ok'],
  ['v3, done, one part failed', 0, SUMMARY, 'ok'],
  ['v3, done, as words', 0, 'INFO Status: Client control mode.\nINFO CIRA: Configured\n', 'ok'],
  ['v3, done, with colors of a terminal', 0, 'INFO[0012] Status: Client control mode.\n', 'ok'],
  ['v2, 0 and an error', 0, error('Device 1 activation failed. Error while adding the certificates to AMT.'), 'fault'],
  ['v2, 0 and an error as JSON in a line', 0, error('{"Status":"Failed to activate in admin control mode."}'), 'fault'],
  ['v2, 0 and a bad status', 0, log('info', 'Status: Failed to activate in client control mode.'), 'fault'],
  [
    'v3, 0 and a hollow success',
    0,
    error('Failed to upgrade.') + log('info', 'Status: Device activated successfully via RPS'),
    'fault',
  ],
  ['v3, the server speaks through code 10', 10, error('Device 1 activation failed. It is in unknown mode.'), 'fault'],
  ['any, a code with a meaning', 102, error('ActivationFailed'), 'fault'],
  ['v2, 0 and silence', 0, '', 'transient'],
  [
    'v2, 0 and a lost connection',
    0,
    error('error:websocket: close 1006 (abnormal closure): unexpected EOF'),
    'transient',
  ],
  ['v3, a lost connection', 10, error('rps connection closed unexpectedly'), 'transient'],
  ['any, EINTR', 0, error('interrupted system call'), 'transient'],
  ['any, code 10', 10, '', 'transient'],
  ['any, not ready', 4, error('AmtNotReady'), 'transient'],
  ['any, busy', 10, error('device or resource busy'), 'transient'],
  ['any, the server has another session', 0, error('Device 1 is being worked on by another session.'), 'transient'],
  ['any, no route', 10, error('dial tcp 192.0.2.1:443: connect: no route to host'), 'transient'],
  [
    'any, an unknown authority',
    10,
    error('tls: failed to verify certificate: x509: certificate signed by unknown authority'),
    'transient',
  ],
  ['any, no local service', 139, error('failed to connect to LMS'), 'transient'],
  ['v2, the firmware does not let the server in', 0, error('Unable to authenticate with AMT'), 'auth'],
  ['v3, the same', 100, error('Unable to authenticate with AMT'), 'auth'],
  ['any, another password is stored', 0, error('AMT password DOES NOT match stored version for Device 1'), 'auth'],
  ['any, no password is stored', 0, error('Device 1 activation failed. Missing password.'), 'auth'],
  [
    'any, no such profile',
    0,
    error('Device 1 activation failed. p does not match list of available AMT profiles.'),
    'refused',
  ],
  [
    'any, no such suffix',
    10,
    error(
      'Device 1 activation failed. Specified AMT domain suffix: x does not match list of available AMT domain suffixes.',
    ),
    'refused',
  ],
  ['any, no suffix', 0, error('Device 1 activation failed. Missing DNS Suffix.'), 'refused'],
  [
    'any, another tenant',
    0,
    error('Device belongs to another tenant. Please unprovision and re-activate device.'),
    'refused',
  ],
  ['any, another protocol', 0, error('protocol version NOT supported: 5.0.0'), 'refused'],
  ['any, our command line', 28, '', 'refused'],
  ['any, a shared UUID', 37, error('UUID is a known invalid UUID'), 'refused'],
]

describe('a transcript', () => {
  it.each(TRANSCRIPTS)('is understood: %s', (_what, code, stderr, verdict) => {
    expect(of(code, stderr).verdict).toBe(verdict)
    expect(of(code, '', stderr).verdict).toBe(verdict)
  })

  it('tells whether a tunnel belongs to the result', () => {
    expect(of(0, DONE).tunnel).toBe(true)
    expect(of(0, SUMMARY).tunnel).toBe(true)
    expect(of(0, `${log('info', 'Status: Client control mode.')}${log('info', 'CIRA: ')}`).tunnel).toBe(false)
    expect(of(10, '').tunnel).toBeUndefined()
  })

  it('yields the words that matter', () => {
    expect(of(0, error('{"Status":"Unable to \\"do\\" it"}')).message).toBe('Unable to "do" it')
    expect(of(0, DONE).message).toBe('Client control mode.')
    expect(outcomeOf({ code: -1, stdout: '', stderr: 'killed', late: true })).toMatchObject({
      verdict: 'transient',
      message: 'rpc did not end in time and was stopped',
    })
  })

  it('yields no secret', () => {
    const { message } = of(10, error(`bad: password=Hunter2 "token":"abc.def" ${PLACEHOLDER}`))

    expect(message).not.toMatch(/Hunter2|abc\.def|Ordered/)
  })

  it('may be anything', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 300 }), fc.string({ unit: 'binary', maxLength: 400 }), (code, text) => {
        const { message } = of(code, text, text)
        expect(message.length).toBeLessThanOrEqual(500)
        expect(message).not.toBe('')
      }),
    )
  })

  it('is read in bounded time', () => {
    const started = spentMs()
    linesOf('level='.repeat(20_000), `msg="${'\\'.repeat(100_000)}`)
    of(0, 'level=a '.repeat(50_000))

    expect(spentMs() - started).toBeLessThan(1_000)
  })
})
