// SPDX-License-Identifier: Apache-2.0
/** Wireless profiles of a device: eight at most, each with a priority of its own. */
import {
  type CallOptions,
  embedded,
  type Instance,
  numberOf,
  type Output,
  Reference,
  textOf,
  type Wsman,
} from '../wsman/wsman.ts'
import { keyOf, members, present, resourceOf, succeeded } from './wire.ts'

const ENDPOINTS = 'CIM_WiFiEndpointSettings'
const IEEE8021X = 'CIM_IEEE8021xSettings'
const SERVICE = 'AMT_WiFiPortConfigurationService'

export const MOST_PROFILES = 8

export const AUTHENTICATION: Readonly<Record<number, string>> = {
  1: 'Other',
  2: 'OpenSystem',
  3: 'SharedKey',
  4: 'WPAPSK',
  5: 'WPAIEEE8021x',
  6: 'WPA2PSK',
  7: 'WPA2IEEE8021x',
  32768: 'WPA3SAE',
  32769: 'WPA3OWE',
}
export const ENCRYPTION: Readonly<Record<number, string>> = { 1: 'Other', 2: 'WEP', 3: 'TKIP', 4: 'CCMP', 5: 'None' }

/** The number of a name, in whatever case it is written. */
export function codeOf(names: Readonly<Record<number, string>>, name: unknown): number | undefined {
  if (typeof name !== 'string') return undefined
  const found = Object.entries(names).find(([, each]) => each.toLowerCase() === name.toLowerCase())
  return found === undefined ? undefined : Number(found[0])
}

/** What a profile asks for: a passphrase, a login to a RADIUS server, or nothing. */
export function credentialKind(authentication: number): 'passphrase' | 'ieee8021x' | 'open' | undefined {
  if ([4, 6, 32_768].includes(authentication)) return 'passphrase'
  if ([5, 7].includes(authentication)) return 'ieee8021x'
  return authentication === 32_769 ? 'open' : undefined
}

export type StoredProfile = {
  readonly instanceId: string
  readonly name: string
  readonly ssid: string
  readonly authentication: number
  readonly encryption: number
  readonly priority: number
  readonly bssType: number
  readonly ieee8021x: Instance | undefined
}

const USER_PROFILE = 'Intel(r) AMT:WiFi Endpoint User Settings'

/** Profiles administrators made; those of the user at the machine are not ours to see. */
export async function readProfiles(wsman: Wsman, options?: CallOptions): Promise<readonly StoredProfile[]> {
  const endpoints = await present(wsman.list(ENDPOINTS, options))
  const settings = (await present(wsman.list(IEEE8021X, options)))?.instances ?? []
  const dependencies = (await present(wsman.list('CIM_ConcreteDependency', options)))?.instances ?? []
  const byName = (text: string): string => text.trim().toLowerCase()
  return (endpoints?.instances ?? [])
    .filter(each => textOf(each.InstanceID) !== '' && !textOf(each.InstanceID).startsWith(USER_PROFILE))
    .map(each => {
      const instanceId = textOf(each.InstanceID)
      const name = textOf(each.ElementName)
      const linked = associated(dependencies, instanceId)
      return {
        instanceId,
        name,
        ssid: textOf(each.SSID),
        authentication: numberOf(each.AuthenticationMethod) ?? 0,
        encryption: numberOf(each.EncryptionMethod) ?? 0,
        priority: numberOf(each.Priority) ?? 0,
        bssType: numberOf(each.BSSType) ?? -1,
        ieee8021x:
          settings.find(item => textOf(item.InstanceID) === linked) ??
          settings.find(item => textOf(item.InstanceID) === ieee8021xId(name)) ??
          settings.find(item => name !== '' && byName(textOf(item.ElementName)) === byName(name)),
      }
    })
}

