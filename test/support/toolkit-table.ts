// SPDX-License-Identifier: Apache-2.0
/** What MPS and RPS promise of their answers, path by path: verb, path, status, required members and their types. */
import type { Shape } from './shapes.ts'

export type Row = {
  readonly verb: string
  readonly path: string
  readonly body?: unknown
  readonly status: number
  readonly shape?: Shape
}

const row = (verb: string, path: string, status: number, shape?: Shape, body?: unknown): Row => ({
  verb,
  path,
  status,
  ...(shape === undefined ? {} : { shape }),
  ...(body === undefined ? {} : { body }),
})

const HEADER = { To: 'string', RelatesTo: 'string', Action: 'string', MessageID: 'string', ResourceURI: 'string' }
const RETURNED = { ReturnValue: 'number', ReturnValueStr: 'string' }
const DEVICE = {
  guid: 'string',
  hostname: 'string',
  tags: ['string'],
  mpsInstance: 'string|null',
  connectionStatus: 'boolean',
  mpsusername: 'string|null',
  tenantId: 'string',
  friendlyName: 'string|null',
  dnsSuffix: 'string|null',
  lastConnected: 'string|null',
  lastSeen: 'string|null',
  lastDisconnected: 'string|null',
  deviceInfo: 'object|null',
} as const
const SETUP = {
  CreationClassName: 'string',
  ElementName: 'string',
  EnabledState: 'number',
  Name: 'string',
  PasswordModel: 'number',
  ProvisioningMode: 'number',
  ProvisioningServerOTP: 'string',
  ProvisioningState: 'number',
  RequestedState: 'number',
  SystemCreationClassName: 'string',
  SystemName: 'string',
  ZeroTouchConfigurationEnabled: 'boolean',
}
const GENERAL = {
  AMTNetworkEnabled: 'number',
  DDNSPeriodicUpdateInterval: 'number',
  DDNSTTL: 'number',
  DDNSUpdateByDHCPServerEnabled: 'boolean',
  DDNSUpdateEnabled: 'boolean',
  DigestRealm: 'string',
  DomainName: 'string',
  ElementName: 'string',
  HostName: 'string',
  HostOSFQDN: 'string',
  IdleWakeTimeout: 'number',
  InstanceID: 'string',
  NetworkInterfaceEnabled: 'boolean',
  PingResponseEnabled: 'boolean',
  PowerSource: 'number',
  PreferredAddressFamily: 'number',
  PresenceNotificationInterval: 'number',
  PrivacyLevel: 'number',
  RmcpPingResponseEnabled: 'boolean',
  SharedFQDN: 'boolean',
  WsmanOnlyMode: 'boolean',
}
const AUDIT = {
  AuditAppID: 'number',
  EventID: 'number',
  InitiatorType: 'number',
  AuditApp: 'string',
  Event: 'string',
  Initiator: 'string',
  Time: 'string',
  MCLocationType: 'number',
  NetAddress: 'string',
  Ex: 'string',
  ExStr: 'string|null',
}
const EVENT = {
  DeviceAddress: 'number',
  EventSensorType: 'number',
  EventType: 'number',
  EventOffset: 'number',
  EventSourceType: 'number',
  EventSeverity: 'string|number',
  SensorNumber: 'number',
  Entity: 'number',
  EntityInstance: 'number',
  EventData: ['number'],
  TimeStamp: 'string',
  EntityStr: 'string',
  Desc: 'string',
} as const
const FEATURES = {
  userConsent: 'string',
  redirection: 'boolean',
  KVM: 'boolean',
  SOL: 'boolean',
  IDER: 'boolean',
  optInState: 'number',
  kvmAvailable: 'boolean',
  ocr: 'boolean',
  httpsBootSupported: 'boolean',
  localPBABootSupported: 'boolean',
  winREBootSupported: 'boolean',
  remoteErase: 'boolean',
}
const PORT = {
  elementName: 'string',
  instanceID: 'string',
  sharedMAC: 'boolean',
  macAddress: 'string',
  linkIsUp: 'boolean',
  linkPolicy: ['string'],
  sharedStaticIP: 'boolean',
  sharedDynamicIP: 'boolean',
  ipSyncEnabled: 'boolean',
  dhcpEnabled: 'boolean',
  ipAddress: 'string',
  subnetMask: 'string',
  defaultGateway: 'string',
  primaryDNS: 'string',
  secondaryDNS: 'string',
  physicalConnectionType: 'string',
} as const
const DISPLAY = {
  displayIndex: 'number',
  isActive: 'boolean',
  upperLeftX: 'number',
  upperLeftY: 'number',
  resolutionX: 'number',
  resolutionY: 'number',
  isDefault: 'boolean',
  'role?': 'string',
}
const SYNC = { localProfileSync: 'boolean', uefiProfileSync: 'boolean', uefiProfileSyncSupported: 'boolean' }
const CERTIFICATE = {
  elementName: 'string',
  instanceID: 'string',
  x509Certificate: 'string',
  trustedRootCertificate: 'boolean',
  issuer: 'string',
  subject: 'string',
  readOnlyCertificate: 'boolean',
  associatedProfiles: ['string'],
  displayName: 'string',
} as const
const WLAN = {
  profileName: 'office',
  ssid: 'office',
  priority: 1,
  authenticationMethod: 'WPA2PSK',
  encryptionMethod: 'CCMP',
  password: 'a good secret',
}
const ALARM = { ElementName: 'wake', StartTime: '2036-12-31T23:59:00Z', Interval: 60, DeleteOnCompletion: false }
const FAILURE = { error: 'string', errorDescription: 'string' }
const COMPLAINTS = { errors: [{ type: 'string', msg: 'string', path: 'string', location: 'string' }] } as const

