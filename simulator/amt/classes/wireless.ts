// SPDX-License-Identifier: Apache-2.0
/** The wireless port and its profiles; standard manageability has none of it. */
import type { AmtClass, Firmware, Method } from '../firmware.ts'
import type { Input } from '../input.ts'
import { WsmanFault } from '../soap.ts'
import type { WifiProfile } from '../state.ts'
import { STATUS } from '../status.ts'
import { hasWireless } from './network.ts'
import { instanceId, keepWritten, serviceFields, withWritten } from './tables.ts'

const MAX_PROFILES = 8
const PASSPHRASE = [4, 6, 32768]
const ENTERPRISE = [5, 7]
const AUTHENTICATION = [...PASSPHRASE, ...ENTERPRISE, 32769]

const port: AmtClass = {
  name: 'CIM_WiFiPort',
  exists: hasWireless,
  instances: ({ state }) => [
    {
      fields: {
        CreationClassName: 'CIM_WiFiPort',
        DeviceID: 'WiFi Port 0',
        ElementName: 'WiFi Port 0',
        EnabledState: state.wifi.portState,
        HealthState: 5,
        LinkTechnology: 11,
        PermanentAddress: '000000000000',
        PortType: 0,
        RequestedState: state.wifi.portState,
        SystemCreationClassName: 'CIM_ComputerSystem',
        SystemName: 'Intel(r) AMT',
      },
    },
  ],
  methods: {
    RequestStateChange({ state }, input) {
      const wanted = input.number('RequestedState')
      if (wanted !== 3 && wanted !== 32768 && wanted !== 32769) return STATUS.invalidParameter
      state.wifi.portState = wanted
      return STATUS.success
    },
  },
}

const endpointSettings: AmtClass = {
  name: 'CIM_WiFiEndpointSettings',
  exists: hasWireless,
  keys: ['InstanceID'],
  instances: ({ state }) =>
    state.wifi.profiles.map(profile => ({
      fields: {
        AuthenticationMethod: profile.authentication,
        BSSType: 3,
        ElementName: profile.name,
        EncryptionMethod: profile.encryption,
        InstanceID: profile.id,
        Priority: profile.priority,
        SSID: profile.ssid,
      },
    })),
  remove({ state }, target) {
    state.wifi.profiles = state.wifi.profiles.filter(({ id }) => id !== instanceId(target))
  },
}

const settings8021x: AmtClass = {
  name: 'CIM_IEEE8021xSettings',
  exists: hasWireless,
  keys: ['InstanceID'],
  instances: ({ state }) =>
    state.wifi.profiles.flatMap(({ name, ieee8021x }) => {
      if (ieee8021x === undefined) return []
      const { Password: _password, PACPassword: _pac, PSK: _psk, ...shown } = ieee8021x
      return [{ fields: { ...shown, ElementName: name, InstanceID: `Intel(r) AMT:IEEE 802.1x Settings ${name}` } }]
    }),
}

const SERVICE = 'AMT_WiFiPortConfigurationService'
const configuration: AmtClass = {
  name: SERVICE,
  exists: hasWireless,
  keys: ['Name'],
  optional: ['NoHostCsmeSoftwarePolicy', 'UEFIWiFiProfileShareEnabled'],
  instances: firmware => [
    {
      fields: withWritten(firmware, SERVICE, '', {
        ...serviceFields(SERVICE, 'Intel(r) AMT WiFi Port Configuration Service'),
        EnabledState: 5,
        HealthState: 5,
        LastConnectedSsidUnderMeControl: '',
        NoHostCsmeSoftwarePolicy: 0,
        RequestedState: 12,
        ...(firmware.model.major >= 16 && { UEFIWiFiProfileShareEnabled: false }),
        localProfileSynchronizationEnabled: 0,
      }),
    },
  ],
  put(firmware, _target, input) {
    const sync = input.number('localProfileSynchronizationEnabled')
    if (sync !== undefined && sync !== 0 && sync !== 1 && sync !== 3) throw new WsmanFault('c:InvalidParameter')
    const names = ['NoHostCsmeSoftwarePolicy', 'UEFIWiFiProfileShareEnabled', 'localProfileSynchronizationEnabled']
    keepWritten(firmware, { className: SERVICE, key: '', names }, input)
  },
  methods: {
    AddWiFiSettings: (firmware, input, caller) => addProfile(firmware, input, caller),
    UpdateWiFiSettings(firmware, input) {
      const id = input.reference('WiFiEndpointSettings')?.selectors.InstanceID ?? ''
      const at = firmware.state.wifi.profiles.findIndex(known => known.id === id.trim())
      const before = firmware.state.wifi.profiles[at]
      if (before === undefined) return STATUS.notFound
      const others = firmware.state.wifi.profiles.filter(known => known !== before)
      const profile = readProfile(firmware, input, others)
      if (typeof profile === 'number') return profile
      firmware.state.wifi.profiles[at] = { ...profile, id: before.id }
      return STATUS.success
    },
  },
}

