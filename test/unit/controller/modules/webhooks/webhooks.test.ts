// SPDX-License-Identifier: Apache-2.0
/** The rules of webhooks: which addresses may be told, how long to wait, how to sign. */
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createAddresses } from '../../../../../controller/modules/webhooks/addresses.ts'
import { verdictOf, waitBefore } from '../../../../../controller/modules/webhooks/attempt.ts'
import { patienceOf } from '../../../../../controller/modules/webhooks/config.ts'
import { signatureOf } from '../../../../../controller/modules/webhooks/signature.ts'
import { Secret } from '../../../../../controller/secrets/secrets.ts'

const rules = {
  allow: undefined,
  deny: [],
  plainHttp: false,
  ownPorts: () => [8443],
  ownAddresses: () => ['192.168.7.1'],
}

describe('addresses', () => {
  const addresses = createAddresses(rules)

  it.each(['10.1.2.3', '192.168.0.9', '172.16.0.1', '93.184.216.34', 'fd12::1', '127.0.0.1'])('%s may be told', ip => {
    expect(addresses.isAllowed(ip, 443)).toBe(true)
  })

  it.each([
    '169.254.169.254',
    '169.254.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '100.100.100.200',
    'fe80::1',
    'ff02::1',
    '::',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::',
    'example.com',
  ])('%s may never be told', ip => {
    expect(addresses.isAllowed(ip, 443)).toBe(false)
  })

  it.each(['127.0.0.1', '::1', '192.168.7.1'])('%s is this machine: not on the ports of the controller', ip => {
    expect(addresses.isAllowed(ip, 8443)).toBe(false)
    expect(addresses.isAllowed(ip, 9443)).toBe(true)
  })

  it('can be narrowed to some networks and kept from others', () => {
    const narrow = createAddresses({ ...rules, allow: ['10.0.0.0/8'], deny: ['10.9.0.0/16'] })

    expect(['10.1.1.1', '10.9.1.1', '93.184.216.34'].map(ip => narrow.isAllowed(ip, 443))).toEqual([true, false, false])
  })

  it('refuses a network that is none', () => {
    expect(() => createAddresses({ ...rules, deny: ['10.0.0.0/40'] })).toThrow('is no network')
  })

  it('lets plain http out only where that is configured', () => {
    expect(() => addresses.check('http://10.1.1.1/x')).toThrow('loopback only')
    expect(createAddresses({ ...rules, plainHttp: true }).check('http://10.1.1.1/x').port).toBe('')
    expect(addresses.check('http://127.0.0.1:8080/x').port).toBe('8080')
  })
})

describe('waits', () => {
  const patience = patienceOf({})

  it('double up to the longest, between half and the whole', () => {
    const waits = [1, 2, 3, 4, 20].map(attempts => waitBefore(attempts, patience, 1))

    expect(waits).toEqual([10_000, 20_000, 40_000, 80_000, 3_600_000])
    expect(waitBefore(3, patience, 0)).toBe(20_000)
  })
})

describe('outcomes', () => {
  const answered = (status: number) => verdictOf({ kind: 'answered', status, retryAfterMs: undefined })

  it('are delivered, worth another try, or final', () => {
    expect([200, 204, 299].map(answered)).toEqual(['delivered', 'delivered', 'delivered'])
    expect([500, 503, 599, 429, 408].map(answered)).toEqual(['again', 'again', 'again', 'again', 'again'])
    expect([301, 302, 400, 404, 410].map(answered)).toEqual(['dead', 'dead', 'dead', 'dead', 'dead'])
    expect(verdictOf({ kind: 'failed', why: 'ECONNREFUSED' })).toBe('again')
    expect(verdictOf({ kind: 'refused', why: 'link-local' })).toBe('dead')
  })
})

describe('signatures', () => {
  it('cover time and body', () => {
    const at = Date.parse('2026-11-21T04:00:00.700Z')
    const wanted = createHmac('sha256', 'whsec_a').update('1795233600.{"a":"é"}').digest('hex')

    expect(signatureOf([Secret.of('whsec_a')], at, '{"a":"é"}')).toBe(`t=1795233600,v1=${wanted}`)
  })
})
