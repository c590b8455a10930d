// SPDX-License-Identifier: Apache-2.0
/** Bodies of the host routes: which members may be written, which are accepted and ignored, what a mask picks. Pure. */
import { type TSchema, Type } from 'typebox'
import { type Json, problem } from '../../plugins/contract/index.ts'
import type { Facet, HostPatch } from '../kernel/module.ts'
import { hostProperties } from './hosts.ts'
import { Metadata } from './schemas.ts'

export const Name = Type.String({ minLength: 1, maxLength: 50, pattern: '^[a-zA-Z0-9_./: -]+$' })
export const Note = Type.String({ maxLength: 512, pattern: '^[a-zA-Z0-9_./:;=@?!#,<>*()" -]*$' })
export const Uuid = Type.String({
  maxLength: 36,
  pattern: '^$|^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
})
export const SiteId = Type.String({ maxLength: 13, pattern: '^$|^site-[0-9a-f]{8}$' })

const words = (prefix: string, ...values: readonly string[]): TSchema =>
  Type.Enum(['UNSPECIFIED', ...values].map(value => `${prefix}_${value}`))
const session = ['START', 'STOP', 'AWAITING_CONSENT', 'ERROR'] as const

/** Members of EIM's host that modules let be set; checked in this way while the module that serves them is off. */
const UNSERVED: Readonly<Record<string, TSchema>> = {
  siteId: SiteId,
  desiredPowerState: words(
    'POWER_STATE',
    ...['ON', 'OFF', 'SLEEP', 'HIBERNATE', 'RESET', 'POWER_CYCLE', 'RESET_REPEAT'],
  ),
  powerCommandPolicy: words('POWER_COMMAND_POLICY', 'IMMEDIATE', 'ORDERED'),
  desiredAmtState: words('AMT_STATE', 'PROVISIONED', 'UNPROVISIONED', 'DISCONNECTED'),
  amtControlMode: words('AMT_CONTROL_MODE', 'ACM', 'CCM'),
  amtDnsSuffix: Type.String({ maxLength: 1_024 }),
  desiredKvmState: Type.Union([
    words('KVM_STATE', ...session),
    Type.Enum(['KVM_CONSENT_RECEIVED', 'KVM_REDIRECTION_RECEIVED']),
  ]),
  desiredSolState: words('SOL_STATE', ...session, 'CONSENT_RECEIVED', 'REDIRECTION_RECEIVED'),
}

/** What EIM's host has beside; clients send back what they read. */
const READ_ONLY = [
  ...['resourceId', 'desiredState', 'currentState', 'provider', 'serialNumber', 'memoryBytes', 'cpuModel'],
  ...['cpuSockets', 'cpuCores', 'cpuCapabilities', 'cpuArchitecture', 'cpuThreads', 'cpuTopology', 'bmcKind', 'bmcIp'],
  ...['hostname', 'productName', 'biosVersion', 'biosReleaseDate', 'biosVendor', 'currentPowerState', 'powerStatus'],
  ...['powerStatusIndicator', 'powerStatusTimestamp', 'powerOnTime', 'hostStatus', 'hostStatusIndicator'],
  ...['hostStatusTimestamp', 'onboardingStatus', 'onboardingStatusIndicator', 'onboardingStatusTimestamp'],
  ...['registrationStatus', 'registrationStatusIndicator', 'registrationStatusTimestamp', 'hostStorages', 'hostNics'],
  ...['hostUsbs', 'hostGpus', 'instance', 'amtSku', 'currentAmtState', 'amtStatus', 'amtStatusIndicator'],
  ...['amtStatusTimestamp', 'userLvmSize', 'kvmStatus', 'currentKvmState', 'kvmSessionStatus', 'solStatus'],
  ...['currentSolState', 'solSessionStatus', 'inheritedMetadata', 'metadataSources', 'timestamps'],
] as const

const Ignored = Type.Unknown({ description: 'Read-only; accepted and ignored' })
const Embedded = Type.Object(
  { resourceId: Type.Optional(Type.String({ maxLength: 80 })) },
  { additionalProperties: true, description: 'Taken by its resourceId, where siteId is not given' },
)

/** Own members that PUT and PATCH change. */
const OWN = { name: Name, note: Note, metadata: Metadata }

export type BodyParts = { readonly facets: readonly Facet[]; readonly patches: readonly HostPatch[] }