const addProfile: Method = (firmware, input) => {
  const { profiles } = firmware.state.wifi
  if (input.reference('WiFiEndpoint') === undefined) return STATUS.invalidParameter
  if (profiles.length >= MAX_PROFILES) return STATUS.limitReached
  const profile = readProfile(firmware, input, profiles)
  if (typeof profile === 'number') return profile
  profiles.push(profile)
  return STATUS.success
}

/** The profile a request describes, or the status that refuses it. */
function readProfile(firmware: Firmware, input: Input, others: readonly WifiProfile[]): WifiProfile | number {
  const settings = input.part('WiFiEndpointSettingsInput')
  if (settings === undefined) return STATUS.invalidParameter
  const name = settings.text('ElementName')
  const ssid = settings.text('SSID')
  const priority = settings.number('Priority') ?? 0
  const authentication = settings.number('AuthenticationMethod') ?? 0
  const encryption = settings.number('EncryptionMethod') ?? 0
  const passphrase = settings.text('PSKPassPhrase')
  if (name === '' || Buffer.byteLength(name) > 32 || Buffer.byteLength(ssid) > 32) return STATUS.invalidName
  if (priority < 1 || priority > 255) return STATUS.invalidParameter
  if (!AUTHENTICATION.includes(authentication) || (encryption !== 3 && encryption !== 4)) return STATUS.invalidParameter
  if (PASSPHRASE.includes(authentication) && (passphrase.length < 8 || passphrase.length > 63)) {
    return STATUS.invalidParameter
  }
  if (others.some(known => known.name === name || known.priority === priority)) return STATUS.duplicate
  const ieee8021x = readEnterprise(input)
  if (ENTERPRISE.includes(authentication) && ieee8021x === undefined) return STATUS.dataMissing
  const client = certificateIn(firmware, input, 'ClientCredential')
  const authority = certificateIn(firmware, input, 'CACredential')
  if (client === 'unknown' || authority === 'unknown') return STATUS.notFound
  return {
    id: `Intel(r) AMT:WiFi Endpoint Settings ${name}`,
    name,
    ssid,
    priority,
    authentication,
    encryption,
    ...(passphrase !== '' && { passphrase }),
    ...(ieee8021x !== undefined && { ieee8021x }),
    ...(client !== undefined && { clientCertificate: client }),
    ...(authority !== undefined && { caCertificate: authority }),
  }
}

function readEnterprise(input: Input): Record<string, string> | undefined {
  const part = input.part('IEEE8021xSettingsInput')
  return part === undefined ? undefined : Object.fromEntries(part.entries())
}

function certificateIn({ state }: Firmware, input: Input, name: string): string | undefined {
  if (!input.has(name)) return undefined
  const id = input.reference(name)?.selectors.InstanceID
  return state.certificates.find(certificate => certificate.id === id)?.id ?? 'unknown'
}

const endpoint: AmtClass = {
  name: 'CIM_WiFiEndpoint',
  exists: hasWireless,
  instances: () => [
    {
      fields: {
        ...serviceFields('CIM_WiFiEndpoint', 'WiFi Endpoint 0'),
        EnabledState: 3,
        LANID: 0,
        RequestedState: 12,
      },
    },
  ],
}

export const WIRELESS_CLASSES: readonly AmtClass[] = [port, endpointSettings, settings8021x, configuration, endpoint]
