// SPDX-License-Identifier: Apache-2.0
/** Acts on general settings, the wired port, Wi-Fi, proxies and the clock. */
import { problem } from '../../problems.ts'
import { mustSucceed } from '../../wsman/status.ts'
import { embedded, type Instance, Reference } from '../../wsman/wsman.ts'
import type { Ground } from '../ground.ts'
import { LOCAL_SYNC, SETTINGS, WIFI_PORT_ON } from '../names.ts'
import type { Observer } from '../observe.ts'
import type { Wanted } from '../wanted.ts'

const STATIC = ['IPAddress', 'SubnetMask', 'DefaultGateway', 'PrimaryDNS', 'SecondaryDNS']
const ENABLED = '2'
const DISABLED = '3'
const PEAP_MSCHAPV2 = 2

export async function setGeneral({ wsman, signal }: Ground, observer: Observer): Promise<void> {
  const { instance } = await observer.read('general')
  const wanted = { ...instance, SharedFQDN: 'true', AMTNetworkEnabled: '1', RmcpPingResponseEnabled: 'true' }
  await wsman().put('AMT_GeneralSettings', wanted, { signal })
}

export async function setWired(
  { wsman, signal }: Ground,
  observer: Observer,
  { wired }: Pick<Wanted, 'wired'>,
): Promise<void> {
  const { wired: is } = await observer.read('ports')
  const { dhcp, ipSync, address } = wired
  const keepsOwn = !dhcp && !ipSync && address === undefined
  const kept = Object.fromEntries(Object.entries(is ?? {}).filter(([name]) => keepsOwn || !STATIC.includes(name)))
  const given: Record<string, string> = {}
  if (!dhcp && !ipSync && address !== undefined) {
    const texts = [address.ipAddress, address.netmask, address.gateway, address.primaryDns, address.secondaryDns]
    STATIC.forEach((name, at) => {
      if (texts[at] !== undefined && texts[at] !== '') given[name] = texts[at]
    })
  }
  const instance = {
    ...kept,
    DHCPEnabled: String(dhcp),
    IpSyncEnabled: String(ipSync),
    SharedStaticIp: String(!dhcp && ipSync),
    ...given,
  }
  await wsman().put('AMT_EthernetPortSettings', instance, { selectors: { InstanceID: SETTINGS.wired }, signal })
}

export async function disable8021x({ wsman, signal }: Ground, observer: Observer): Promise<void> {
  const part = await observer.read('wired8021x')
  const { Username: _u, Password: _p, AuthenticationProtocol: _a, ...kept } = part?.instance ?? {}
  await wsman().put('IPS_IEEE8021xSettings', { ...kept, Enabled: DISABLED }, { signal })
}

export async function set8021x(ground: Ground, observer: Observer, { wired8021x }: Wanted): Promise<void> {
  if (wired8021x === undefined) return
  const part = await observer.read('wired8021x')
  if (part === undefined) throw problem('amt-unsupported', 'it has no 802.1x')
  const credentials = await credentialsFor(ground, wired8021x)
  const { PSK: _k, PACPassword: _c, ProtectedAccessCredential: _r, ...kept } = part.instance
  const instance: Instance = {
    ...kept,
    ElementName: `Intel(r) AMT: 8021X Settings ${wired8021x.name}`,
    AuthenticationProtocol: String(wired8021x.protocol),
    PxeTimeout: String(wired8021x.pxeTimeout),
    Username: credentials.username,
    Password: credentials.password,
    Enabled: ENABLED,
    AvailableInS0: 'true',
  }
  await ground.wsman().put('IPS_IEEE8021xSettings', instance, { signal: ground.signal })
}

async function credentialsFor(
  { enterprise, project, guid }: Ground,
  { name, protocol }: { readonly name: string; readonly protocol: number },
) {
  const found = await enterprise?.({ project, guid, profile: name, protocol })
  // Without a service that hands out credentials, or for protocols that need a certificate from it.
  if (found === undefined || protocol !== PEAP_MSCHAPV2) {
    throw problem('amt-unsupported', 'Failed to initiate cert request with enterprise assistant')
  }
  return found
}

export async function removeWifi({ wsman, signal }: Ground, id: string): Promise<void> {
  await wsman().remove('CIM_WiFiEndpointSettings', { selectors: { InstanceID: id }, signal })
}

