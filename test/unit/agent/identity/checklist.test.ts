// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { failedOnTheWay, formatStep, notReached, reached } from '../../../../agent/identity/checklist.ts'
import { problem } from '../../../../agent/link/dial-problems.ts'
import type { Network } from '../../../../agent/system/system.ts'
import { createMachine } from './machine.ts'

const direct = createMachine().system.network
const proxied: Network = { ...direct, proxyFor: () => new URL('http://user:secret@proxy.example:3128') }
const contact = (host = 'ctl.example', network = direct) => ({
  target: { host, port: 8443 },
  network,
  root: '9f'.repeat(32),
})
const unreachable = (cause: string) => problem('unreachable', `ctl.example:8443 (${cause})`, { cause })

describe('the checklist of an enrollment', () => {
  it('shows what was passed on the way to the controller', () => {
    expect(reached(contact()).map(formatStep)).toEqual(['✓ DNS', '✓ TCP 8443', '✓ TLS (root 9f9f9f9f…)'])
  })

  it('asks no name server for an address', () => {
    expect(reached(contact('10.0.0.1')).map(each => each.name)).toEqual(['tcp', 'tls'])
  })

  it('names a proxy, but not its password', () => {
    const lines = reached(contact('ctl.example', proxied)).map(formatStep)

    expect(lines[1]).toBe('✓ TCP 8443 (through proxy proxy.example:3128)')
    expect(lines.join()).not.toContain('secret')
  })

  it.each([
    [unreachable('ENOTFOUND'), ['✗ DNS']],
    [unreachable('ECONNREFUSED'), ['✓ DNS', '✗ TCP']],
    [problem('proxy-refused', 'proxy.example: 407'), ['✓ DNS', '✗ TCP']],
    [problem('untrusted-controller'), ['✓ DNS', '✓ TCP', '✗ TLS']],
    [problem('name-mismatch'), ['✓ DNS', '✓ TCP', '✗ TLS']],
    [problem('clock-behind'), ['✓ DNS', '✓ TCP', '✗ clock']],
  ])('stops where it failed: %s', (failure, expected) => {
    const lines = notReached(contact(), failure).map(formatStep)

    expect(lines.map(line => line.split(' ').slice(0, 2).join(' '))).toEqual(expected)
  })

  it('says why a step failed and what to do about it', () => {
    const step = notReached(contact(), unreachable('ENOTFOUND'))[0]

    expect(step).toMatchObject({
      ok: false,
      detail: expect.stringContaining('ENOTFOUND'),
      hint: expect.stringContaining('getent'),
    })
  })

  it('blames the connection when it breaks in a later step', () => {
    expect(failedOnTheWay('token', unreachable('ECONNRESET')).name).toBe('tcp')
    expect(failedOnTheWay('token', problem('certificate-expired')).name).toBe('tls')
    expect(failedOnTheWay('token', problem('answer-unusable')).name).toBe('token')
  })
})