/** MPS, in an order in which each row finds what it needs; `GUID` stands for a device that is connected. */
export const MPS_ROWS: readonly Row[] = [
  row('GET', '/version', 200, { serviceVersion: 'string' }),
  row('GET', '/health', 200, {
    db: { name: 'string', status: 'string' },
    secretStore: {
      name: 'string',
      status: { initialized: 'boolean', sealed: 'boolean', standby: 'boolean', server_time_utc: 'number' },
    },
  }),
  row('GET', '/ciracert', 200),
  row('GET', '/server/features', 200, { ciraEnabled: 'boolean' }),
  row('GET', '/devices', 200, [DEVICE]),
  row('GET', '/devices?$top=1&$skip=0&$count=true', 200, { data: [DEVICE], totalCount: 'number' }),
  row('GET', '/devices?$top=-1&$count=x', 400, COMPLAINTS),
  row('GET', '/devices?status=7', 400, COMPLAINTS),
  row('GET', '/devices/stats', 200, {
    totalCount: 'number',
    connectedCount: 'number',
    disconnectedCount: 'number',
  }),
  row('GET', '/devices/tags', 200, ['string']),
  row('GET', '/devices/GUID', 200, DEVICE),
  row('GET', '/devices/GUID?tenantId=', 200, DEVICE),
  row('GET', '/devices/GUID?tenantId=other', 204),
  row('GET', '/devices/not-a-guid', 400, COMPLAINTS),
  row('GET', '/devices/00000000-0000-4000-8000-000000000000', 404, { error: 'string', message: 'string' }),
  row('GET', '/devices/redirectStatus/GUID', 200, {
    isKVMConnected: 'boolean',
    isSOLConnected: 'boolean',
    isIDERConnected: 'boolean',
  }),
  row('POST', '/devices', 201, DEVICE, { guid: '00000000-0000-4000-8000-000000000001', hostname: 'new', tags: [] }),
  row('POST', '/devices', 200, DEVICE, { guid: '00000000-0000-4000-8000-000000000001', tags: ['lab'] }),
  row('POST', '/devices', 400, COMPLAINTS, { guid: [] }),
  row('PATCH', '/devices', 200, DEVICE, { guid: '00000000-0000-4000-8000-000000000001', friendlyName: 'box' }),
  row(
    'PATCH',
    '/devices',
    404,
    { error: 'string', message: 'string' },
    { guid: '00000000-0000-4000-8000-000000000002' },
  ),
  row('DELETE', '/devices/00000000-0000-4000-8000-000000000001?isSecretToBeDeleted=x', 400, COMPLAINTS),
  row('DELETE', '/devices/00000000-0000-4000-8000-000000000001?isSecretToBeDeleted=true', 204),
  row('DELETE', '/devices/00000000-0000-4000-8000-000000000001', 404, { error: 'string', message: 'string' }),
  row('GET', '/amt/version/GUID', 200, {
    CIM_SoftwareIdentity: {
      responses: [{ InstanceID: 'string', IsEntity: 'boolean', VersionString: 'string|number' }],
      status: 'number',
    },
    AMT_SetupAndConfigurationService: {
      response: SETUP,
      responses: { Header: { ...HEADER, RelatesTo: 'number' }, Body: SETUP },
      status: 'number',
    },
  }),
  row('GET', '/amt/generalSettings/GUID', 200, { Header: HEADER, Body: GENERAL }),
  row('GET', '/amt/hardwareInfo/GUID', 200, {
    CIM_ComputerSystemPackage: { response: { PlatformGUID: 'string' }, status: 'number' },
    CIM_SystemPackaging: { responses: 'list', status: 'number' },
    CIM_Chassis: { response: { Manufacturer: 'string', SerialNumber: 'string' }, status: 'number' },
    CIM_Chip: { responses: 'list', status: 'number' },
    CIM_Card: { response: { Manufacturer: 'string' }, status: 'number' },
    CIM_BIOSElement: { response: { Version: 'string' }, status: 'number' },
    CIM_Processor: { responses: 'list', status: 'number' },
    CIM_PhysicalMemory: { responses: 'list', status: 'number' },
  }),
  row('GET', '/amt/log/audit/GUID?startIndex=0', 200, { totalCnt: 'number', records: [AUDIT] }),
  row('GET', '/amt/log/audit/GUID?startIndex=x', 400, COMPLAINTS),
  row('GET', '/amt/log/event/GUID', 200, [EVENT]),
  row('GET', '/amt/features/GUID', 200, FEATURES),
  row(
    'POST',
    '/amt/features/GUID',
    200,
    { status: 'string' },
    {
      userConsent: 'all',
      enableSOL: true,
      enableIDER: 'true',
      enableKVM: 1,
      ocr: false,
      platformEraseEnabled: false,
    },
  ),
  row('POST', '/amt/features/GUID', 400, COMPLAINTS, {}),
  row('GET', '/amt/userConsentCode/GUID', 200, { Header: HEADER, Body: RETURNED }),
  row('POST', '/amt/userConsentCode/GUID', 400, { Header: HEADER, Body: RETURNED }, { consentCode: 1 }),
  row('POST', '/amt/userConsentCode/GUID', 400, COMPLAINTS, {}),
  row('GET', '/amt/userConsentCode/cancel/GUID', 200, { Header: HEADER, Body: RETURNED }),
  row('GET', '/amt/alarmOccurrences/GUID', 200, ['any']),
  row('POST', '/amt/alarmOccurrences/GUID', 200, { status: 'string', ReturnValue: 'number' }, ALARM),
  row('POST', '/amt/alarmOccurrences/GUID', 400, FAILURE, { ElementName: 'wake' }),
  // One alarm is a list of one, though the firmware answers with the thing itself.
  row('GET', '/amt/alarmOccurrences/GUID', 200, [
    {
      ElementName: 'string',
      InstanceID: 'string',
      StartTime: { Datetime: 'string' },
      Interval: { Interval: 'string' },
      DeleteOnCompletion: 'boolean',
    },
  ]),
  row('DELETE', '/amt/alarmOccurrences/GUID', 200, { status: 'string' }, { Name: 'wake' }),
  row('DELETE', '/amt/alarmOccurrences/GUID', 404, FAILURE, { Name: 'wake' }),
  row('GET', '/amt/power/state/GUID', 200, { powerstate: 'number', OSPowerSavingState: 'number' }),
  row('GET', '/amt/power/capabilities/GUID', 200, {
    'Power up': 'number',
    'Power cycle': 'number',
    'Power down': 'number',
    Reset: 'number',
    'Soft-off': 'number',
    'Soft-reset': 'number',
    Sleep: 'number',
    Hibernate: 'number',
  }),
  row('GET', '/amt/power/bootSources/GUID', 200, [
    {
      biosBootString: 'string',
      bootString: 'string',
      elementName: 'string',
      failThroughSupported: 'number',
      instanceID: 'string',
      structuredBiosBootString: 'string',
    },
  ]),
  row('POST', '/amt/power/action/GUID', 200, { Header: 'object', Body: RETURNED }, { action: 10 }),
  row('POST', '/amt/power/action/GUID', 400, COMPLAINTS, { action: 99 }),
  row('POST', '/amt/power/bootOptions/GUID', 200, { Header: 'object', Body: RETURNED }, { action: 400, useSOL: false }),
  row('POST', '/amt/power/bootOptions/GUID', 400, COMPLAINTS, { action: 1 }),
  row('GET', '/amt/boot/capabilities/GUID', 200, { IDER: 'boolean', SOL: 'boolean', BIOSSetup: 'boolean' }),
  row('GET', '/amt/certificates/GUID', 200, {
    certificates: { keyManagementItems: ['object'], publicKeyCertificateItems: [CERTIFICATE] },
    publicKeys: { publicPrivateKeyPairItems: [{ elementName: 'string', instanceID: 'string', derKey: 'string' }] },
    profileAssociation: ['object'],
  }),
  row('POST', '/amt/certificates/GUID', 400, COMPLAINTS, { cert: 'x', isTrusted: true }),
  row('DELETE', '/amt/certificates/GUID/none', 404, FAILURE),
  row('GET', '/amt/kvm/displays/GUID', 200, { displays: [DISPLAY] }),
  row('PUT', '/amt/kvm/displays/GUID', 400, COMPLAINTS, { displayIndex: 9 }),
  row(
    'PUT',
    '/amt/screen/GUID',
    200,
    {
      IPS_KVMRedirectionSettingData: {
        DefaultScreen: 'number',
        ElementName: 'string',
        InstanceID: 'string',
        Is5900PortEnabled: 'boolean',
        OptInPolicy: 'boolean',
        SessionTimeout: 'number',
      },
    },
    { displayIndex: 0 },
  ),
  row(
    'POST',
    '/amt/network/linkPreference/GUID',
    200,
    {
      status: 'string',
      linkPreference: 'number',
      timeout: 'number',
      instanceID: 'string',
      wifiPort: {
        InstanceID: 'string',
        ElementName: 'string',
        PhysicalConnectionType: 'string',
        MACAddress: 'string',
        LinkIsUp: 'boolean',
      },
    },
    { linkPreference: 1, timeout: 300 },
  ),
  row('POST', '/amt/network/linkPreference/GUID', 400, COMPLAINTS, { linkPreference: 3 }),
  row('GET', '/amt/networkSettings/GUID', 200, { wired: PORT, wireless: 'object' }),
  row('GET', '/amt/networkSettings/wired/GUID', 200, {
    ...PORT,
    ieee8021x: { enabled: 'string', pxeTimeout: 'number' },
  }),
  row('PATCH', '/amt/networkSettings/wired/GUID', 204, undefined, { dhcpEnabled: true }),
  row('PATCH', '/amt/networkSettings/wired/GUID', 501, { error: 'string' }, { dhcpEnabled: true, ieee8021x: {} }),
  row('GET', '/amt/networkSettings/wireless/state/GUID', 200, { state: 'string' }),
  row('POST', '/amt/networkSettings/wireless/state/GUID', 200, { state: 'string' }, { state: 'WifiEnabledS0' }),
  row('POST', '/amt/networkSettings/wireless/state/GUID', 400, COMPLAINTS, { state: 'half' }),
  row('GET', '/amt/networkSettings/wireless/profileSync/GUID', 200, SYNC),
  row('POST', '/amt/networkSettings/wireless/profileSync/GUID', 200, SYNC, { localProfileSync: true }),
  row('GET', '/amt/networkSettings/wireless/profile/GUID', 200, ['any']),
  row('POST', '/amt/networkSettings/wireless/profile/GUID', 204, undefined, WLAN),
  row('POST', '/amt/networkSettings/wireless/profile/GUID', 409, { error: 'string' }, WLAN),
  row('GET', '/amt/networkSettings/wireless/profile/GUID', 200, [
    {
      profileName: 'string',
      ssid: 'string',
      authenticationMethod: 'string',
      encryptionMethod: 'string',
      priority: 'number',
    },
  ]),
  row('PATCH', '/amt/networkSettings/wireless/profile/GUID', 204, undefined, { ...WLAN, ssid: 'other' }),
  row('DELETE', '/amt/networkSettings/wireless/profile/GUID/office', 204),
  row('DELETE', '/amt/networkSettings/wireless/profile/GUID/office', 404, { error: 'string' }),
  row('GET', '/amt/tls/GUID', 200, [{ elementName: 'string', instanceID: 'string', enabled: 'boolean' }]),
  row('GET', '/amt/explorer', 200, ['string']),
  row('DELETE', '/devices/refresh/GUID', 200, { success: 'number', description: 'string' }),
  row('DELETE', '/amt/deactivate/GUID', 200, { status: 'string' }),
  row('DELETE', '/amt/deactivate/GUID', 404, FAILURE),
]

