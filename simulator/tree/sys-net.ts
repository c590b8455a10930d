// SPDX-License-Identifier: Apache-2.0
/** The network interfaces of a simulated machine as `/sys` shows them. */
import type { SimulatedNic } from '../facts.ts'
import type { PciFunction } from './pci-function.ts'
import type { TreeSource } from './source.ts'
import { type Folder, folder, symlink } from './tree.ts'
import { type Vitals, vitalsOf } from './vitals.ts'

/** The network functions, each behind a bridge of its own. */
export function nicFunctions(source: TreeSource): readonly PciFunction[] {
  return source.facts.nics.map((nic, at) => ({
    path: bridged(nic, at),
    vendor: nic.vendor,
    device: nic.device,
    class: nic.kind === 'wireless' ? '0x028000' : '0x020000',
    driver: nic.driver,
    children: {
      net: folder(() => ({ [nic.name]: folder(() => interfaceFolder(source, nic, at)) })),
      ...(nic.driver === 'ice' ? { sriov_numvfs: '0\n', sriov_totalvfs: '64\n' } : {}),
    },
  }))
}

/** `/sys/class/net`. */
export function netLinks(nics: readonly SimulatedNic[]): Folder {
  return {
    ...Object.fromEntries(
      nics.map((nic, at) => [
        nic.name,
        symlink(`../../devices/pci0000:00/${bridged(nic, at).join('/')}/net/${nic.name}`),
      ]),
    ),
    lo: symlink('../../devices/virtual/net/lo'),
  }
}

/** `/sys/devices/virtual/net`. */
export function virtualNet(): Folder {
  return {
    lo: folder({
      addr_assign_type: '0\n',
      address: '00:00:00:00:00:00\n',
      carrier: '1\n',
      flags: '0x9\n',
      ifindex: '1\n',
      mtu: '65536\n',
      operstate: 'unknown\n',
      type: '772\n',
    }),
  }
}

function bridged(nic: SimulatedNic, at: number): readonly string[] {
  return [`0000:00:1c.${at}`, nic.pciAddress]
}

function interfaceFolder(source: TreeSource, nic: SimulatedNic, at: number): Folder {
  const up = (): boolean => nic.linked && source.linked()
  const counter = (read: (vitals: Vitals) => number) => (): string => `${nic.linked ? read(vitalsOf(source)) : 0}\n`
  return {
    addr_assign_type: '0\n',
    address: `${nic.mac}\n`,
    carrier: () => (up() ? '1\n' : '0\n'),
    dev_id: '0x0\n',
    device: symlink(`../../../${nic.pciAddress}`),
    duplex: () => (up() && nic.kind === 'wired' ? 'full\n' : 'unknown\n'),
    flags: () => (up() ? '0x1003\n' : '0x1002\n'),
    ifindex: `${at + 2}\n`,
    mtu: '1500\n',
    operstate: () => (up() ? 'up\n' : 'down\n'),
    // The kernel refuses to tell the speed of what has no wire.
    speed: () => (nic.kind === 'wireless' ? undefined : up() ? `${nic.speedMbps}\n` : '-1\n'),
    statistics: folder({
      rx_bytes: counter(vitals => vitals.receivedBytes),
      rx_errors: '0\n',
      rx_packets: counter(vitals => Math.floor(vitals.receivedBytes / 512)),
      tx_bytes: counter(vitals => vitals.sentBytes),
      tx_errors: '0\n',
      tx_packets: counter(vitals => Math.floor(vitals.sentBytes / 512)),
    }),
    type: '1\n',
    uevent: `INTERFACE=${nic.name}\nIFINDEX=${at + 2}\n`,
    ...(nic.kind === 'wireless' ? { phy80211: symlink('../../ieee80211/phy0'), wireless: folder({}) } : {}),
  }
}
