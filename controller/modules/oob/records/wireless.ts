// SPDX-License-Identifier: Apache-2.0
/** Wireless profiles that devices are given. */
import { Secret } from '../../../secrets/secrets.ts'
import { allErrors, Field, type Given, has, nameOf, text, versionField } from './checks.ts'
import type { CheckContext, Kind } from './kind.ts'
import type { WirelessConfig } from './records.ts'
import { find } from './store.ts'

const METHODS: ReadonlyMap<number, string> = new Map([
  [4, 'WPA PSK'],
  [5, 'WPA IEEE 802.1x'],
  [6, 'WPA2 PSK'],
  [7, 'WPA2 IEEE 802.1x'],
])
const ENCRYPTION: ReadonlyMap<number, string> = new Map([
  [3, 'TKIP'],
  [4, 'CCMP'],
])
/** Available in S0 and Sx, on mains and on battery. */
const LINK_POLICIES = [1, 14, 16, 224]

export const wirelessKind: Kind<'wireless'> = {
  kind: 'wireless',
  path: 'wirelessconfigs',
  type: 'Wireless',
  title: 'Wireless profiles',
  access: 'host.change',
  secretKinds: ['wireless-psk'],
  nameIn: given => text(given.profileName),
  check: async (given, context) => ({ errors: await errorsOf(given, context) }),
  write: (given, old) => ({ record: recordOf(given, old), secrets: secretsOf(given) }),
  references: ({ ieee8021xProfileName: name }) => (name === null ? [] : [{ kind: 'ieee8021x', name }]),
  show: ({ ieee8021xProfileName, ...record }) => ({
    profileName: record.profileName,
    authenticationMethod: record.authenticationMethod,
    encryptionMethod: record.encryptionMethod,
    ssid: record.ssid,
    pskValue: null,
    linkPolicy: record.linkPolicy,
    ieee8021xProfileName,
    ieee8021xProfile: ieee8021xProfileName,
  }),
  duplicate: name => `Wireless profile ${name} already exists`,
  inUse: name => ({
    error: 'Foreign key violation',
    message: `Wireless profile: ${name} is associated with an AMT Profile.`,
  }),
  missing: ({ name }) => ({ error: 'Error', message: `Operation failed for Wireless profile: ${name}` }),
}

/** The published schema and the program differ in this member's name; either is taken. */
export function ieee8021xIn(given: Given): string | null {
  return nameOf(given.ieee8021xProfileName) ?? nameOf(given.ieee8021xProfile)
}

async function errorsOf(given: Given, context: CheckContext<'wireless'>) {
  const method = Number(text(given.authenticationMethod))
  const ieee8021x = method === 5 || method === 7
  const psk = method === 4 || method === 6
  const kept = context.changing && context.old !== undefined && isPsk(context.old.record.authenticationMethod)
  const asked = { ...given, ieee8021xProfileName: ieee8021xIn(given) }
  return allErrors([
    new Field(given, 'profileName')
      .required('Wireless profile name is required')
      .matches(/^[a-zA-Z0-9]+$/, 'Wireless profile name should be alphanumeric')
      .length({ max: 32 }, 'Wireless profile name maximum length is 32'),
    new Field(given, 'authenticationMethod')
      .required('Authentication method is required')
      .oneOf([...METHODS.keys()], `Authentication method must be one of ${listed(METHODS)}`),
    new Field(given, 'encryptionMethod')
      .required('Encryption method is required')
      .oneOf([...ENCRYPTION.keys()], `Encryption method must be one of ${listed(ENCRYPTION)}`),
    new Field(given, 'ssid').required('SSID is required').length({ max: 32 }, 'Maximum length is 32'),
    new Field(given, 'pskPassphrase', { secret: true })
      // A change without it keeps the one there is.
      .when(psk && !(kept && !has(given, 'pskPassphrase')))
      .length(
        { min: 8, max: 63 },
        'PSK Passphrase length should be greater than or equal to 8 and less than or equal to 63',
      ),
    new Field(asked, 'ieee8021xProfileName').when(ieee8021x).required('ieee8021xProfileName is required'),
    new Field(asked, 'ieee8021xProfileName')
      .when(!ieee8021x)
      .custom(value =>
        value === null ? undefined : 'ieee8021xProfileName can not be specified with the provided authenticationMethod',
      ),
    await new Field(asked, 'ieee8021xProfileName').optional().customAsync(async value => {
      const found = await find(context.db, context.project, { kind: 'ieee8021x', name: text(value) })
      if (found === undefined) return `Ieee8021x profile ${text(value)} does not exist in db`
      return found.record.wiredInterface ? `Ieee8021x profile ${text(value)} is for wired interfaces` : undefined
    }),
    new Field(given, 'linkPolicy')
      .optional()
      .array('LinkPolicy should be an array of integers')
      .custom(linkPolicyError),
    versionField(given, context),
  ])
}

function linkPolicyError(value: unknown): string | undefined {
  const entries: readonly unknown[] = Array.isArray(value) ? value : []
  if (!entries.every(Number.isInteger)) return 'Array does not contain integers'
  if (entries.every(each => LINK_POLICIES.includes(Number(each)))) return undefined
  return 'Array values should be either 1: available on S0 AC, 14: available on Sx AC, 16: available on S0 DC, 224: available on Sx DC'
}

function listed(values: ReadonlyMap<number, string>): string {
  return [...values].map(([value, label]) => `${value}:${label}`).join(', ')
}

function isPsk(method: number): boolean {
  return method === 4 || method === 6
}

function recordOf(given: Given, old: WirelessConfig | undefined): WirelessConfig {
  return {
    profileName: old?.profileName ?? text(given.profileName),
    authenticationMethod: Number(text(given.authenticationMethod)) as 4, // one of METHODS, checked
    encryptionMethod: Number(text(given.encryptionMethod)) as 3, // one of ENCRYPTION, checked
    ssid: text(given.ssid),
    linkPolicy: Array.isArray(given.linkPolicy) ? given.linkPolicy : (old?.linkPolicy ?? []),
    ieee8021xProfileName: ieee8021xIn(given),
  }
}

function secretsOf(given: Given) {
  if (!isPsk(Number(text(given.authenticationMethod)))) return [{ kind: 'wireless-psk', value: undefined }]
  const passphrase = text(given.pskPassphrase)
  return passphrase === '' ? [] : [{ kind: 'wireless-psk', value: Secret.of(passphrase) }]
}
