// SPDX-License-Identifier: Apache-2.0
/** Shapes of the records in requests and answers, for the published description; requests are checked by each kind itself. */
import { type TSchema, Type } from 'typebox'
import type { RecordKind } from './records.ts'

const Name = Type.String({ description: 'Unlike any other of the kind, whatever its case' })
const Format = Type.Enum([3, 4, 201], { description: 'IPv4, IPv6, full name' })
const Nullable = Type.Union([Type.String(), Type.Null()])
const Version = Type.String({ description: 'Changes with every change; the entity tag' })
const Tenant = Type.String({ description: 'The project; empty for the first' })
const Prioritised = (member: string) =>
  Type.Array(Type.Object({ priority: Type.Integer({ minimum: 1, maximum: 255 }), [member]: Type.String() }))
const flags = (...names: string[]) => Object.fromEntries(names.map(name => [name, Type.Boolean()]))

type Members = Readonly<Record<string, TSchema>>

const cira: Members = {
  configName: Name,
  mpsServerAddress: Type.String(),
  mpsPort: Type.Integer({ minimum: 1024, maximum: 49_151 }),
  username: Type.String({ minLength: 5, maxLength: 16 }),
  commonName: Type.String(),
  serverAddressFormat: Format,
  authMethod: Type.Enum([1, 2]),
  mpsRootCertificate: Type.String(),
  proxyDetails: Type.String(),
}

const domain: Members = {
  profileName: Name,
  domainSuffix: Type.String(),
  provisioningCertStorageFormat: Type.Enum(['raw', 'string']),
}

const profile: Members = {
  profileName: Name,
  activation: Type.Enum(['ccmactivate', 'acmactivate']),
  ciraConfigName: Nullable,
  ...flags('generateRandomPassword', 'generateRandomMEBxPassword'),
  tags: Type.Array(Type.String()),
  tlsMode: Type.Union([Type.Integer({ minimum: 1, maximum: 4 }), Type.Null()]),
  tlsSigningAuthority: Nullable,
  userConsent: Type.Enum(['None', 'All', 'KVM']),
  ...flags('dhcpEnabled', 'iderEnabled', 'kvmEnabled', 'solEnabled'),
  ...flags('ipSyncEnabled', 'localWifiSyncEnabled', 'uefiWifiSyncEnabled'),
  wifiConfigs: Prioritised('profileName'),
  proxyConfigs: Prioritised('name'),
  ieee8021xProfileName: Nullable,
}

const wireless: Members = {
  profileName: Name,
  authenticationMethod: Type.Integer({ minimum: 4, maximum: 7 }),
  encryptionMethod: Type.Enum([3, 4]),
  ssid: Type.String({ maxLength: 32 }),
  linkPolicy: Type.Array(Type.Integer()),
  ieee8021xProfileName: Nullable,
}

const ieee8021x: Members = {
  profileName: Name,
  authenticationProtocol: Type.Enum([0, 2, 3, 5, 10]),
  pxeTimeout: Type.Union([Type.Integer({ minimum: 0, maximum: 86_400 }), Type.Null()]),
  wiredInterface: Type.Boolean(),
}

const proxy: Members = {
  name: Name,
  address: Type.String(),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  networkDnsSuffix: Type.String({ maxLength: 192 }),
}

const MEMBERS: Readonly<Record<RecordKind, Members>> = { cira, domain, profile, wireless, ieee8021x, proxy }

/** Members of answers that requests do not have. */
const SHOWN: Partial<Record<RecordKind, Members>> = {
  domain: { expirationDate: Type.String() },
  profile: { ieee8021xProfile: Nullable },
  wireless: { pskValue: Type.Null(), ieee8021xProfile: Nullable },
  proxy: { proxyName: Name, infoFormat: Format },
}

/** Members of requests that no answer has. */
const SECRET: Partial<Record<RecordKind, Members>> = {
  cira: { password: Type.String() },
  domain: { provisioningCert: Type.String(), provisioningCertPassword: Type.String({ maxLength: 64 }) },
  profile: { amtPassword: Type.String(), mebxPassword: Type.String() },
  wireless: { pskPassphrase: Type.String({ minLength: 8, maxLength: 63 }) },
}

/** A record as it is answered. */
export function itemSchema(kind: RecordKind): TSchema {
  return Type.Object({ ...MEMBERS[kind], ...SHOWN[kind], tenantId: Tenant, version: Version })
}

/** A list, with or without the count. */
export function listSchema(kind: RecordKind): TSchema {
  const items = Type.Array(itemSchema(kind))
  return Type.Union([items, Type.Object({ data: items, totalCount: Type.Integer() })])
}

/** What is sent to make a record, or with its version to change one. */
export function givenSchema(kind: RecordKind, changing: boolean): TSchema {
  const members = { ...MEMBERS[kind], ...SECRET[kind] }
  const version = changing ? { version: Version } : {}
  const every = Object.entries<TSchema>({ ...members, ...version })
  return Type.Object(Object.fromEntries(every.map(([name, schema]) => [name, Type.Optional(schema)])))
}

export const ListQuery = Type.Object({
  $top: Type.Optional(Type.Integer({ minimum: 0, default: 25 })),
  $skip: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
  $count: Type.Optional(Type.Boolean({ description: 'Answers `{ data, totalCount }` instead of the list alone' })),
})

/** `{ error, message }`, or the list of what is wrong with members. */
export const Refusal = Type.Object({
  error: Type.Optional(Type.String()),
  message: Type.Optional(Type.String()),
  code: Type.Optional(Type.String()),
  errors: Type.Optional(
    Type.Array(
      Type.Object({
        type: Type.String(),
        msg: Type.String(),
        path: Type.String(),
        location: Type.String(),
        value: Type.Optional(Type.Unknown()),
      }),
    ),
  ),
})
