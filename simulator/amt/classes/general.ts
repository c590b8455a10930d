// SPDX-License-Identifier: Apache-2.0
/** General settings, what firmware it is, its clock, and who may log in. */
import type { AmtClass, Firmware } from '../firmware.ts'
import type { Input } from '../input.ts'
import { WsmanFault } from '../soap.ts'
import { STATUS } from '../status.ts'
import { constant, keepWritten, serviceFields, withWritten } from './tables.ts'

const GENERAL = 'AMT_GeneralSettings'
const GENERAL_WRITABLE = [
  'AMTNetworkEnabled',
  'DDNSPeriodicUpdateInterval',
  'DDNSTTL',
  'DDNSUpdateByDHCPServerEnabled',
  'DDNSUpdateEnabled',
  'DomainName',
  'HostName',
  'HostOSFQDN',
  'IdleWakeTimeout',
  'NetworkInterfaceEnabled',
  'PingResponseEnabled',
  'PreferredAddressFamily',
  'PresenceNotificationInterval',
  'PrivacyLevel',
  'RmcpPingResponseEnabled',
  'SharedFQDN',
  'ThunderboltDockEnabled',
  'WsmanOnlyMode',
]

const generalSettings: AmtClass = {
  name: GENERAL,
  keys: ['InstanceID'],
  optional: ['Caption', 'Description', 'ThunderboltDockEnabled', 'OemID'],
  instances: firmware => [
    {
      fields: {
        ...withWritten(firmware, GENERAL, '', {
          AMTNetworkEnabled: 1,
          DDNSPeriodicUpdateInterval: 1440,
          DDNSTTL: 900,
          DDNSUpdateByDHCPServerEnabled: true,
          DDNSUpdateEnabled: false,
          DHCPv6ConfigurationTimeout: 0,
          DomainName: firmware.model.dnsSuffix,
          ElementName: 'Intel(r) AMT: General Settings',
          HostName: firmware.model.hostName,
          HostOSFQDN: '',
          IdleWakeTimeout: 65535,
          InstanceID: 'Intel(r) AMT: General Settings',
          NetworkInterfaceEnabled: true,
          PingResponseEnabled: true,
          PowerSource: 0,
          PreferredAddressFamily: 0,
          PresenceNotificationInterval: 0,
          PrivacyLevel: 0,
          RmcpPingResponseEnabled: true,
          SharedFQDN: true,
          WsmanOnlyMode: false,
          ...(firmware.model.major >= 16 && { OemID: 0, ThunderboltDockEnabled: 0 }),
        }),
        DigestRealm: firmware.state.realm,
      },
    },
  ],
  put(firmware, _target, input) {
    if (input.has('DigestRealm') && input.text('DigestRealm').trim() !== firmware.state.realm) {
      throw new WsmanFault('c:InvalidParameter')
    }
    const host = input.text('HostName')
    if (host.length > 63) throw new WsmanFault('c:InvalidParameter')
    keepWritten(firmware, { className: GENERAL, key: '', names: GENERAL_WRITABLE }, input)
  },
}

const softwareIdentity: AmtClass = {
  name: 'CIM_SoftwareIdentity',
  keys: ['InstanceID'],
  instances({ model }) {
    const identities: readonly (readonly [string, string])[] = [
      ['Flash', model.version],
      ['Netstack', model.version],
      ['AMTApps', model.version],
      ['AMT', model.version],
      ['Sku', String(skuCode(model.sku))],
      ['VendorID', '8086'],
      ['Build Number', model.build],
      ['Recovery Version', model.version],
      ['Recovery Build Num', model.build],
      ['Legacy Mode', 'False'],
      ...(model.major >= 12 ? ([['AMT FW Core Version', model.version]] as const) : []),
    ]
    return identities.map(([InstanceID, VersionString]) => ({
      fields: { InstanceID, IsEntity: true, VersionString },
    }))
  },
}

/** What `Sku` says: 0x4008 is full AMT, 0x4010 standard manageability. */
export function skuCode(sku: 'amt' | 'ism'): number {
  return sku === 'amt' ? 16392 : 16400
}

function seconds(firmware: Firmware): number {
  return Math.floor((firmware.clock.now() + firmware.state.clockOffsetMs) / 1000)
}

