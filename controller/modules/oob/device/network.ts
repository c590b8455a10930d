// SPDX-License-Identifier: Apache-2.0
/** Network ports of a device as its firmware sees them, and how the wired one gets its address. */
import { problem } from '../problems.ts'
import { type CallOptions, flagOf, type Instance, numberOf, type Output, textOf, type Wsman } from '../wsman/wsman.ts'
import { contentOf, members } from './wire.ts'

const PORTS = 'AMT_EthernetPortSettings'
export const WIRED_PORT = 'Intel(r) AMT Ethernet Port Settings 0'
export const WIRELESS_PORT = 'Intel(r) AMT Ethernet Port Settings 1'
/** PhysicalConnectionType of a wireless port. */
const WIRELESS = 3

export type Ports = { readonly wired: Instance | undefined; readonly wireless: Instance | undefined }

/** Machines without a wired port number their wireless one 0 or 1. */
export async function readPorts(wsman: Wsman, options?: CallOptions): Promise<Ports> {
  const { instances } = await wsman.list(PORTS, options)
  const isWireless = (port: Instance): boolean =>
    textOf(port.InstanceID).includes(WIRELESS_PORT) || numberOf(port.PhysicalConnectionType) === WIRELESS
  return {
    wired: instances.find(port => textOf(port.InstanceID).includes(WIRED_PORT) && !isWireless(port)),
    wireless: instances.find(isWireless),
  }
}

export function readWired8021x(wsman: Wsman, options?: CallOptions): Promise<Instance | undefined> {
  return contentOf(wsman.get('IPS_IEEE8021xSettings', options))
}

export type WiredChange = {
  readonly dhcp: boolean
  /** Shares the address of the operating system; as it is when missing, and no longer when an address is given. */
  readonly ipSync?: boolean | undefined
  readonly ipAddress?: string | undefined
  readonly subnetMask?: string | undefined
  readonly defaultGateway?: string | undefined
  readonly primaryDns?: string | undefined
  readonly secondaryDns?: string | undefined
}

/** Puts the wired port's settings. */
export async function changeWired(
  wsman: Wsman,
  { port, change }: { readonly port: Instance; readonly change: WiredChange },
  options?: CallOptions,
): Promise<void> {
  const selectors = { InstanceID: textOf(port.InstanceID) }
  await wsman.put(PORTS, wiredSettings(port, change), { ...options, selectors })
}

/**
 * The members firmware wants with a change of address. Addresses are left out unless they are static: an empty one
 * means "as it is" to some generations and is refused by others.
 */
export function wiredSettings(port: Instance, change: WiredChange): Instance {
  // Who gives an address wants it used, also where the firmware shared that of the operating system so far.
  const ipSync = change.dhcp || (change.ipSync ?? (change.ipAddress === undefined && flagOf(port.IpSyncEnabled)))
  const isStatic = !change.dhcp && !ipSync
  const given = (text: string | undefined): string | undefined => (isStatic && text !== '' ? text : undefined)
  return members({
    ElementName: textOf(port.ElementName),
    InstanceID: textOf(port.InstanceID),
    SharedMAC: port.SharedMAC === undefined ? undefined : flagOf(port.SharedMAC),
    SharedStaticIp: !change.dhcp && ipSync,
    IpSyncEnabled: ipSync,
    DHCPEnabled: change.dhcp,
    IPAddress: given(change.ipAddress),
    SubnetMask: given(change.subnetMask),
    DefaultGateway: given(change.defaultGateway),
    PrimaryDNS: given(change.primaryDns),
    SecondaryDNS: given(change.secondaryDns),
  })
}

export type LinkPreference = 'me' | 'host'

/** Who owns the wireless link: the firmware for some seconds, or the operating system. */
export function preferLink(
  wsman: Wsman,
  { port, to, timeoutS }: { readonly port: Instance; readonly to: LinkPreference; readonly timeoutS: number },
  options?: CallOptions,
): Promise<Output> {
  if (numberOf(port.PhysicalConnectionType) !== undefined && numberOf(port.PhysicalConnectionType) !== WIRELESS) {
    throw problem('amt-unsupported', 'only a wireless link can be preferred')
  }
  const selectors = { InstanceID: textOf(port.InstanceID) }
  const input = members({ LinkPreference: to === 'me' ? 1 : 2, Timeout: timeoutS })
  return wsman.invoke(PORTS, 'SetLinkPreference', input, { ...options, selectors })
}
