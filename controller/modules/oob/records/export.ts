// SPDX-License-Identifier: Apache-2.0
/** Writes a profile as the encrypted configuration file that `rpc` 3 reads on the machine itself. */
import { createCipheriv } from 'node:crypto'
import { stringify } from 'yaml'
import type { RandomBytes } from '../../../../plugins/contract/index.ts'
import type { Secret } from '../../../secrets/secrets.ts'
import type { ResolvedProfile } from './records.ts'

/** What provisions in admin control mode: the file as it was uploaded, and its password. */
export type ProvisioningFile = { readonly pfx: Secret; readonly password: Secret }

export type ExportedProfile = {
  readonly filename: string
  /** Base64 of nonce (12 bytes), ciphertext and tag (16 bytes) of AES-256-GCM. */
  readonly content: string
  /** Base64 of 32 bytes, drawn for this export alone. */
  readonly key: string
}

export function exportProfile(
  resolved: ResolvedProfile,
  { provisioning, random }: { readonly provisioning: ProvisioningFile | undefined; readonly random: RandomBytes },
): ExportedProfile {
  const plain = stringify(configurationOf(resolved, provisioning), { lineWidth: 0 })
  const key = random(32)
  const nonce = random(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return {
    filename: `${resolved.profile.profileName}.yaml`,
    content: sealed.toString('base64'),
    key: Buffer.from(key).toString('base64'),
  }
}

function plain(secret: Secret | undefined): string {
  return secret?.use(text => text) ?? ''
}

/** The file's shape is that of the reference; members without a counterpart in a profile carry its neutral values. */
function configurationOf(resolved: ResolvedProfile, provisioning: ProvisioningFile | undefined) {
  const { profile } = resolved
  return {
    id: 0,
    name: profile.profileName,
    tags: profile.tags,
    configuration: {
      generalSettings: { sharedFQDN: false, networkInterfaceEnabled: 0, pingResponseEnabled: false },
      network: networkOf(resolved),
      tls: tlsOf(resolved),
      redirection: {
        enabled: profile.kvmEnabled || profile.solEnabled || profile.iderEnabled,
        services: { kvm: profile.kvmEnabled, sol: profile.solEnabled, ider: profile.iderEnabled },
        userConsent: profile.userConsent,
      },
      userAccounts: { userAccounts: [] },
      enterpriseAssistant: { url: '', username: '', password: '' },
      amtSpecific: {
        controlMode: profile.activation,
        adminPassword: plain(resolved.amtPassword),
        provisioningCert: plain(provisioning?.pfx),
        provisioningCertPwd: plain(provisioning?.password),
        mebxPassword: plain(resolved.mebxPassword),
        ...ciraOf(resolved),
      },
      bmcSpecific: { adminPassword: '' },
      dashSpecific: { adminPassword: '' },
      redfishSpecific: { adminPassword: '' },
    },
  }
}

function networkOf({ profile, ieee8021x, wireless, proxies }: ResolvedProfile) {
  return {
    wired: {
      dhcpEnabled: profile.dhcpEnabled,
      ipSyncEnabled: profile.ipSyncEnabled,
      sharedStaticIP: false,
      ipAddress: '',
      subnetMask: '',
      defaultGateway: '',
      primaryDNS: '',
      secondaryDNS: '',
      authentication: '',
      ieee8021x:
        ieee8021x === undefined
          ? null
          : {
              profileName: ieee8021x.profileName,
              username: '',
              password: '',
              authenticationProtocol: ieee8021x.authenticationProtocol,
              pxeTimeout: ieee8021x.pxeTimeout,
              wiredInterface: ieee8021x.wiredInterface,
            },
    },
    wireless: {
      wifiSyncEnabled: profile.localWifiSyncEnabled,
      uefiWifiSyncEnabled: profile.uefiWifiSyncEnabled,
      profiles: wireless.map(each => ({
        profileName: each.profileName,
        ssid: each.ssid,
        priority: each.priority,
        authenticationMethod: each.authenticationMethod,
        encryptionMethod: each.encryptionMethod,
        pskPassphrase: plain(each.passphrase),
        ieee8021xProfileName: each.ieee8021xProfileName,
      })),
    },
    proxies: proxies.map(({ name, address, infoFormat, port, networkDnsSuffix, priority }) => ({
      name,
      address,
      infoFormat,
      port,
      networkDnsSuffix,
      priority,
    })),
  }
}

function tlsOf({ profile: { tlsMode, tlsSigningAuthority } }: ResolvedProfile) {
  return {
    mutualAuthentication: tlsMode === 3 || tlsMode === 4,
    enabled: tlsMode !== null,
    trustedCN: [],
    allowNonTLS: tlsMode === 2 || tlsMode === 4,
    signingAuthority: tlsSigningAuthority ?? '',
  }
}

function ciraOf({ cira, ciraPassword }: ResolvedProfile) {
  if (cira === undefined) return {}
  return {
    ciraConfig: {
      configName: cira.configName,
      mpsServerAddress: cira.mpsServerAddress,
      mpsPort: cira.mpsPort,
      username: cira.username,
      password: plain(ciraPassword),
      commonName: cira.commonName,
      serverAddressFormat: cira.serverAddressFormat,
      authMethod: cira.authMethod,
      mpsRootCertificate: cira.mpsRootCertificate,
      proxyDetails: cira.proxyDetails,
    },
  }
}
