// SPDX-License-Identifier: Apache-2.0
/** The wired port: addresses, authentication (802.1x), and which side owns a shared link. */
import type { AmtClass, Firmware } from '../firmware.ts'
import { type Fields, WsmanFault } from '../soap.ts'
import { STATUS } from '../status.ts'
import { instanceId, keepWritten, withWritten } from './tables.ts'

const PORT = 'AMT_EthernetPortSettings'
const WIRED = 'Intel(r) AMT Ethernet Port Settings 0'
const WIRELESS = 'Intel(r) AMT Ethernet Port Settings 1'
const STATIC = ['IPAddress', 'SubnetMask', 'DefaultGateway', 'PrimaryDNS', 'SecondaryDNS']
const WRITABLE = [
  'DHCPEnabled',
  'IpSyncEnabled',
  'LinkPolicy',
  'SharedDynamicIP',
  'SharedMAC',
  'SharedStaticIp',
  'VLANTag',
  ...STATIC,
]

function mac({ model }: Firmware, last: string): string {
  const digits = model.uuid.replaceAll('-', '').slice(-6)
  return `00-be-43-${digits.slice(0, 2)}-${digits.slice(2, 4)}-${last}`
}

function wired(firmware: Firmware): Fields {
  const port: Fields = withWritten(firmware, PORT, WIRED, {
    DHCPEnabled: true,
    DefaultGateway: '192.168.6.1',
    ElementName: 'Intel(r) AMT Ethernet Port Settings',
    IPAddress: '192.168.6.24',
    InstanceID: WIRED,
    IpSyncEnabled: true,
    LinkIsUp: true,
    LinkPolicy: [1, 14],
    MACAddress: mac(firmware, 'a4'),
    PhysicalConnectionType: 0,
    PrimaryDNS: '192.168.6.1',
    SharedDynamicIP: true,
    SharedMAC: true,
    SharedStaticIp: false,
    SubnetMask: '255.255.255.0',
  })
  return port
}

function wireless(firmware: Firmware): Fields {
  return withWritten(firmware, PORT, WIRELESS, {
    ConsoleTcpMaxRetransmissions: 5,
    DHCPEnabled: true,
    ElementName: 'Intel(r) AMT Ethernet Port Settings',
    InstanceID: WIRELESS,
    LinkControl: firmware.state.wifi.link?.preference === 2 ? 2 : 1,
    LinkIsUp: firmware.state.wifi.profiles.length > 0 && firmware.state.wifi.portState !== 3,
    LinkPolicy: firmware.state.wifi.portState === 32769 ? [1, 14, 16] : [1],
    LinkPreference: firmware.state.wifi.link?.preference ?? 2,
    MACAddress: mac(firmware, 'b7'),
    PhysicalConnectionType: 3,
    SharedMAC: true,
    WLANLinkProtectionLevel: 1,
  })
}

export function hasWireless({ model }: Firmware): boolean {
  return model.sku === 'amt' && model.hardware.wireless
}

const port: AmtClass = {
  name: PORT,
  keys: ['InstanceID'],
  optional: [
    ...WRITABLE,
    'ConsoleTcpMaxRetransmissions',
    'WLANLinkProtectionLevel',
    'PhysicalNicMedium',
    'LinkControl',
  ],
  instances: firmware => [
    { fields: wired(firmware) },
    ...(hasWireless(firmware) ? [{ fields: wireless(firmware) }] : []),
  ],
  put(firmware, target, input) {
    const key = instanceId(target)
    const dhcp = input.flag('DHCPEnabled')
    const sync = input.flag('IpSyncEnabled')
    const given = STATIC.filter(name => input.has(name) && input.text(name) !== '')
    // An address is only taken when neither the network nor the host gives one.
    if (dhcp && given.length > 0) throw new WsmanFault('c:InvalidParameter')
    if (!dhcp && !sync && !given.includes('IPAddress')) throw new WsmanFault('c:InvalidParameter')
    const before = firmware.state.written[PORT]?.[key]
    if (before !== undefined) for (const name of STATIC) delete before[name]
    keepWritten(firmware, { className: PORT, key, names: WRITABLE }, input)
  },
  methods: {
    SetLinkPreference(firmware, input) {
      const preference = input.number('LinkPreference')
      const timeoutSeconds = input.number('Timeout')
      if (!hasWireless(firmware)) return STATUS.notFound
      if ((preference !== 1 && preference !== 2) || timeoutSeconds === undefined) return STATUS.invalidParameter
      firmware.state.wifi.link = { preference, timeoutSeconds, atMs: firmware.clock.now() }
      return STATUS.success
    },
  },
}