/** The schema of a host in a body; `whole`: it must have a name. */
export function hostBody({ facets, patches }: BodyParts, whole: boolean) {
  const ignored = [
    ...READ_ONLY,
    ...Object.keys(hostProperties),
    ...facets.flatMap(each => Object.keys(each.properties)),
  ]
  const served: HostPatch['properties'] = Object.assign({}, UNSERVED, ...patches.map(patch => patch.properties))
  const optional = (schemas: Readonly<Record<string, TSchema>>) =>
    Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, Type.Optional(schema)]))
  return Type.Object(
    {
      ...Object.fromEntries(ignored.map(name => [name, Type.Optional(Ignored)])),
      ...optional(served),
      site: Type.Optional(Embedded),
      uuid: Type.Optional(Uuid),
      note: Type.Optional(OWN.note),
      metadata: Type.Optional(OWN.metadata),
      name: whole ? OWN.name : Type.Optional(Type.Union([OWN.name, Type.Literal('')])),
    },
    { additionalProperties: false },
  )
}

/** What a request wants of a host; absent members stay as they are. */
export type Wish = {
  readonly name?: string
  readonly note?: string
  readonly metadata?: readonly { readonly key: string; readonly value: string }[]
  readonly uuid?: string
  /** For the modules: `siteId` and what they serve. */
  readonly fields: Readonly<Record<string, Json>>
}

type Body = Readonly<Record<string, Json>>

/** Reads a checked body; `given` are members that a mask picked, absent ones among them are cleared. */
export function wishOf(body: Body, patches: readonly HostPatch[], given: readonly string[] = Object.keys(body)): Wish {
  const served = new Set([...Object.keys(UNSERVED), ...patches.flatMap(each => Object.keys(each.properties))])
  const members = { ...body, ...siteOf(body) }
  const picked = [...new Set(given.map(name => (name === 'site' ? 'siteId' : name)))]
  const { name, note, metadata, uuid } = Object.fromEntries(
    picked.map(member => [member, members[member] ?? EMPTY[member]]),
  ) as Partial<Wish> // checked by the schema of the body
  if (picked.includes('name') && (name === undefined || name === ''))
    throw problem('invalid', '/body/name must not be empty', {
      findings: [{ pointer: '/body/name', message: 'must not be empty' }],
    })
  return {
    ...(name === undefined ? {} : { name }),
    ...(note === undefined ? {} : { note }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(uuid === undefined || uuid === '' ? {} : { uuid }),
    fields: Object.fromEntries(
      picked.flatMap(member => {
        const value = members[member] ?? EMPTY[member]
        return served.has(member) && value !== undefined ? [[member, value]] : []
      }),
    ),
  }
}

/** What members become that a mask names and the body lacks. Orders without a word are no orders. */
const EMPTY: Readonly<Record<string, Json>> = { note: '', metadata: [], siteId: '' }

function siteOf({ siteId, site }: Body): Body {
  if (siteId !== undefined || typeof site !== 'object' || site === null || Array.isArray(site)) return {}
  const { resourceId } = site as Body // an object, as was just seen
  return typeof resourceId === 'string' ? { siteId: resourceId } : {}
}

/** PUT: what is writable and absent is reset, but for orders, which only a new order changes. */
export function wholeWish(body: Body, patches: readonly HostPatch[]): Wish {
  return wishOf(body, patches, [...Object.keys(body), 'metadata', 'siteId'])
}

/**
 * Members that a `fieldMask` names, in camel or snake case; members of members stand for the whole. Read-only ones are
 * passed over. Throws `invalid` for names that hosts do not have.
 */
export function maskedMembers(mask: string, known: ReadonlySet<string>): readonly string[] {
  return mask.split(',').flatMap(text => {
    const [first = ''] = text.trim().split('.')
    if (first === '') return []
    const name = first.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    if (known.has(name)) return [name]
    const message = `fieldMask names ${first.slice(0, 60)}, which hosts do not have`
    throw problem('invalid', message, { findings: [{ pointer: '/querystring/fieldMask', message }] })
  })
}

/** Throws `invalid` when a key stands there twice. */
export function refuseTwins(metadata: readonly { readonly key: string }[]): void {
  const keys = metadata.map(item => item.key)
  const at = keys.findIndex((key, index) => keys.indexOf(key) !== index)
  if (at < 0) return
  const message = `the label ${keys[at]} stands there twice`
  throw problem('invalid', message, { findings: [{ pointer: `/body/metadata/${at}/key`, message }] })
}
