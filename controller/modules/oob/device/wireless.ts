// SPDX-License-Identifier: Apache-2.0
/** The radio of a device: whether it is on, and whether profiles of the operating system are taken over. */
import { type CallOptions, flagOf, type Instance, numberOf, type Wsman } from '../wsman/wsman.ts'
import { contentOf, members, overlay, present, succeeded } from './wire.ts'

export type RadioState = 'WifiDisabled' | 'WifiEnabledS0' | 'WifiEnabledS0SxAC'

const STATES: Readonly<Record<RadioState, number>> = {
  WifiDisabled: 3,
  WifiEnabledS0: 32_768,
  WifiEnabledS0SxAC: 32_769,
}
const STATE_NAMES = Object.keys(STATES) as readonly RadioState[] // its own keys

/** The state of that name, in whatever case it is written. */
export function radioStateOf(name: unknown): RadioState | undefined {
  return typeof name === 'string' ? STATE_NAMES.find(each => each.toLowerCase() === name.toLowerCase()) : undefined
}

/** `undefined` when the device has no radio. */
export async function readRadio(
  wsman: Wsman,
  options?: CallOptions,
): Promise<{ readonly state: RadioState | undefined; readonly code: number | undefined } | undefined> {
  const listing = await present(wsman.list('CIM_WiFiPort', options))
  const port = listing?.instances[0]
  if (port === undefined) return undefined
  const code = numberOf(port.EnabledState)
  return { state: STATE_NAMES.find(each => STATES[each] === code), code }
}

/** Throws `amt-refused`. */
export async function switchRadio(wsman: Wsman, state: RadioState, options?: CallOptions): Promise<void> {
  const input = members({ RequestedState: STATES[state] })
  const output = await wsman.invoke('CIM_WiFiPort', 'RequestStateChange', input, options)
  succeeded(output, 'the radio was not switched')
}

const SERVICE = 'AMT_WiFiPortConfigurationService'

export function readWirelessService(wsman: Wsman, options?: CallOptions): Promise<Instance | undefined> {
  return contentOf(wsman.get(SERVICE, options))
}

export type ProfileSync = { readonly local: boolean; readonly uefi: boolean; readonly uefiSupported: boolean }

export function syncOf(service: Instance, capabilities: Instance): ProfileSync {
  return {
    local: (numberOf(service.localProfileSynchronizationEnabled) ?? 0) !== 0,
    uefi: isOn(service.UEFIWiFiProfileShareEnabled),
    uefiSupported: isOn(capabilities.UEFIWiFiCoExistenceAndProfileShare),
  }
}

/** Written as a flag by some generations and as a number by others. */
function isOn(value: Instance[string]): boolean {
  return flagOf(value) || (numberOf(value) ?? 0) !== 0
}

const SYNC_UNRESTRICTED = 3

/** Puts what differs, and nothing when nothing does. */
export async function changeSync(
  wsman: Wsman,
  { service, local, uefi }: { readonly service: Instance; readonly local?: boolean; readonly uefi?: boolean },
  options?: CallOptions,
): Promise<Instance> {
  const now = syncOf(service, {})
  const changesLocal = local !== undefined && local !== now.local
  const changesUefi = uefi !== undefined && uefi !== now.uefi
  if (!changesLocal && !changesUefi) return service
  const asFlag = /^(true|false)$/i.test(String(service.UEFIWiFiProfileShareEnabled))
  const { content } = await wsman.put(
    SERVICE,
    overlay(service, {
      ...(changesLocal ? { localProfileSynchronizationEnabled: local ? SYNC_UNRESTRICTED : 0 } : {}),
      ...(changesUefi ? { UEFIWiFiProfileShareEnabled: asFlag ? uefi : Number(uefi) } : {}),
    }),
    options,
  )
  return content.localProfileSynchronizationEnabled === undefined
    ? (await wsman.get(SERVICE, options)).content
    : content
}
