// SPDX-License-Identifier: Apache-2.0
/** What is to be done about network, features and clock. Pure. */
import { flagOf, numberOf, textOf } from '../wsman/wsman.ts'
import { CONSENT, LOCAL_SYNC, WIFI_PORT_ON } from './names.ts'
import type { Parts, WifiEndpoint } from './observed.ts'
import type { Step } from './step.ts'
import type { Wanted, WantedWifi } from './wanted.ts'

/** Clocks that are further apart are set: certificates and logs depend on them. */
export const CLOCK_SLACK_S = 30

export function wiredStrays(
  { wired8021x: wanted }: Wanted,
  { wired8021x }: Pick<Parts, 'wired8021x'>,
): readonly Step[] {
  if (wired8021x?.enabled !== true || wanted !== undefined) return []
  return [{ do: 'disable-8021x', why: '802.1x is on and not wanted' }]
}

export function planGeneral(_: Wanted, { general }: Pick<Parts, 'general'>): readonly Step[] {
  if (general.sharedFqdn && general.networkEnabled && general.rmcpPing) return []
  return [{ do: 'set-general', why: 'shared name, network or ping is off' }]
}

export function planWired(
  { wired, wired8021x: wanted8021x }: Wanted,
  { ports, wired8021x }: Pick<Parts, 'ports' | 'wired8021x'>,
): readonly Step[] {
  const is = ports.wired
  if (is === undefined) return []
  const steps: Step[] = []
  const shared = !wired.dhcp && wired.ipSync
  // Without one from the client, it is the address that the firmware already has.
  const own = { ipAddress: textOf(is.IPAddress), netmask: textOf(is.SubnetMask) }
  const address = wired.dhcp || wired.ipSync ? undefined : (wired.address ?? own)
  if (address !== undefined && (address.ipAddress === '' || address.netmask === '')) {
    const why =
      'Invalid configuration - IPAddress and SubnetMask are required when AMT profile is static and IpSyncEnabled is false'
    return [{ do: 'refuse', why }]
  }
  const fits =
    flagOf(is.DHCPEnabled) === wired.dhcp &&
    flagOf(is.IpSyncEnabled) === wired.ipSync &&
    flagOf(is.SharedStaticIp) === shared &&
    (address === undefined || (textOf(is.IPAddress) === address.ipAddress && textOf(is.SubnetMask) === address.netmask))
  if (!fits) steps.push({ do: 'set-wired', why: wired.dhcp ? 'DHCP is wanted' : 'a static address is wanted' })
  if (wanted8021x === undefined) return steps
  const set = wired8021x?.instance
  const same =
    wired8021x?.enabled === true &&
    numberOf(set?.AuthenticationProtocol) === wanted8021x.protocol &&
    textOf(set?.ElementName).includes(wanted8021x.name)
  if (!same) steps.push({ do: 'set-8021x', why: `${wanted8021x.name} is wanted` })
  return steps
}

export function wifiStrays({ wifi: wanted }: Wanted, { wifi }: Pick<Parts, 'wifi'>): readonly Step[] {
  return (wifi?.endpoints ?? [])
    .filter(is => !wanted.some(each => isSame(each, is)))
    .map(({ id, name }) => ({ do: 'remove-wifi', id, why: `${name} is not wanted as it is` }))
}

export function planWifi(wanted: Wanted, { ports, wifi }: Pick<Parts, 'ports' | 'wifi'>): readonly Step[] {
  if (wifi === undefined || ports.wireless === undefined) return []
  if (wanted.wifi.length === 0 && !wanted.localWifiSync && !wanted.uefiWifiSync) return []
  const steps: Step[] = wanted.wifi
    .filter(each => !wifi.endpoints.some(is => isSame(each, is)))
    .map(({ name }) => ({ do: 'add-wifi', name, why: `${name} is missing` }))
  if (wifi.portState !== WIFI_PORT_ON) steps.push({ do: 'set-wifi-port', why: 'the Wi-Fi port is off or partly off' })
  const sync = wanted.localWifiSync ? LOCAL_SYNC.unrestricted : LOCAL_SYNC.off
  const share = wifi.uefiSync !== undefined && wifi.uefiSync !== wanted.uefiWifiSync
  if (wifi.localSync !== sync || share) steps.push({ do: 'set-wifi-sync', why: 'profile synchronisation differs' })
  return steps
}

/** Passphrases cannot be read back. */
function isSame(wanted: WantedWifi, is: WifiEndpoint): boolean {
  return (
    wanted.name === is.name &&
    wanted.ssid === is.ssid &&
    wanted.authentication === is.authentication &&
    wanted.encryption === is.encryption &&
    wanted.priority === is.priority
  )
}

export function proxyStrays({ proxies: wanted }: Wanted, { proxies }: Pick<Parts, 'proxies'>): readonly Step[] {
  return (proxies ?? [])
    .filter(is => !wanted.some(each => each.address === is.address && each.port === is.port))
    .map(({ name, address }) => ({ do: 'remove-proxy', name, why: `${address} is not wanted` }))
}

export function planProxies({ proxies: wanted }: Wanted, { proxies }: Pick<Parts, 'proxies'>): readonly Step[] {
  return wanted
    .filter(each => proxies?.some(is => each.address === is.address && each.port === is.port) !== true)
    .map(({ name, address }) => ({ do: 'add-proxy', name, why: `${address} is missing` }))
}

export function planFeatures(wanted: Wanted, { features: is }: Pick<Parts, 'features'>): readonly Step[] {
  const steps: Step[] = []
  if (is.sol !== wanted.sol || is.ider !== wanted.ider) {
    const state = 32_768 + (wanted.ider ? 1 : 0) + (wanted.sol ? 2 : 0)
    steps.push({ do: 'set-redirection', state, why: 'SOL or IDER differ' })
  }
  const hasKvm = is.kvm !== undefined
  if (hasKvm && is.kvm !== wanted.kvm) steps.push({ do: 'set-kvm', on: wanted.kvm, why: 'KVM differs' })
  const listener = wanted.sol || wanted.ider || (hasKvm && wanted.kvm)
  if (is.listener !== listener) steps.push({ do: 'set-listener', on: listener, why: 'the redirection port differs' })
  const consent = CONSENT[wanted.consent]
  if (is.consent !== consent) steps.push({ do: 'set-consent', state: consent, why: `consent is ${is.consent}` })
  return steps
}

export function planClock(_: Wanted, { clock }: Pick<Parts, 'clock'>): readonly Step[] {
  if (Math.abs(clock.offsetSeconds) <= CLOCK_SLACK_S) return []
  return [{ do: 'sync-clock', why: `its clock is ${clock.offsetSeconds} s off` }]
}
