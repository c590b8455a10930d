// SPDX-License-Identifier: Apache-2.0
/** Profiles: how a device is activated, and what it is given afterwards. */
import { Secret } from '../../../secrets/secrets.ts'
import { allErrors, flag, type Given, has, nameOf, text } from './checks.ts'
import type { Kind, SecretChange, Written } from './kind.ts'
import { entriesOf, profileFields, proxyNameIn } from './profile-checks.ts'
import type { Profile } from './records.ts'
import type { Reference } from './store.ts'
import { ieee8021xIn } from './wireless.ts'

export const profileKind: Kind<'profile'> = {
  kind: 'profile',
  path: 'profiles',
  type: 'AMT',
  title: 'Profiles of activation',
  access: 'host.change',
  secretKinds: ['profile-amt', 'profile-mebx'],
  nameIn: given => text(given.profileName),
  check: async (given, context) => ({ errors: allErrors(await profileFields(given, context)) }),
  write,
  references,
  show,
  duplicate: name => `AMT profile ${name} already exists`,
  missing: ({ name }, creating) =>
    creating
      ? {
          error: 'Foreign key constraint violation: a record that the profile names is missing',
          message: `Referenced constraint ${name} doesn't exist`,
        }
      : { error: 'Foreign key constraint violation', message: `Referenced config ${name} doesn't exist` },
}

function references({
  ciraConfigName,
  ieee8021xProfileName,
  wifiConfigs,
  proxyConfigs,
}: Profile): readonly Reference[] {
  return [
    ...(ciraConfigName === null ? [] : [{ kind: 'cira', name: ciraConfigName } as const]),
    ...(ieee8021xProfileName === null ? [] : [{ kind: 'ieee8021x', name: ieee8021xProfileName } as const]),
    ...wifiConfigs.map(each => ({ kind: 'wireless', name: each.profileName }) as const),
    ...proxyConfigs.map(each => ({ kind: 'proxy', name: each.name }) as const),
  ]
}

function write(given: Given, old: Profile | undefined): Written<'profile'> {
  const activation = (nameOf(given.activation) ?? old?.activation) as Profile['activation'] // checked
  const random = chosen(given, { flagName: 'generateRandomPassword', password: 'amtPassword' }, old)
  const randomMebx = chosen(given, { flagName: 'generateRandomMEBxPassword', password: 'mebxPassword' }, old)
  // The MEBx password is of admin control mode only; a change to client control mode drops it.
  const mebx = old === undefined || activation === 'acmactivate' ? randomMebx : false
  const record: Profile = {
    profileName: old?.profileName ?? text(given.profileName),
    activation,
    generateRandomPassword: random,
    generateRandomMEBxPassword: mebx,
    ...connection(given, old),
    ...network(given, old),
    tags: Array.isArray(given.tags) ? given.tags.map(String) : (old?.tags ?? []),
    ieee8021xProfileName: ieee8021xIn(given),
    ...redirection(given, activation, old),
  }
  return { record, secrets: secretsOf(given, record) }
}

type Choice = {
  readonly flagName: 'generateRandomPassword' | 'generateRandomMEBxPassword'
  readonly password: 'amtPassword' | 'mebxPassword'
}

/** Whether each device gets a password of its own. */
function chosen(given: Given, { flagName, password }: Choice, old: Profile | undefined): boolean {
  if (flag(given[flagName]) === true) return true
  if (has(given, password)) return false
  return flag(given[flagName]) ?? old?.[flagName] ?? false
}

/** What is not said again is taken away, as in the reference: the two exclude each other. */
function connection(given: Given, old: Profile | undefined) {
  const tlsMode = has(given, 'tlsMode') ? (Number(text(given.tlsMode)) as Profile['tlsMode']) : null // 1–4, checked
  const asked = nameOf(given.tlsSigningAuthority) as Profile['tlsSigningAuthority'] // checked
  return {
    ciraConfigName: nameOf(given.ciraConfigName),
    tlsMode,
    tlsSigningAuthority: tlsMode === null ? null : (asked ?? old?.tlsSigningAuthority ?? 'SelfSigned'),
  }
}

function network(given: Given, old: Profile | undefined) {
  const dhcpEnabled = flag(given.dhcpEnabled) ?? old?.dhcpEnabled ?? false
  return {
    dhcpEnabled,
    ipSyncEnabled: flag(given.ipSyncEnabled) ?? old?.ipSyncEnabled ?? false,
    localWifiSyncEnabled: flag(given.localWifiSyncEnabled) ?? old?.localWifiSyncEnabled ?? false,
    uefiWifiSyncEnabled: flag(given.uefiWifiSyncEnabled) ?? old?.uefiWifiSyncEnabled ?? false,
    wifiConfigs: (dhcpEnabled ? entriesOf(given.wifiConfigs) : []).map(each => ({
      priority: Number(each.priority),
      profileName: text(each.profileName),
    })),
    proxyConfigs: entriesOf(given.proxyConfigs).map(each => ({
      priority: Number(each.priority),
      name: proxyNameIn(each),
    })),
  }
}

function redirection(given: Given, activation: Profile['activation'], old: Profile | undefined) {
  const consent = nameOf(given.userConsent) ?? old?.userConsent ?? 'KVM'
  return {
    userConsent: (activation === 'ccmactivate' ? 'All' : consent) as Profile['userConsent'], // checked
    iderEnabled: flag(given.iderEnabled) ?? old?.iderEnabled ?? false,
    kvmEnabled: flag(given.kvmEnabled) ?? old?.kvmEnabled ?? true,
    solEnabled: flag(given.solEnabled) ?? old?.solEnabled ?? false,
  }
}

function secretsOf(given: Given, record: Profile): readonly SecretChange[] {
  const { generateRandomPassword, generateRandomMEBxPassword, activation } = record
  const change = (kind: string, member: string, random: boolean): readonly SecretChange[] => {
    if (random) return [{ kind, value: undefined }]
    return has(given, member) ? [{ kind, value: Secret.of(text(given[member])) }] : []
  }
  return [
    ...change('profile-amt', 'amtPassword', generateRandomPassword),
    ...change('profile-mebx', 'mebxPassword', generateRandomMEBxPassword || activation === 'ccmactivate'),
  ]
}

function show(record: Profile): Readonly<Record<string, unknown>> {
  const { profileName, activation, ciraConfigName, generateRandomPassword, generateRandomMEBxPassword } = record
  return {
    profileName,
    activation,
    ciraConfigName,
    generateRandomPassword,
    generateRandomMEBxPassword,
    tags: record.tags,
    dhcpEnabled: record.dhcpEnabled,
    tlsMode: record.tlsMode,
    userConsent: record.userConsent,
    iderEnabled: record.iderEnabled,
    kvmEnabled: record.kvmEnabled,
    solEnabled: record.solEnabled,
    tlsSigningAuthority: record.tlsSigningAuthority,
    ieee8021xProfileName: record.ieee8021xProfileName,
    wifiConfigs: record.wifiConfigs,
    ipSyncEnabled: record.ipSyncEnabled,
    localWifiSyncEnabled: record.localWifiSyncEnabled,
    uefiWifiSyncEnabled: record.uefiWifiSyncEnabled,
    proxyConfigs: record.proxyConfigs,
    // The published schema and the program differ in this member's name.
    ieee8021xProfile: record.ieee8021xProfileName,
  }
}