const timeSynchronization: AmtClass = {
  ...constant('AMT_TimeSynchronizationService', {
    ...serviceFields('AMT_TimeSynchronizationService', 'Intel(r) AMT Time Synchronization Service'),
    EnabledState: 5,
    LocalTimeSyncEnabled: 0,
    RequestedState: 12,
    TimeSource: 0,
  }),
  methods: {
    GetLowAccuracyTimeSynch: firmware => ({ status: STATUS.success, output: { Ta0: seconds(firmware) } }),
    SetHighAccuracyTimeSynch(firmware, input) {
      const [ta0, tm1, tm2] = [input.number('Ta0'), input.number('Tm1'), input.number('Tm2')]
      if (ta0 === undefined || tm1 === undefined || tm2 === undefined || tm2 < tm1) return STATUS.invalidParameter
      // The console's clock was Tm1 when it heard Ta0 and Tm2 when it sent this; half of each trip is allowed for.
      const now = seconds(firmware)
      const offset = (tm1 - ta0 + (tm2 - now)) / 2
      firmware.state.clockOffsetMs += Math.round(offset * 1000)
      return STATUS.success
    },
  },
}

const authorization: AmtClass = {
  ...constant('AMT_AuthorizationService', {
    AllowHttpQopAuthOnly: 1,
    ...serviceFields('AMT_AuthorizationService', 'Intel(r) AMT Authorization Service'),
    EnabledState: 5,
    RequestedState: 12,
  }),
  methods: {
    SetAdminAclEntryEx(firmware, input) {
      const digest = Buffer.from(input.text('DigestPassword').trim(), 'base64')
      if (firmware.state.controlMode === 0) return STATUS.invalidState
      if (input.text('Username') !== 'admin') return STATUS.invalidName
      if (digest.length !== 16) return STATUS.invalidPassword
      firmware.state.adminHash = digest.toString('hex')
      return STATUS.success
    },
    GetAdminAclEntry: () => ({ status: STATUS.success, output: { Username: 'admin' } }),
    GetAdminAclEntryStatus: firmware => ({
      status: STATUS.success,
      output: { IsDefault: firmware.state.adminHash === undefined },
    }),
    GetAdminNetAclEntryStatus: firmware => ({
      status: STATUS.success,
      output: { IsDefault: firmware.state.adminHash === undefined },
    }),
    AddUserAclEntryEx(firmware, input) {
      const username = input.text('DigestUsername')
      if (firmware.state.acl.length >= 7) return STATUS.limitReached
      if (username === '' || username.length > 16) return STATUS.invalidName
      if (firmware.state.acl.some(entry => entry.username === username)) return STATUS.duplicate
      const handle = ++firmware.state.handles
      firmware.state.acl.push({ handle, enabled: true, ...entryOf(input, username) })
      return { status: STATUS.success, output: { Handle: handle } }
    },
    UpdateUserAclEntryEx(firmware, input) {
      const entry = firmware.state.acl.find(known => known.handle === input.number('Handle'))
      if (entry === undefined) return STATUS.notFound
      Object.assign(entry, entryOf(input, input.text('DigestUsername')))
      return STATUS.success
    },
    RemoveUserAclEntry(firmware, input) {
      const at = firmware.state.acl.findIndex(known => known.handle === input.number('Handle'))
      if (at === -1) return STATUS.notFound
      firmware.state.acl.splice(at, 1)
      return STATUS.success
    },
    EnumerateUserAclEntries(firmware, input) {
      const handles = firmware.state.acl.slice((input.number('StartIndex') ?? 1) - 1).map(entry => entry.handle)
      return {
        status: STATUS.success,
        output: { TotalCount: firmware.state.acl.length, HandlesCount: handles.length, Handles: handles },
      }
    },
    GetUserAclEntryEx(firmware, input) {
      const entry = firmware.state.acl.find(known => known.handle === input.number('Handle'))
      if (entry === undefined) return STATUS.notFound
      return {
        status: STATUS.success,
        output: { DigestUsername: entry.username, AccessPermission: entry.permission, Realms: entry.realms },
      }
    },
    SetAclEnabledState(firmware, input) {
      const entry = firmware.state.acl.find(known => known.handle === input.number('Handle'))
      if (entry === undefined) return STATUS.notFound
      entry.enabled = input.flag('Enabled')
      return STATUS.success
    },
    GetAclEnabledState(firmware, input) {
      const entry = firmware.state.acl.find(known => known.handle === input.number('Handle'))
      if (entry === undefined) return STATUS.notFound
      return { status: STATUS.success, output: { Enabled: entry.enabled } }
    },
  },
}

function entryOf(input: Input, username: string): { username: string; permission: number; realms: number[] } {
  return { username, permission: input.number('AccessPermission') ?? 2, realms: input.texts('Realms').map(Number) }
}

export const GENERAL_CLASSES: readonly AmtClass[] = [
  generalSettings,
  softwareIdentity,
  timeSynchronization,
  authorization,
]