/** Requests about a device that has no tunnel: all of them answer alike. */
export const AWAY_ROWS: readonly (readonly [string, string, unknown?])[] = [
  ['GET', '/amt/log/audit'],
  ['GET', '/amt/log/event'],
  ['GET', '/amt/generalSettings'],
  ['GET', '/amt/hardwareInfo'],
  ['GET', '/amt/version'],
  ['GET', '/amt/features'],
  ['POST', '/amt/features', { userConsent: 'none', enableSOL: true, enableIDER: true, enableKVM: true }],
  ['GET', '/amt/power/state'],
  ['GET', '/amt/power/capabilities'],
  ['GET', '/amt/power/bootSources'],
  ['POST', '/amt/power/action', { action: 2 }],
  ['POST', '/amt/power/bootOptions', { action: 100 }],
  ['GET', '/amt/userConsentCode'],
  ['POST', '/amt/userConsentCode', { consentCode: 123_456 }],
  ['GET', '/amt/userConsentCode/cancel'],
  ['GET', '/amt/alarmOccurrences'],
  ['POST', '/amt/alarmOccurrences', ALARM],
  ['DELETE', '/amt/alarmOccurrences', { Name: 'x' }],
  ['GET', '/amt/certificates'],
  ['GET', '/amt/kvm/displays'],
  ['PUT', '/amt/kvm/displays', { displayIndex: 0 }],
  ['POST', '/amt/network/linkPreference', { linkPreference: 1, timeout: 1 }],
  ['GET', '/amt/networkSettings'],
  ['GET', '/amt/networkSettings/wired'],
  ['PATCH', '/amt/networkSettings/wired', { dhcpEnabled: true }],
  ['GET', '/amt/networkSettings/wireless/state'],
  ['POST', '/amt/networkSettings/wireless/state', { state: 'WifiDisabled' }],
  ['GET', '/amt/networkSettings/wireless/profileSync'],
  ['POST', '/amt/networkSettings/wireless/profileSync', { localProfileSync: true }],
  ['GET', '/amt/networkSettings/wireless/profile'],
  ['DELETE', '/amt/deactivate'],
  ['DELETE', '/devices/disconnect'],
  ['GET', '/devices/redirectstatus'],
]

