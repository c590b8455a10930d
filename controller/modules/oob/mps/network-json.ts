// SPDX-License-Identifier: Apache-2.0
/** Network ports as MPS shows them: names for numbers, and nothing that is secret. */

import { present } from '../device/wire.ts'
import { readWirelessService } from '../device/wireless.ts'
import { AUTHENTICATION, ENCRYPTION, readProfiles, type StoredProfile } from '../device/wireless-profiles.ts'
import {
  type CallOptions,
  flagOf,
  type Instance,
  listOf,
  numberOf,
  textOf,
  type Value,
  type Wsman,
} from '../wsman/wsman.ts'

const LINK_POLICY: Names = { 1: 'S0 AC', 14: 'Sx AC', 16: 'S0 DC', 224: 'Sx DC' }
const OWNER: Names = { 1: 'Management Engine', 2: 'Host' }
const PROTECTION: Names = { 0: 'Override', 1: 'None', 2: 'Passive', 3: 'High' }
const CONNECTION: Names = {
  0: 'Integrated LAN NIC',
  1: 'Discrete LAN NIC',
  2: 'LAN via Thunderbolt Dock',
  3: 'Wireless LAN',
}
const MEDIUM: Names = { 0: 'SMBUS', 1: 'PCIe' }
const WIRED_8021X: Names = { 2: 'EnabledWithCertificates', 3: 'Disabled', 6: 'EnabledWithoutCertificates' }
const BSS_TYPE: Names = { 0: 'Unknown', 2: 'Independent', 3: 'Infrastructure' }

type Names = Readonly<Record<number, string>>

function nameIn(names: Names, value: Value | undefined): string {
  const number = numberOf(value)
  return number === undefined ? '' : (names[number] ?? '')
}

function portJson(port: Instance) {
  const retransmissions = numberOf(port.ConsoleTcpMaxRetransmissions)
  return {
    elementName: textOf(port.ElementName),
    instanceID: textOf(port.InstanceID),
    vlanTag: numberOf(port.VLANTag) ?? 0,
    sharedMAC: flagOf(port.SharedMAC),
    macAddress: textOf(port.MACAddress),
    linkIsUp: flagOf(port.LinkIsUp),
    linkPolicy: listOf(port.LinkPolicy).map(each => nameIn(LINK_POLICY, each) || 'Unknown'),
    sharedStaticIP: flagOf(port.SharedStaticIp),
    sharedDynamicIP: flagOf(port.SharedDynamicIP),
    ipSyncEnabled: flagOf(port.IpSyncEnabled),
    dhcpEnabled: flagOf(port.DHCPEnabled),
    ipAddress: textOf(port.IPAddress),
    subnetMask: textOf(port.SubnetMask),
    defaultGateway: textOf(port.DefaultGateway),
    primaryDNS: textOf(port.PrimaryDNS),
    secondaryDNS: textOf(port.SecondaryDNS),
    physicalConnectionType: nameIn(CONNECTION, port.PhysicalConnectionType),
    physicalNICMedium: nameIn(MEDIUM, port.PhysicalNicMedium),
    ...(retransmissions === undefined || retransmissions === 0
      ? {}
      : { consoleTCPMaxRetransmissions: retransmissions }),
  }
}

export function wiredJson(port: Instance, ieee8021x: Instance | undefined) {
  return {
    ...portJson(port),
    ieee8021x: {
      enabled: nameIn(WIRED_8021X, ieee8021x?.Enabled),
      availableInS0: flagOf(ieee8021x?.AvailableInS0),
      pxeTimeout: numberOf(ieee8021x?.PxeTimeout) ?? 0,
    },
  }
}

export async function wirelessJson(wsman: Wsman, port: Instance, options: CallOptions) {
  const profiles = await readProfiles(wsman, options)
  const settings = (await present(wsman.list('CIM_IEEE8021xSettings', options)))?.instances ?? []
  const service = (await readWirelessService(wsman, options)) ?? {}
  return {
    ...portJson(port),
    linkPreference: nameIn(OWNER, port.LinkPreference),
    linkControl: nameIn(OWNER, port.LinkControl),
    wlanLinkProtectionLevel: nameIn(PROTECTION, port.WLANLinkProtectionLevel),
    wifiNetworks: profiles.map(networkJson),
    ieee8021xSettings: settings.map(ieee8021xJson),
    wifiPortConfigService: serviceJson(service),
  }
}

function networkJson(profile: StoredProfile) {
  return {
    elementName: profile.name,
    ssid: profile.ssid,
    authenticationMethod: AUTHENTICATION[profile.authentication] ?? '',
    encryptionMethod: ENCRYPTION[profile.encryption] ?? '',
    priority: profile.priority,
    bsstype: BSS_TYPE[profile.bssType] ?? '',
  }
}

function ieee8021xJson(each: Instance) {
  return {
    authenticationProtocol: numberOf(each.AuthenticationProtocol) ?? 0,
    roamingIdentity: textOf(each.RoamingIdentity),
    serverCertificateName: textOf(each.ServerCertificateName),
    serverCertificateNameComparison: numberOf(each.ServerCertificateNameComparison) ?? 0,
    username: textOf(each.Username),
    domain: textOf(each.Domain),
  }
}

function serviceJson(service: Instance) {
  const share = service.UEFIWiFiProfileShareEnabled
  return {
    requestedState: numberOf(service.RequestedState) ?? 0,
    enabledState: numberOf(service.EnabledState) ?? 0,
    healthState: numberOf(service.HealthState) ?? 0,
    elementName: textOf(service.ElementName),
    systemCreationClassName: textOf(service.SystemCreationClassName),
    systemName: textOf(service.SystemName),
    creationClassName: textOf(service.CreationClassName),
    name: textOf(service.Name),
    localProfileSynchronizationEnabled: numberOf(service.localProfileSynchronizationEnabled) ?? 0,
    lastConnectedSsidUnderMeControl: textOf(service.LastConnectedSsidUnderMeControl),
    noHostCsmeSoftwarePolicy: numberOf(service.NoHostCsmeSoftwarePolicy) ?? 0,
    uefiWiFiProfileShareEnabled: flagOf(share) || (numberOf(share) ?? 0) !== 0,
  }
}

/** A profile without what is secret in it. */
export function profileJson(profile: StoredProfile) {
  const { ieee8021x } = profile
  return {
    profileName: profile.name,
    ssid: profile.ssid,
    authenticationMethod: AUTHENTICATION[profile.authentication] ?? '',
    encryptionMethod: ENCRYPTION[profile.encryption] ?? '',
    priority: profile.priority,
    ...(ieee8021x === undefined
      ? {}
      : {
          ieee8021x: {
            username: textOf(ieee8021x.Username),
            authenticationProtocol: numberOf(ieee8021x.AuthenticationProtocol) ?? 0,
          },
        }),
  }
}
