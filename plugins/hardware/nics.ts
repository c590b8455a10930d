// SPDX-License-Identifier: Apache-2.0
/** Network interfaces with their links and addresses, from /sys/class/net and whoever knows the addresses. */
import type { Files, PluginHost } from '../contract/index.ts'
import { type Addresses, parseIp, parseProcNet } from './addresses.ts'
import { type Address, LinkState, MAX_ITEMS, type Nic } from './contract.ts'
import { byName, count, fact, names, present, target, targetName, whole } from './read.ts'
import { recall } from './recall.ts'

const NET = '/sys/class/net'

/** Lists the interfaces by name, those of hardware first so that a limit takes the virtual ones. */
export type NicReader = (addresses: Addresses) => Promise<readonly Nic[]>

/** Creates a reader that reads what an interface is once, and how it is doing every time. */
export function nicReader(files: Files): NicReader {
  const known = recall<Device>()
  return async addresses => {
    const entries = [...(await names(files, NET))].sort(byName)
    known.keep(entries)
    const found: Nic[] = []
    for (const name of entries) {
      const state = await fact(files, `${NET}/${name}/operstate`)
      // Beside interfaces the folder holds plain files such as bonding_masters.
      if (state === undefined) continue
      const path = (await target(files, `${NET}/${name}`)) ?? ''
      const device = await known.of(name, path, () => readDevice(files, name, path))
      found.push({ ...(await readNic(files, { name, state, device })), addresses: cut(addresses.get(name)) })
    }
    return found.sort((a, b) => Number(a.virtual) - Number(b.virtual))
  }
}

function cut(addresses: readonly Address[] = []): Address[] {
  return addresses.slice(0, MAX_ITEMS.addresses)
}

type Device = Pick<Nic, 'driver' | 'pciIdentifier' | 'sriovVfsTotal' | 'virtual'>

async function readDevice(files: Files, name: string, path: string): Promise<Device> {
  if (path.includes('/virtual/')) return { virtual: true }
  return present({
    driver: await targetName(files, `${NET}/${name}/device/driver`),
    pciIdentifier: pciOf(path),
    sriovVfsTotal: await count(files, `${NET}/${name}/device/sriov_totalvfs`),
    virtual: false,
  })
}

type Interface = { readonly name: string; readonly state: string; readonly device: Device }

async function readNic(files: Files, { name, state, device }: Interface): Promise<Omit<Nic, 'addresses'>> {
  const at = `${NET}/${name}`
  const hasFunctions = device.sriovVfsTotal !== undefined
  const functions = hasFunctions ? ((await count(files, `${at}/device/sriov_numvfs`)) ?? 0) : undefined
  return present({
    deviceName: name,
    macAddr: await fact(files, `${at}/address`),
    mtu: await count(files, `${at}/mtu`),
    linkState: LinkState.enum.find(known => known === state) ?? 'unknown',
    speedMbps: device.virtual ? undefined : await count(files, `${at}/speed`),
    ...device,
    sriovEnabled: functions === undefined ? undefined : functions > 0,
    sriovVfsNum: functions,
  })
}

/** The PCI function a device path hangs from; `undefined` for what is behind another bus, such as USB. */
export function pciOf(path: string): string | undefined {
  if (/\/usb\d+\//.test(path)) return undefined
  return [...path.matchAll(/[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]/g)].at(-1)?.[0]
}

const PROC_NET = { fibTrie: '/proc/net/fib_trie', route: '/proc/net/route', ifInet6: '/proc/net/if_inet6' }

/** Answers the addresses; runs `ip` only when the kernel's own files differ from when it last ran. */
export type AddressBook = (signal: AbortSignal) => Promise<Addresses>

export function addressBook(host: PluginHost): AddressBook {
  let known: { readonly key: string; readonly addresses: Addresses } | undefined
  return async signal => {
    const files = {
      fibTrie: (await whole(host.files, PROC_NET.fibTrie)) ?? '',
      route: (await whole(host.files, PROC_NET.route)) ?? '',
      ifInet6: (await whole(host.files, PROC_NET.ifInet6)) ?? '',
    }
    const key = `${files.fibTrie}\n${files.route}\n${files.ifInet6}`
    if (known?.key === key && key.length > 2) return known.addresses
    const ran = await host.run('ip', ['-j', 'addr'], { signal, timeoutMs: 10_000 })
    const addresses = (ran.code === 0 ? parseIp(ran.stdout) : undefined) ?? parseProcNet(files)
    known = { key, addresses }
    return addresses
  }
}
