// SPDX-License-Identifier: Apache-2.0
/** Checks of a profile's members, alone and against each other. */
import { Field, flag, type Given, has, text, versionField } from './checks.ts'
import type { CheckContext } from './kind.ts'
import { find, keyOf } from './store.ts'
import { ieee8021xIn } from './wireless.ts'

type Context = CheckContext<'profile'>

const NAME = /^[a-zA-Z0-9$@!%*#?&-_~^]+$/
/** 8–32 characters, one of each sort; the range from `&` to `_` is as in the reference. */
const PASSWORD = /^(?=.*[0-9])(?=.*[!@#$%^&*])(?=.*[a-z])(?=.*[A-Z])[a-zA-Z0-9$@!%*#?&-_~^]{8,32}$/
const MODES = ['ccmactivate', 'acmactivate']
const CONSENTS = ['None', 'All', 'KVM']
const AUTHORITIES = ['SelfSigned', 'MicrosoftCA']
const MAX_WIFI = 8
const MAX_PROXIES = 15

/** The fields in the order in which RPS complains. */
export async function profileFields(given: Given, context: Context): Promise<readonly Field[]> {
  return [
    new Field(given, 'profileName')
      .required('AMT profile name is required')
      .matches(NAME, 'AMT profile name accepts letters, numbers, special characters and no spaces'),
    ...passwordFields(given, context),
    ...connectionFields(given),
    dhcpField(given, context),
    ...booleanFields(given, ['ipSyncEnabled', 'localWifiSyncEnabled', 'uefiWifiSyncEnabled']),
    await wifiField(given, context),
    await proxyField(given, context),
    await ieee8021xField(given, context),
    new Field(given, 'userConsent')
      .optional()
      .oneOf(CONSENTS, `User consent must be one of ${CONSENTS}`)
      .custom(value =>
        given.activation === 'ccmactivate' && value !== 'All'
          ? 'User consent is required for all the actions in client control mode'
          : undefined,
      ),
    new Field(given, 'iderEnabled').optional().boolean('IDER enabled must be a boolean'),
    new Field(given, 'kvmEnabled').optional().boolean('KVM enabled must be a boolean'),
    new Field(given, 'solEnabled').optional().boolean('Serial Over Lan (sol) enabled must be a boolean'),
    versionField(given, context),
  ]
}

function passwordFields(given: Given, { changing, old }: Context): readonly Field[] {
  const acm = given.activation === 'acmactivate'
  const sent = { amt: has(given, 'amtPassword'), mebx: has(given, 'mebxPassword') }
  // What is kept already need not be given again.
  const amt = sent.amt || (changing && old !== undefined && !old.record.generateRandomPassword)
  const mebx =
    sent.mebx || (changing && old?.record.activation === 'acmactivate' && !old.record.generateRandomMEBxPassword)
  const random = flag(given.generateRandomPassword) ?? (changing && !sent.amt && old?.record.generateRandomPassword)
  const randomMebx =
    flag(given.generateRandomMEBxPassword) ?? (changing && !sent.mebx && old?.record.generateRandomMEBxPassword)
  const activation = new Field(given, 'activation')
  if (!changing) activation.required('Activation is required')
  return [
    activation
      .oneOf(
        MODES,
        'Activation accepts either acmactivate (admin control activation) or ccmactivate (client control mode activation)',
      )
      .custom(() => {
        if (!amt && random !== true) return 'Either generateRandomPassword should be enabled or provide amtPassword'
        return acm && !mebx && randomMebx !== true ? 'MEBx Password is required for acmactivate' : undefined
      }),
    new Field(given, 'amtPassword', { secret: true })
      .when(random !== true)
      .optional()
      .matches(PASSWORD, passwordRule('AMT')),
    new Field(given, 'generateRandomPassword').when(has(given, 'generateRandomPassword') || !changing).custom(value => {
      if (value !== undefined && !isFlag(value)) return 'Generate random AMT password must be a boolean true or false'
      if (random === true && sent.amt)
        return 'Either generate Random AMT Password should be enabled or should provide AMT Password but not both'
      return random === true || amt
        ? undefined
        : 'If generate random AMT password is disabled, amtPassword is mandatory'
    }),
    new Field(given, 'mebxPassword', { secret: true }).optional().matches(PASSWORD, passwordRule('MEBx')),
    new Field(given, 'generateRandomMEBxPassword')
      .when(has(given, 'generateRandomMEBxPassword') || !changing)
      .custom(value => {
        if (value !== undefined && !isFlag(value))
          return 'Generate random MEBx password must be a boolean true or false'
        if (!acm) return undefined
        if (randomMebx === true && sent.mebx)
          return 'Either generate MEBx password should be enabled or should provide MEBx password, but not both'
        return randomMebx === true || mebx
          ? undefined
          : 'If generate random MEBx password is disabled, mebxPassword is mandatory'
      }),
  ]
}

function isFlag(value: unknown): boolean {
  return ['true', 'false', '1', '0'].includes(String(value))
}

function passwordRule(which: 'AMT' | 'MEBx'): string {
  return `${which} password is required field should contains at least one lowercase letter, one uppercase letter, one numeric digit,and one special character and password length should be in between 8 to 32.`
}

function connectionFields(given: Given): readonly Field[] {
  return [
    new Field(given, 'tlsMode')
      .optional()
      .integer(
        { min: 1, max: 4 },
        'tlsMode must be set to one of these values: 1 (Server Authentication Only), 2 (Server and Non-TLS Authentication), 3 (Mutual TLS only), 4 (Mutual and Non-TLS authentication)',
      ),
    new Field(given, 'tlsSigningAuthority')
      .optional()
      .oneOf(AUTHORITIES, `TLS Signing Authority must be one of ${AUTHORITIES}`),
    new Field(given, 'ciraConfigName')
      .when(text(given.ciraConfigName) !== '')
      .custom(() => (has(given, 'tlsMode') ? 'CIRA cannot be configured if TLS is enabled' : undefined)),
    new Field(given, 'tags').optional().array(),
  ]
}

function dhcpField(given: Given, { changing }: Context): Field {
  const field = new Field(given, 'dhcpEnabled')
  if (changing) return field.optional().boolean('DHCP enabled must be a boolean')
  return field.required('Invalid value').boolean('DHCP enabled must be a boolean')
}

function booleanFields(given: Given, names: readonly string[]): readonly Field[] {
  return names.map(name => new Field(given, name).optional().boolean(`${name} must be a boolean`))
}

async function wifiField(given: Given, { db, project, changing }: Context): Promise<Field> {
  const dhcp = flag(given.dhcpEnabled)
  return new Field(given, 'wifiConfigs')
    .optional()
    .array()
    .customAsync(async value => {
      const entries = entriesOf(value)
      if (changing && entries.length > 0 && dhcp === undefined) return 'DHCP enabled should be true'
      if (dhcp !== true && entries.length > 0) return 'Wifi supports only DHCP in AMT'
      if (entries.length > MAX_WIFI) return 'A maximum of 8 wifi profiles can be stored at a time.'
      const broken = priorityError(entries, 'wifi') ?? twice(entries, { member: 'profileName', what: 'wifi' })
      if (broken !== undefined) return broken
      const missing = await absent(
        entries.map(each => text(each.profileName)),
        name => find(db, project, { kind: 'wireless', name }),
      )
      return missing.length === 0 ? undefined : `wifi configs ${missing} does not exists in db`
    })
}

async function proxyField(given: Given, { db, project }: Context): Promise<Field> {
  return new Field(given, 'proxyConfigs')
    .optional()
    .array()
    .customAsync(async value => {
      const entries = entriesOf(value)
      if (entries.length > MAX_PROXIES) return 'A maximum of 15 proxy profiles can be stored at a time.'
      const named = entries.map(each => ({ ...each, name: proxyNameIn(each) }))
      const broken = priorityError(named, 'proxy') ?? twice(named, { member: 'name', what: 'proxy' })
      if (broken !== undefined) return broken
      const missing = await absent(
        named.map(each => each.name),
        name => find(db, project, { kind: 'proxy', name }),
      )
      return missing.length === 0 ? undefined : `proxy configs ${missing} does not exists in db`
    })
}

/** Two generations of clients name it differently. */
export function proxyNameIn(entry: Given): string {
  return text(entry.name) || text(entry.profileName) || text(entry.proxyName)
}

async function ieee8021xField(given: Given, { db, project }: Context): Promise<Field> {
  const asked = { ...given, ieee8021xProfileName: ieee8021xIn(given) }
  return new Field(asked, 'ieee8021xProfileName').optional().customAsync(async value => {
    const name = text(value)
    const found = await find(db, project, { kind: 'ieee8021x', name })
    if (found === undefined) return `Ieee8021x profile ${name} does not exist in db`
    return found.record.wiredInterface ? undefined : `Ieee8021x profile ${name} is for wireless interfaces`
  })
}

/** Entries of a list of objects; anything else in it is an entry without members. */
export function entriesOf(value: unknown): readonly Given[] {
  if (!Array.isArray(value)) return []
  return value.map(each => (typeof each === 'object' && each !== null ? (each as Given) : {})) // objects from JSON
}

function priorityError(entries: readonly Given[], what: 'wifi' | 'proxy'): string | undefined {
  const priorities = entries.map(each => each.priority)
  if (!priorities.every(each => Number.isInteger(each) && Number(each) >= 1 && Number(each) <= 255))
    return `${what} config priority should be an integer and between 1 and 255`
  return new Set(priorities).size === priorities.length ? undefined : `${what} config priorities should be unique`
}

function twice(
  entries: readonly Given[],
  { member, what }: { readonly member: string; readonly what: string },
): string | undefined {
  const keys = entries.map(each => keyOf(text(each[member])))
  return new Set(keys).size === keys.length ? undefined : `${what} configs should be named once`
}

async function absent(names: readonly string[], look: (name: string) => Promise<unknown>): Promise<readonly string[]> {
  const missing: string[] = []
  for (const name of names) if ((await look(name)) === undefined) missing.push(name)
  return missing
}