/** The other end of an association of a profile with its 802.1X settings, whichever way round it stands. */
function associated(dependencies: readonly Instance[], instanceId: string): string | undefined {
  for (const { Antecedent, Dependent } of dependencies) {
    for (const [one, other] of [
      [Antecedent, Dependent],
      [Dependent, Antecedent],
    ]) {
      if (resourceOf(one) === ENDPOINTS && resourceOf(other) === IEEE8021X && keyOf(one) === instanceId) {
        return keyOf(other)
      }
    }
  }
  return undefined
}

export type ProfileLogin = {
  /** 0 EAP-TLS, 2 PEAP with MSCHAPv2. */
  readonly protocol: number
  readonly username: string
  readonly password?: string | undefined
  /** Handles of certificates in the device's store. */
  readonly clientCertificate?: string | undefined
  readonly rootCertificate?: string | undefined
}

export type Profile = {
  readonly name: string
  readonly ssid: string
  readonly authentication: number
  readonly encryption: number
  readonly priority: number
  readonly passphrase?: string | undefined
  readonly login?: ProfileLogin | undefined
}

export function endpointId(name: string): string {
  return `Intel(r) AMT:WiFi Endpoint Settings ${name}`
}

export function ieee8021xId(name: string): string {
  return `Intel(r) AMT:IEEE 802.1x Settings ${name}`
}

/** The return value is the caller's to judge. */
export function addProfile(wsman: Wsman, profile: Profile, options?: CallOptions): Promise<Output> {
  const WiFiEndpoint = new Reference('CIM_WiFiEndpoint', { Name: 'WiFi Endpoint 0' }, '/wsman')
  return wsman.invoke(SERVICE, 'AddWiFiSettings', { WiFiEndpoint, ...profileInput(profile) }, options)
}

/** Replaces a profile in place; generations that cannot are given it anew. */
export async function updateProfile(
  wsman: Wsman,
  { stored, profile }: { readonly stored: StoredProfile; readonly profile: Profile },
  options?: CallOptions,
): Promise<Output> {
  const WiFiEndpointSettings = new Reference(ENDPOINTS, { InstanceID: stored.instanceId }, '/wsman')
  const input = { WiFiEndpointSettings, ...profileInput(profile, stored.instanceId) }
  const output = await present(wsman.invoke(SERVICE, 'UpdateWiFiSettings', input, options))
  if (output !== undefined) return output
  await removeProfile(wsman, stored.instanceId, options)
  return succeeded(await addProfile(wsman, profile, options), 'the profile was removed and could not be added again')
}

/** Members in the order firmware reads them; credentials that are not there are not mentioned, for it would look them up. */
export function profileInput(profile: Profile, instanceId = endpointId(profile.name)): Instance {
  const { login } = profile
  return members({
    WiFiEndpointSettingsInput: embedded(
      ENDPOINTS,
      members({
        ElementName: profile.name,
        InstanceID: instanceId,
        AuthenticationMethod: profile.authentication,
        EncryptionMethod: profile.encryption,
        SSID: profile.ssid,
        Priority: profile.priority,
        PSKPassPhrase: profile.passphrase,
      }),
    ),
    IEEE8021xSettingsInput: login === undefined ? undefined : embedded(IEEE8021X, loginMembers(profile.name, login)),
    ClientCredential: credential(login?.clientCertificate),
    CACredential: credential(login?.rootCertificate),
  })
}

function loginMembers(name: string, { protocol, username, password }: ProfileLogin): Instance {
  return members({
    ElementName: name,
    InstanceID: ieee8021xId(name),
    AuthenticationProtocol: protocol,
    Username: username,
    Password: password === '' ? undefined : password,
  })
}

function credential(handle: string | undefined): Reference | undefined {
  if (handle === undefined || handle === '') return undefined
  return new Reference('AMT_PublicKeyCertificate', { InstanceID: handle }, 'default')
}

export async function removeProfile(wsman: Wsman, instanceId: string, options?: CallOptions): Promise<void> {
  await wsman.remove(ENDPOINTS, { ...options, selectors: { InstanceID: instanceId } })
}
