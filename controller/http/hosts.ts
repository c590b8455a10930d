// SPDX-License-Identifier: Apache-2.0
/** The host resource: the kernel's record in EIM's words, its presence, and what the loaded modules add. */
import { type Static, Type } from 'typebox'
import { reportsOf } from '../kernel/documents.ts'
import { deriveStatus } from '../kernel/host-status.ts'
import type { Host, Statement } from '../kernel/hosts.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { PastHost } from '../kernel/past.ts'
import { isServed } from '../kernel/patching.ts'
import { type Presence, presenceOf } from '../kernel/presence.ts'
import { Capability, HostIdText, Metadata, PresenceResource, Time } from './schemas.ts'

const HOST_STATES = {
  registered: 'HOST_STATE_REGISTERED',
  onboarded: 'HOST_STATE_ONBOARDED',
  untrusted: 'HOST_STATE_UNTRUSTED',
  deleted: 'HOST_STATE_DELETED',
} as const
const HostState = Type.Enum(Object.values(HOST_STATES))
const Indicator = Type.Enum([
  'STATUS_INDICATION_IDLE',
  'STATUS_INDICATION_ERROR',
  'STATUS_INDICATION_IN_PROGRESS',
  'STATUS_INDICATION_UNSPECIFIED',
])
const Seconds = Type.Integer({ description: 'Unix seconds' })

/** Members every host has, whichever modules are loaded. */
export const hostProperties = {
  resourceId: HostIdText,
  name: Type.String(),
  hostname: Type.Optional(Type.String()),
  serialNumber: Type.Optional(Type.String()),
  uuid: Type.Optional(Type.String()),
  desiredState: HostState,
  currentState: HostState,
  hostStatus: Type.String({ description: 'Empty while the host has never been connected' }),
  hostStatusIndicator: Indicator,
  hostStatusTimestamp: Seconds,
  onboardingStatus: Type.String(),
  onboardingStatusIndicator: Indicator,
  onboardingStatusTimestamp: Seconds,
  registrationStatus: Type.String(),
  registrationStatusIndicator: Indicator,
  registrationStatusTimestamp: Seconds,
  userLvmSize: Type.Optional(Type.Integer({ description: 'GB' })),
  metadata: Metadata,
  note: Type.Optional(Type.String()),
  timestamps: Type.Object({ createdAt: Time, updatedAt: Time }),
  simulated: Type.Boolean(),
  presence: Type.Optional(PresenceResource),
  capabilities: Type.Array(Capability),
  denies: Type.Array(Type.String()),
  certificate: Type.Optional(
    Type.Object(
      { expiresAt: Time, state: Type.String() },
      { description: 'The newest that its machine was given; told where one host is read' },
    ),
  ),
} as const

export const HostResource = Type.Object(hostProperties, {
  additionalProperties: true,
  description: 'EIM host resource; loaded modules add members',
})
export type HostResource = Static<typeof HostResource>

/**
 * Renders hosts of one project with everything that is known of them, in a fixed number of queries. Where only some
 * members are asked for, what gives none of them is not asked.
 */
export async function hostResources(
  kernel: Kernel,
  project: string,
  hosts: readonly Host[],
  members?: ReadonlySet<string>,
): Promise<HostResource[]> {
  const ids = hosts.map(host => host.id)
  const presences = await presenceOf(kernel.store, project, ids)
  const facets = kernel.facets.filter(({ properties }) => members === undefined || anyOf(properties, members))
  const reports = facets.length === 0 ? new Map() : await reportsOf(kernel.store, project, ids)
  const read = await Promise.all(facets.map(facet => facet.read?.(project, ids, members)))
  return hosts.map(host => {
    const computed = facets.map(facet => facet.of(host, reports.get(host.id) ?? new Map()))
    const members = Object.assign({}, ...computed, ...read.map(each => each?.get(host.id)))
    return {
      ...wishes(kernel, host),
      ...members,
      ...baseResource(host, livePresence(kernel, host, presences.get(host.id))),
    }
  })
}

