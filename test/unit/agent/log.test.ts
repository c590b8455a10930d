// SPDX-License-Identifier: Apache-2.0
/** What the log of the agent lets through. */
import { describe, expect, it } from 'vitest'
import { createLog, redacted, redactedText, silentLog } from '../../../agent/log.ts'
import { problem } from '../../../plugins/contract/index.ts'

function linesOf(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = []
  write(createLog({ level: 'debug', sink: { write: line => void lines.push(line) } }))
  return lines.map(line => JSON.parse(line) as Record<string, unknown>)
}

describe('a line', () => {
  it('is one JSON object with time, message and fields', () => {
    const [line] = linesOf(log => log.child({ section: 'power' }).warn('the plan failed', { step: 'reboot' }))

    expect(line).toMatchObject({ message: 'the plan failed', section: 'power', step: 'reboot' })
    expect(line?.time).toMatch(/^\d{4}-\d\d-\d\dT/)
  })

  it('says of a problem what a report would, and its cause', () => {
    const [line] = linesOf(log =>
      log.error('failed', { problem: problem('internal', 'x', {}, new Error('the cause')) }),
    )

    expect(line?.problem).toMatchObject({ code: 'internal', detail: 'x', cause: { message: 'the cause' } })
  })

  it('below the level is not written', () => {
    const lines: string[] = []
    createLog({ level: 'warn', sink: { write: line => void lines.push(line) } }).info('quiet', { a: 1 })
    createLog({ level: 'silent', sink: { write: line => void lines.push(line) } }).error('quiet')
    silentLog().error('quiet')

    expect(lines).toEqual([])
  })
})

describe('redaction', () => {
  const names = [
    'token',
    'joinToken',
    'clientSecret',
    'password',
    'ticket',
    'sessionTicket',
    'privateKey',
    'authorization',
  ]

  it.each(names)('hides %s at any depth and in lists', name => {
    const planted = { [name]: 'canary', inner: { deep: [{ [name]: 'canary' }] } }

    expect(JSON.stringify(redacted(planted))).not.toContain('canary')
  })

  it.each([
    ['a join token', 'use muster-join_1.AbC-9.secret_part.0a1b to enroll'],
    ['an API token', 'header muster_pat_secretpart0'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nsecret_part\n-----END PRIVATE KEY-----'],
    ['a private key that was cut off', '-----BEGIN EC PRIVATE KEY-----\nsecret_part'],
    ['a password in an address', 'http://anna:secret_part@proxy:3128/'],
  ])('hides %s inside a text', (_, text) => {
    expect(redactedText(text)).toContain('[redacted]')
    expect(redactedText(text)).not.toMatch(/secret_?part/)
  })

  it('hides secrets inside the message and stack of an error', () => {
    const line = redacted({ error: new Error('refused muster-join_1.a.secret_part.b') })

    expect(JSON.stringify(line)).not.toContain('secret_part')
  })

  it('leaves ordinary fields alone', () => {
    const fields = { host: 'host-0a1b2c3d', tokens: 3, kid: 'abc', problem: { code: 'expired' } }

    expect(redacted(fields)).toEqual(fields)
  })

  it('ends at a depth and a length that no field can pass', () => {
    const circular: Record<string, unknown> = {}
    circular.self = circular

    expect(JSON.stringify(redacted({ circular }))).toContain('[deep]')
    expect(redactedText('x'.repeat(100_000)).length).toBeLessThan(2_100)
  })
})