export async function addWifi(ground: Ground, { wifi }: Wanted, name: string): Promise<void> {
  const wanted = wifi.find(each => each.name === name)
  if (wanted === undefined) return
  const settings: Record<string, string> = {
    ElementName: wanted.name,
    InstanceID: `Intel(r) AMT:WiFi Endpoint Settings ${wanted.name}`,
    AuthenticationMethod: String(wanted.authentication),
    EncryptionMethod: String(wanted.encryption),
    SSID: wanted.ssid,
    Priority: String(wanted.priority),
  }
  const more: Record<string, Instance> = {}
  const { ieee8021x } = wanted
  if (ieee8021x === undefined) {
    wanted.passphrase?.use(text => {
      settings.PSKPassPhrase = text
    })
  } else {
    const { username, password } = await credentialsFor(ground, ieee8021x)
    more.IEEE8021xSettingsInput = embedded('CIM_IEEE8021xSettings', {
      ElementName: ieee8021x.name,
      InstanceID: `Intel(r) AMT: 8021X Settings ${ieee8021x.name}`,
      AuthenticationProtocol: String(ieee8021x.protocol),
      Username: username,
      Password: password,
    })
  }
  const output = await ground.wsman().invoke(
    'AMT_WiFiPortConfigurationService',
    'AddWiFiSettings',
    {
      WiFiEndpoint: new Reference('CIM_WiFiEndpoint', { Name: 'WiFi Endpoint 0' }),
      WiFiEndpointSettingsInput: embedded('CIM_WiFiEndpointSettings', settings),
      ...more,
    },
    { signal: ground.signal },
  )
  mustSucceed(output, 'AddWiFiSettings')
}

export async function setWifiPort({ wsman, signal }: Ground): Promise<void> {
  const input = { RequestedState: String(WIFI_PORT_ON) }
  mustSucceed(await wsman().invoke('CIM_WiFiPort', 'RequestStateChange', input, { signal }), 'Wi-Fi port')
}

export async function setWifiSync({ wsman, signal }: Ground, observer: Observer, wanted: Wanted): Promise<void> {
  const part = await observer.read('wifi')
  if (part === undefined) return
  const { UEFIWiFiProfileShareEnabled: before, ...kept } = part.service
  const share = wanted.uefiWifiSync
  const shared =
    part.uefiSync === undefined ? before : /^\d+$/.test(String(before)) ? (share ? '1' : '0') : String(share)
  const sync = wanted.localWifiSync ? LOCAL_SYNC.unrestricted : LOCAL_SYNC.off
  const instance: Instance = {
    ...kept,
    localProfileSynchronizationEnabled: String(sync),
    ...(shared === undefined ? {} : { UEFIWiFiProfileShareEnabled: shared }),
  }
  await wsman().put('AMT_WiFiPortConfigurationService', instance, { signal })
}

export async function removeProxy({ wsman, signal }: Ground, name: string): Promise<void> {
  await wsman().remove('IPS_HTTPProxyAccessPoint', { selectors: { Name: name }, signal })
}

export async function addProxy({ wsman, signal }: Ground, { proxies }: Wanted, name: string): Promise<void> {
  const proxy = proxies.find(each => each.name === name)
  if (proxy === undefined) return
  const input = {
    AccessInfo: proxy.address,
    InfoFormat: String(proxy.infoFormat),
    Port: String(proxy.port),
    NetworkDnsSuffix: proxy.networkDnsSuffix,
  }
  const output = await wsman().invoke('IPS_HTTPProxyService', 'AddProxyAccessPoint', input, { signal })
  mustSucceed(output, 'AddProxyAccessPoint')
}

/** Ta0 is the device's time when it answered, Tm1 ours when we heard it, Tm2 ours when we ask it to set its clock. */
export async function syncClock({ wsman, signal, clock }: Ground): Promise<void> {
  const resource = 'AMT_TimeSynchronizationService'
  const low = mustSucceed(await wsman().invoke(resource, 'GetLowAccuracyTimeSynch', {}, { signal }), 'time')
  const seconds = (): string => String(Math.round(clock.now() / 1_000))
  const Tm1 = seconds()
  const input = { Ta0: low.content.Ta0, Tm1, Tm2: seconds() }
  mustSucceed(await wsman().invoke(resource, 'SetHighAccuracyTimeSynch', input, { signal }), 'SetHighAccuracyTimeSynch')
}
