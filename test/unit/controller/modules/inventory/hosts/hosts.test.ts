// SPDX-License-Identifier: Apache-2.0
/** Labels taken over from places, and addresses that must be a host's own. */
import { describe, expect, it } from 'vitest'
import { clashOf, ownAddresses } from '../../../../../../controller/modules/inventory/hosts/address-rules.ts'
import { effectiveLabels } from '../../../../../../controller/modules/inventory/hosts/labels.ts'

const labelled = (id: string, labels: Record<string, string>) => ({
  id,
  labels: Object.entries(labels).map(([key, value]) => ({ key, value })),
})

describe('the labels of a host', () => {
  it('come from the nearest place that has them, and from itself before all', () => {
    const effective = effectiveLabels(labelled('host', { a: 'h' }), [
      labelled('site', { a: 's', b: 's' }),
      labelled('inner', { b: 'i', c: 'i' }),
      labelled('outer', { c: 'o', d: 'o' }),
    ])
    expect(effective.map(({ key, value, source }) => `${key}=${value}@${source}`)).toEqual([
      'a=h@host',
      'b=s@site',
      'c=i@inner',
      'd=o@outer',
    ])
  })
})

const nic = (deviceName: string, address: string, scope = 'global') => ({
  deviceName,
  linkState: 'up' as const,
  virtual: false,
  addresses: [{ family: address.includes(':') ? ('inet6' as const) : ('inet' as const), address, prefix: 24, scope }],
})

describe('the addresses of a host', () => {
  it('are those of its own interfaces, once each', () => {
    const nics = [
      nic('eth0', '10.0.0.1'),
      nic('bond0', '10.0.0.1'),
      nic('br0', '10.0.0.2'),
      nic('eth0.7', '2001:DB8::1'),
      nic('lo', '127.0.0.1', 'host'),
      nic('lo', '10.255.0.1'),
      nic('eth0', '169.254.1.1'),
      nic('eth0', 'fe80::1', 'link'),
      nic('docker0', '172.17.0.1'),
      nic('br-0123456789ab', '172.18.0.1'),
      nic('virbr0', '192.168.122.1'),
      nic('cni0', '10.42.0.1'),
    ]
    expect(ownAddresses(nics)).toEqual(['10.0.0.1', '10.0.0.2', '2001:db8::1'])
  })

  it('are the same however they are spelled', () => {
    const spelled = ['2001:db8::1', '2001:0DB8:0:0:0:0:0:1', '2001:db8:0::0:1', '2001:db8::1%eth0']
    expect(ownAddresses(spelled.map(address => nic('eth0', address)))).toEqual(['2001:db8::1'])
    expect(ownAddresses([nic('eth0', '0:0:0:0:0:0:0:1'), nic('eth1', 'FE80:0::5')])).toEqual([])
  })

  it('clash only with those of another host of the same site', () => {
    const at = (host: string, address: string, site: string | null) => ({ host, address, site })
    const all = [
      at('a', 'x', 's'),
      at('b', 'x', 's'),
      at('c', 'x', 't'),
      at('d', 'x', null),
      at('e', 'x', null),
      at('a', 'y', 's'),
    ]
    expect(all.map(each => clashOf(each, all))).toEqual(['b', 'a', null, null, null, null])
  })
})
