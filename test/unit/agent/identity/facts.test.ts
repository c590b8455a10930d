// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { collectFacts } from '../../../../agent/identity/facts.ts'
import { findings, HostFacts } from '../../../../plugins/contract/index.ts'
import { createMachine } from './machine.ts'

const dmi = '/sys/class/dmi/id'

describe('what a machine says of itself', () => {
  it('is what its firmware, cards and disks say', async () => {
    const { system } = createMachine({
      disk: new Map([
        [`${dmi}/product_uuid`, '4C4C4544-0042\n'],
        [`${dmi}/product_serial`, ' SN-1 \n'],
        [`${dmi}/product_name`, 'NUC\n'],
        ['/proc/sys/kernel/hostname', 'press-3\n'],
        ['/etc/hostname', 'other\n'],
        ['/sys/class/net/eno1/address', 'AA:BB:CC:00:00:01\n'],
        ['/sys/class/net/lo/address', '00:00:00:00:00:00\n'],
        ['/sys/class/net/veth12/address', 'aa:bb:cc:00:00:02\n'],
        ['/sys/class/net/wlan0/address', '00:00:00:00:00:00\n'],
        ['/sys/block/nvme0n1/device/serial', 'S1-77 \n'],
        ['/sys/block/loop0/device/serial', 'no\n'],
      ]),
      links: { '/sys/class/net/eno1/device': '../../0000:00:1f.6', '/sys/class/net/wlan0/device': '../../x' },
    })

    const facts = await collectFacts(system)

    expect(facts).toEqual({
      machineId: 'a'.repeat(32),
      uuid: '4C4C4544-0042',
      serial: 'SN-1',
      product: 'NUC',
      hostname: 'press-3',
      macs: ['aa:bb:cc:00:00:01'],
      diskSerials: ['S1-77'],
    })
  })

  it('is nothing where nothing can be read', async () => {
    const { system } = createMachine({ machineId: '' })
    const refuse = () => Promise.reject(new Error('EACCES'))
    const files = { ...system.files, read: refuse, text: refuse, list: refuse, link: refuse }

    expect(await collectFacts({ ...system, files, machineId: refuse })).toEqual({})
  })

  it('always fits what the controller accepts, whatever the firmware says', async () => {
    const many = Array.from({ length: 100 }, (_, index) => index.toString(16).padStart(2, '0'))
    const { system } = createMachine({
      machineId: 'x'.repeat(500),
      disk: new Map([
        [`${dmi}/product_serial`, 'S'.repeat(5_000)],
        [`${dmi}/product_name`, '\0\0'],
        ...many.map(each => [`/sys/class/net/eth${each}/address`, `02:00:00:00:00:${each}`] as const),
        ...many.map(each => [`/sys/block/sd${each}/device/serial`, `disk-${each}`] as const),
      ]),
      links: Object.fromEntries(many.map(each => [`/sys/class/net/eth${each}/device`, '../x'])),
    })

    const facts = await collectFacts({ ...system, simulated: true })

    expect(findings(HostFacts, facts)).toEqual([])
    expect(facts).toMatchObject({ simulated: true, serial: 'S'.repeat(200) })
    expect(facts.product).toBeUndefined()
    expect([facts.macs?.length, facts.diskSerials?.length]).toEqual([32, 64])
  })
})
