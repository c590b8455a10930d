// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Device } from '../../../../../../controller/modules/oob/devices/devices.ts'
import {
  readAddress,
  readFingerprint,
  writeAddress,
} from '../../../../../../controller/modules/oob/devices/lan-address.ts'
import { lanNetworks } from '../../../../../../controller/modules/oob/devices/lan-networks.ts'
import { addressChange, addressJson } from '../../../../../../controller/modules/oob/mps/device-address.ts'

describe('the address of a device', () => {
  it.each([
    ['10.0.0.7', '10.0.0.7', false, '10.0.0.7:16992'],
    ['10.0.0.7:16993', '10.0.0.7', true, 'tls://10.0.0.7:16993'],
    ['10.0.0.7:16994', '10.0.0.7', false, '10.0.0.7:16992'],
    ['tls://Press-7.Plant.example', 'press-7.plant.example', true, 'tls://press-7.plant.example:16993'],
    ['tls://10.0.0.7:16992', '10.0.0.7', true, 'tls://10.0.0.7:16993'],
    ['fd00::7', 'fd00::7', false, '[fd00::7]:16992'],
    ['[fd00::7]:16995', 'fd00::7', true, 'tls://[fd00::7]:16993'],
  ])('%s is read, and kept in one spelling', (text, host, secured, kept) => {
    const address = readAddress(text)

    expect(address).toEqual({ host, secured })
    expect(writeAddress(address!)).toBe(kept)
    expect(readAddress(kept)).toEqual(address)
  })

  it.each(['', ' ', '10.0.0.7:22', '10.0.0.7:0', 'a/b', 'a b', 'u@h', 'http://h', '-h', 'h-', '[h]', '%00', 'h\n'])(
    '%j is none',
    text => expect(readAddress(text)).toBeUndefined(),
  )
})

describe('a fingerprint', () => {
  it('is kept in lower case without colons', () => {
    expect(readFingerprint(`AB${':AB'.repeat(31)}`)).toBe('ab'.repeat(32))
    expect(readFingerprint('ab')).toBeUndefined()
  })
})

describe('networks', () => {
  it.each([
    [[], '10.0.0.1', false],
    [['10.0.0.0/8'], '10.255.0.1', true],
    [['10.0.0.0/8'], '11.0.0.1', false],
    [['10.0.0.7'], '10.0.0.7', true],
    [['10.0.0.7'], '10.0.0.8', false],
    [['fd00::/8'], 'fd12::1', true],
    [['10.0.0.0/8'], '::ffff:10.0.0.1', true],
    [['0.0.0.0/0', '::/0'], '8.8.8.8', true],
    [['0.0.0.0/0', '::/0'], '127.0.0.1', false],
    [['0.0.0.0/0', '::/0'], '::1', false],
    [['0.0.0.0/0', '::/0'], '::ffff:127.0.0.1', false],
    [['0.0.0.0/0', '::/0'], '169.254.169.254', false],
    [['0.0.0.0/0', '::/0'], 'fe80::1', false],
    [['0.0.0.0/0'], '0.0.0.0', false],
    [['127.0.77.0/24'], '127.0.77.1', true],
    [['127.0.77.0/24'], '127.0.0.1', false],
    [['169.254.0.0/16'], '169.254.1.1', true],
    [['10.0.0.0/8'], 'press-7.plant.example', false],
  ])('%j holds %s: %s', (networks, address, allowed) => {
    expect(lanNetworks(networks)(address)).toBe(allowed)
  })

  it.each(['10.0.0.0/33', '10.0.0', 'plant', '10.0.0.0/', 'fd00::/129', '10.0.0.0/8x'])('%s is none', text => {
    expect(() => lanNetworks([text])).toThrow(expect.objectContaining({ code: 'lan-network-invalid' }))
  })
})

describe('what a body says of the way to a device', () => {
  const HASH = 'ab'.repeat(32)
  const row = (more: Partial<Device>): Device => ({ certHash: undefined, allowSelfSigned: false, ...more }) as Device // the members that are looked at

  it('is nothing when it names none of its members', () => {
    expect(addressChange({ hostname: 'x' }, undefined)).toEqual({})
    expect(addressJson(row({ address: undefined }))).toEqual({})
  })

  it('turns TLS on and off for the address that is there', () => {
    const present = row({ address: '10.0.0.7:16992' })

    expect(addressChange({ useTLS: true }, present)).toEqual({ address: 'tls://10.0.0.7:16993' })
    expect(addressChange({ useTLS: false }, row({ address: 'tls://10.0.0.7:16993' }))).toEqual({
      address: '10.0.0.7:16992',
    })
  })

  it('forgets the certificate with the address it belongs to, unless it brings another', () => {
    const present = row({ address: '10.0.0.7:16992', certHash: HASH })

    expect(addressChange({ address: '10.0.0.8' }, present)).toEqual({ address: '10.0.0.8:16992', certHash: undefined })
    expect(addressChange({ address: '10.0.0.7' }, present)).toEqual({ address: '10.0.0.7:16992' })
    expect(addressChange({ address: '10.0.0.8', certHash: HASH }, present)).toMatchObject({ certHash: HASH })
    expect(addressChange({ address: null }, present)).toEqual({ address: undefined, certHash: undefined })
  })

  it('is shown under the names that Console has', () => {
    expect(addressJson(row({ address: 'tls://10.0.0.7:16993', certHash: HASH }))).toEqual({
      address: 'tls://10.0.0.7:16993',
      useTLS: true,
      allowSelfSigned: false,
      certHash: HASH,
    })
  })
})
