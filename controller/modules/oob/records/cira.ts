// SPDX-License-Identifier: Apache-2.0
/** CIRA configurations: where devices dial in to, and which root they believe there. */
import { Secret } from '../../../secrets/secrets.ts'
import { formatOf } from './address.ts'
import { allErrors, Field, flag, type Given, has, text } from './checks.ts'
import type { Kind } from './kind.ts'
import type { AddressFormat, CiraConfig } from './records.ts'

const NAME = /^[a-zA-Z0-9_-]+$/
const FORMATS = [3, 4, 201]

export const ciraKind: Kind<'cira'> = {
  kind: 'cira',
  path: 'ciraconfigs',
  type: 'CIRA',
  title: 'CIRA configurations',
  access: 'host.change',
  secretKinds: ['cira-password'],
  nameIn: given => text(given.configName),
  check: async (given, { changing }) => ({ errors: changing ? changeErrors(given) : createErrors(given) }),
  write: (given, old) => ({ record: recordOf(given, old), secrets: secretsOf(given) }),
  show: record => ({ ...record }),
  duplicate: name => `CIRA Config ${name} already exists.`,
  inUse: name => ({
    error: 'Foreign key violation',
    message: `CIRA Config: ${name} is associated with an AMT profile`,
  }),
}

function createErrors(given: Given) {
  return allErrors([
    named(given),
    new Field(given, 'serverAddressFormat')
      .required('MPS server address format is required')
      .oneOf(FORMATS, 'MPS server address format should be either 3(IPV4) , 4(IPV6) or 201(FQDN)'),
    new Field(given, 'mpsServerAddress')
      .required('MPS server address is required')
      .custom(value => addressError(value, given)),
    new Field(given, 'mpsPort').required('MPS port is required').integer(...PORT),
    user(new Field(given, 'username').required('MPS user name is required')),
    commonName(given),
    new Field(given, 'authMethod')
      .required('Authentication method is required')
      .oneOf([1, 2], 'Authentication method should be either 1 (Mutual Auth) or 2 (username and password)'),
    new Field(given, 'mpsRootCertificate').required('MPS public root certificate is required'),
    password(given),
  ])
}

function changeErrors(given: Given) {
  return allErrors([
    named(given),
    new Field(given, 'serverAddressFormat')
      .optional()
      .oneOf(FORMATS, 'MPS server address format 3(IPV4) , 4(IPV6) or 201(FQDN)')
      .custom(() => (has(given, 'mpsServerAddress') ? undefined : 'Server address is required to update')),
    new Field(given, 'mpsServerAddress').optional().custom(value => addressError(value, given)),
    new Field(given, 'mpsPort').optional().integer(...PORT),
    user(new Field(given, 'username').optional()),
    commonName(given).custom(() =>
      has(given, 'serverAddressFormat') && has(given, 'mpsServerAddress')
        ? undefined
        : 'serverAddressFormat and mpsServerAddress is required',
    ),
    new Field(given, 'authMethod')
      .optional()
      .oneOf([1, 2], 'Authentication method accepts either 1 - Mutual Auth or 2 -username/password)'),
    new Field(given, 'regeneratePassword').optional().boolean('Invalid value'),
    password(given),
  ])
}

const PORT = [{ min: 1024, max: 49151 }, 'MPS Port value should range between 1024 and 49151'] as const

function named(given: Given): Field {
  return new Field(given, 'configName')
    .required('CIRA profile name is required')
    .matches(NAME, 'CIRA profile name accepts letters, numbers, underscore and hyphen only')
}

function user(field: Field): Field {
  return field
    .matches(/^[a-zA-Z0-9]+$/, 'MPS user name should be alphanumeric')
    .length({ min: 5, max: 16 }, 'MPS user name length should be in between 5 to 16')
}

function commonName(given: Given): Field {
  return new Field(given, 'commonName')
    .when(asked(given) !== 201)
    .optional()
    .custom(value =>
      // The reference takes IPv4 only; a device that dials an IPv6 address is shown that address.
      formatOf(text(value)) === 3 || (asked(given) === 4 && formatOf(text(value)) === 4)
        ? undefined
        : 'Cert. Hostname(CN) should be an IP address.',
    )
}

/** Absent is well: every device gets its own. The firmware takes no longer ones. */
function password(given: Given): Field {
  return new Field(given, 'password', { secret: true })
    .optional()
    .length({ max: 63 }, 'Password should not exceed 63 characters in length')
}

/** The format that the request names. */
function asked(given: Given): number {
  return Number(text(given.serverAddressFormat))
}

function addressError(value: unknown, given: Given): string | undefined {
  if (!has(given, 'serverAddressFormat')) return 'serverAddressFormat is required'
  if (value === undefined || value === null) return undefined
  const format = asked(given)
  const found = formatOf(text(value))
  if (format === 3 && found !== 3) return 'serverAddressFormat 3 requires IPV4 server address'
  if (format === 3 && !has(given, 'commonName')) return 'commonName is required when serverAddressFormat is 3'
  if (format === 4 && found !== 4) return 'serverAddressFormat 4 requires IPV6 server address'
  if (format === 201 && found !== 201 && found !== 3) return 'serverAddressFormat 201 requires FQDN server address'
  return undefined
}

function recordOf(given: Given, old: CiraConfig | undefined): CiraConfig {
  const own = (name: keyof CiraConfig): string => (has(given, name) ? text(given[name]) : text(old?.[name]))
  return {
    configName: old?.configName ?? text(given.configName),
    mpsServerAddress: own('mpsServerAddress'),
    mpsPort: Number(own('mpsPort')),
    username: own('username'),
    commonName: own('commonName'),
    serverAddressFormat: Number(own('serverAddressFormat')) as AddressFormat, // one of FORMATS, checked
    authMethod: Number(own('authMethod')) as 1 | 2, // checked
    mpsRootCertificate: own('mpsRootCertificate'),
    proxyDetails: own('proxyDetails'),
  }
}

/** Asking for a new password ends the shared one: from then on each device gets its own. */
function secretsOf(given: Given) {
  const password = text(given.password)
  if (password !== '') return [{ kind: 'cira-password', value: Secret.of(password) }]
  return flag(given.regeneratePassword) === true ? [{ kind: 'cira-password', value: undefined }] : []
}