function anyOf(properties: object, members: ReadonlySet<string>): boolean {
  return Object.keys(properties).some(name => members.has(name))
}

/** A host as it was known at a time: what modules keep in tables of their own has no past, so it is left out. */
export function pastResource(kernel: Kernel, { host, presence, reports }: PastHost): HostResource {
  const computed = kernel.facets.map(facet => facet.of(host, reports))
  const place = host.site === undefined ? {} : { siteId: host.site }
  return { ...Object.assign({}, ...computed), ...place, ...baseResource(host, presence) }
}

/** One host of those above. */
export async function hostResource(kernel: Kernel, host: Host): Promise<HostResource> {
  const [resource] = await hostResources(kernel, host.project, [host])
  if (resource === undefined) throw new TypeError('one host gives one resource')
  return resource
}

/** Whoever registers a host with vPro wants it on; that is said, and nothing is done about it. */
function wishes(kernel: Kernel, { vpro }: Host): object {
  return vpro && isServed(kernel, 'desiredPowerState') ? { desiredPowerState: 'POWER_STATE_ON' } : {}
}

function baseResource(host: Host, presence: Presence | undefined): HostResource {
  const { capabilities = [], denies = [], ...shown } = presence ?? {}
  return {
    resourceId: host.id,
    name: host.name,
    ...(host.hostname === undefined ? {} : { hostname: host.hostname }),
    ...(host.serial === undefined ? {} : { serialNumber: host.serial }),
    ...(host.uuid === undefined ? {} : { uuid: host.uuid }),
    desiredState: HOST_STATES[host.desired],
    currentState: HOST_STATES[host.state],
    ...statuses(host, presence),
    ...(host.userLvmSize === undefined ? {} : { userLvmSize: host.userLvmSize }),
    metadata: host.labels.map(({ key, value }) => ({ key, value })),
    ...(host.note === '' ? {} : { note: host.note }),
    timestamps: { createdAt: host.createdAt, updatedAt: host.updatedAt },
    simulated: host.simulated,
    ...(presence === undefined ? {} : { presence: shown as HostResource['presence'] & object }), // the rest of a Presence
    capabilities: [...capabilities],
    denies: [...denies],
  }
}

function livePresence(
  kernel: Kernel,
  host: Host,
  stored: Presence | undefined,
): (Presence & { clockSkewMs?: number }) | undefined {
  const live = kernel.sessions.live(host.id)
  if (stored === undefined || live?.supports === undefined) return stored
  return {
    ...stored,
    lastSeen: new Date(Math.max(live.lastSeen, Date.parse(stored.lastSeen))).toISOString(),
    ...(live.clockSkewMs === undefined ? {} : { clockSkewMs: live.clockSkewMs }),
  }
}

type Triplet = Omit<Statement, 'says'> & { readonly text: string }

function statuses(host: Host, presence: Presence | undefined) {
  const { state, desired, waitingOn, createdAt, updatedAt: changedAt, onboarding, registration } = host
  const now = deriveStatus({ state, desired, waitingOn, createdAt, changedAt, presence })
  const onHost = said(now)
  const onOnboarding = said({ ...onboarding, text: onboarding.says })
  const onRegistration = said({ ...registration, text: registration.says })
  return {
    hostStatus: onHost.text,
    hostStatusIndicator: onHost.indicator,
    hostStatusTimestamp: onHost.seconds,
    onboardingStatus: onOnboarding.text,
    onboardingStatusIndicator: onOnboarding.indicator,
    onboardingStatusTimestamp: onOnboarding.seconds,
    registrationStatus: onRegistration.text,
    registrationStatusIndicator: onRegistration.indicator,
    registrationStatusTimestamp: onRegistration.seconds,
  }
}

function said({ text, indicator, at }: Triplet) {
  return { text, indicator: `STATUS_INDICATION_${indicator}`, seconds: Math.floor(Date.parse(at) / 1_000) } as const
}