const KEPT = { tenantId: 'string', version: 'string' }
const CIRA = {
  configName: 'string',
  mpsServerAddress: 'string',
  mpsPort: 'number',
  username: 'string',
  commonName: 'string',
  serverAddressFormat: 'number',
  authMethod: 'number',
  mpsRootCertificate: 'string',
  proxyDetails: 'string',
  ...KEPT,
}
const PROFILE = {
  profileName: 'string',
  activation: 'string',
  ciraConfigName: 'string|null',
  generateRandomPassword: 'boolean',
  generateRandomMEBxPassword: 'boolean',
  tags: ['string'],
  dhcpEnabled: 'boolean',
  tlsMode: 'number|null',
  userConsent: 'string',
  iderEnabled: 'boolean',
  kvmEnabled: 'boolean',
  solEnabled: 'boolean',
  wifiConfigs: [{ priority: 'number', profileName: 'string' }],
  proxyConfigs: [{ priority: 'number', name: 'string' }],
  tlsSigningAuthority: 'string|null',
  ieee8021xProfileName: 'string|null',
  ipSyncEnabled: 'boolean',
  localWifiSyncEnabled: 'boolean',
  uefiWifiSyncEnabled: 'boolean',
  ...KEPT,
} as const
const WIRELESS = {
  profileName: 'string',
  authenticationMethod: 'number',
  encryptionMethod: 'number',
  ssid: 'string',
  linkPolicy: ['number'],
  ieee8021xProfileName: 'string|null',
  ...KEPT,
} as const
const WIRED = {
  profileName: 'string',
  authenticationProtocol: 'number',
  pxeTimeout: 'number|null',
  wiredInterface: 'boolean',
  ...KEPT,
}
const PROXY = {
  name: 'string',
  address: 'string',
  infoFormat: 'number',
  port: 'number',
  networkDnsSuffix: 'string',
  ...KEPT,
}
const REFUSED = { error: 'string', message: 'string' }