const WIRED_8021X = 'IPS_IEEE8021xSettings'
const SETTINGS_8021X = [
  'AuthenticationProtocol',
  'AvailableInS0',
  'Domain',
  'Enabled',
  'Password',
  'ProtectedAccessCredential',
  'PACPassword',
  'PSK',
  'PxeTimeout',
  'RoamingIdentity',
  'ServerCertificateName',
  'ServerCertificateNameComparison',
  'Username',
]
const SECRET_8021X = ['Password', 'PACPassword', 'PSK', 'ProtectedAccessCredential']
const ISSUER = 'Intel(r) AMT: 8021X Settings'

const wired8021x: AmtClass = {
  name: WIRED_8021X,
  keys: ['InstanceID'],
  optional: [...SETTINGS_8021X, 'ElementName'],
  instances({ state }) {
    const shown: Record<string, string> = {}
    for (const [name, value] of Object.entries(state.wired8021x.settings)) {
      if (!SECRET_8021X.includes(name)) shown[name] = value
    }
    return [
      {
        fields: {
          AvailableInS0: true,
          ElementName: ISSUER,
          Enabled: 3,
          InstanceID: ISSUER,
          PxeTimeout: 120,
          ...shown,
        },
      },
    ]
  },
  put(firmware, _target, input) {
    const enabled = input.number('Enabled')
    const timeout = input.number('PxeTimeout') ?? 120
    const protocol = input.number('AuthenticationProtocol')
    if (enabled !== undefined && ![2, 3, 6].includes(enabled)) throw new WsmanFault('c:InvalidParameter')
    if (timeout < 0 || timeout > 86400) throw new WsmanFault('c:InvalidParameter')
    if (protocol !== undefined && ![0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].includes(protocol)) {
      throw new WsmanFault('c:InvalidParameter')
    }
    const settings: Record<string, string> = {}
    for (const name of SETTINGS_8021X) if (input.has(name)) settings[name] = input.text(name)
    firmware.state.wired8021x.settings = settings
    if (enabled === 3) {
      delete firmware.state.wired8021x.clientCertificate
      delete firmware.state.wired8021x.issuer
    }
  },
  methods: {
    SetCertificates({ state }, input) {
      const known = (name: string): string | undefined => {
        const id = input.reference(name)?.selectors.InstanceID
        return state.certificates.some(certificate => certificate.id === id) ? id : undefined
      }
      const issuer = known('ServerCertificateIssuer')
      const client = known('ClientCertificate')
      if (input.has('ServerCertificateIssuer') && issuer === undefined) return STATUS.notFound
      if (input.has('ClientCertificate') && client === undefined) return STATUS.notFound
      if (issuer !== undefined) state.wired8021x.issuer = issuer
      if (client !== undefined) state.wired8021x.clientCertificate = client
      return STATUS.success
    },
  },
}

const profile8021x: AmtClass = {
  name: 'AMT_8021XProfile',
  instances: () => [
    {
      fields: {
        ActiveInS0: true,
        ElementName: 'Intel(r) AMT: 8021X Profile',
        Enabled: false,
        InstanceID: 'Intel(r) AMT: 8021X Profile 0',
      },
    },
  ],
}

export const NETWORK_CLASSES: readonly AmtClass[] = [port, wired8021x, profile8021x]