/** A kind of record of RPS: how one is made and changed, and what it looks like. */
export type RecordRow = {
  readonly path: string
  readonly name: string
  readonly given: Readonly<Record<string, unknown>>
  readonly change: Readonly<Record<string, unknown>>
  readonly shape: Shape
  /** Changed without a version too. */
  readonly versionless?: boolean
}

export const RPS_ROWS: readonly RecordRow[] = [
  {
    path: '/ciraconfigs',
    name: 'here',
    given: {
      configName: 'here',
      mpsServerAddress: '192.168.8.50',
      mpsPort: 4433,
      username: 'admin',
      password: 'TestPassw0rd!',
      commonName: '192.168.8.50',
      serverAddressFormat: 3,
      authMethod: 2,
      mpsRootCertificate: 'rootcert',
      proxyDetails: '',
    },
    change: { configName: 'here', mpsPort: 4434 },
    shape: CIRA,
  },
  {
    path: '/wirelessconfigs',
    name: 'air',
    given: {
      profileName: 'air',
      authenticationMethod: 6,
      encryptionMethod: 4,
      ssid: 'air',
      pskPassphrase: 'P@ssw0rd',
      linkPolicy: [14, 16],
    },
    change: { profileName: 'air', authenticationMethod: 6, encryptionMethod: 4, ssid: 'other' },
    shape: WIRELESS,
  },
  {
    path: '/ieee8021xconfigs',
    name: 'port',
    given: { profileName: 'port', authenticationProtocol: 0, pxeTimeout: 120, wiredInterface: true },
    change: { profileName: 'port', authenticationProtocol: 2, pxeTimeout: 60, wiredInterface: true },
    shape: WIRED,
  },
  {
    path: '/proxyconfigs',
    name: 'out',
    given: { name: 'out', address: 'proxy.example.com', port: 911, networkDnsSuffix: 'example.com' },
    change: { name: 'out', address: '10.0.0.9', port: 912, networkDnsSuffix: 'example.com' },
    shape: PROXY,
    versionless: true,
  },
  {
    path: '/profiles',
    name: 'first',
    given: {
      profileName: 'first',
      activation: 'ccmactivate',
      generateRandomPassword: true,
      generateRandomMEBxPassword: false,
      tags: ['lab'],
      dhcpEnabled: true,
      ciraConfigName: 'here',
      wifiConfigs: [{ priority: 1, profileName: 'air' }],
      proxyConfigs: [{ priority: 1, name: 'out' }],
      ieee8021xProfileName: 'port',
    },
    change: { profileName: 'first', activation: 'ccmactivate', tags: ['other'], dhcpEnabled: true },
    shape: PROFILE,
  },
]

export const RPS_REFUSED: Shape = REFUSED
export const RPS_COMPLAINTS: Shape = COMPLAINTS
export const MPS_FAILURE: Shape = FAILURE
