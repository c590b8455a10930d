// SPDX-License-Identifier: Apache-2.0
/** The host resource: the kernel's record in EIM's words, its presence, and what the loaded modules add. */
import { type Static, Type } from 'typebox'
import { reportsOf } from '../kernel/documents.ts'
import type { Host } from '../kernel/hosts.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { clockSkewMs, type Presence, presenceOf } from '../kernel/presence.ts'
import { Capability, HostIdText, Metadata, PresenceResource, Time } from './schemas.ts'

const HOST_STATES = {
  registered: 'HOST_STATE_REGISTERED',
  onboarded: 'HOST_STATE_ONBOARDED',
  untrusted: 'HOST_STATE_UNTRUSTED',
  deleted: 'HOST_STATE_DELETED',
} as const
const HostState = Type.Enum(Object.values(HOST_STATES))

export const HostResource = Type.Object(
  {
    resourceId: HostIdText,
    name: Type.String(),
    hostname: Type.Optional(Type.String()),
    serialNumber: Type.Optional(Type.String()),
    uuid: Type.Optional(Type.String()),
    desiredState: HostState,
    currentState: HostState,
    hostStatus: Type.String(),
    hostStatusIndicator: Type.Enum([
      'STATUS_INDICATION_IDLE',
      'STATUS_INDICATION_ERROR',
      'STATUS_INDICATION_IN_PROGRESS',
      'STATUS_INDICATION_UNSPECIFIED',
    ]),
    hostStatusTimestamp: Type.Integer({ description: 'Unix seconds' }),
    metadata: Metadata,
    note: Type.String(),
    timestamps: Type.Object({ createdAt: Time, updatedAt: Time }),
    simulated: Type.Boolean(),
    presence: Type.Optional(PresenceResource),
    capabilities: Type.Array(Capability),
    denies: Type.Array(Type.String()),
  },
  { additionalProperties: true, description: 'EIM host resource; loaded modules add members' },
)
export type HostResource = Static<typeof HostResource>

/** Renders hosts of one project with everything that is known of them, in a fixed number of queries. */
export async function hostResources(kernel: Kernel, project: string, hosts: readonly Host[]): Promise<HostResource[]> {
  const ids = hosts.map(host => host.id)
  const presences = await presenceOf(kernel.store, project, ids)
  const reports = kernel.facets.length === 0 ? new Map() : await reportsOf(kernel.store, project, ids)
  const read = await Promise.all(kernel.facets.map(facet => facet.read?.(project, ids)))
  return hosts.map(host => {
    const computed = kernel.facets.map(facet => facet.of(host, reports.get(host.id) ?? new Map()))
    const members = Object.assign({}, ...computed, ...read.map(each => each?.get(host.id)))
    return { ...members, ...baseResource(kernel, host, presences.get(host.id)) }
  })
}

function baseResource(kernel: Kernel, host: Host, stored: Presence | undefined): HostResource {
  const presence = stored === undefined ? undefined : livePresence(kernel, host, stored)
  const { capabilities = [], denies = [], ...shown } = presence ?? {}
  return {
    resourceId: host.id,
    name: host.name,
    ...(host.hostname === undefined ? {} : { hostname: host.hostname }),
    ...(host.serial === undefined ? {} : { serialNumber: host.serial }),
    ...(host.uuid === undefined ? {} : { uuid: host.uuid }),
    desiredState: HOST_STATES[host.state],
    currentState: HOST_STATES[host.state],
    ...hostStatus(host, presence),
    metadata: host.labels.map(({ key, value }) => ({ key, value })),
    note: host.note,
    timestamps: { createdAt: host.createdAt, updatedAt: host.updatedAt },
    simulated: host.simulated,
    ...(presence === undefined ? {} : { presence: shown as HostResource['presence'] & object }), // the rest of a Presence
    capabilities: [...capabilities],
    denies: [...denies],
  }
}

function livePresence(kernel: Kernel, host: Host, stored: Presence): Presence & { clockSkewMs?: number } {
  const live = kernel.sessions.live(host.id)
  if (live?.birth === undefined) return stored
  return {
    ...stored,
    lastSeen: new Date(Math.max(live.lastSeen, Date.parse(stored.lastSeen))).toISOString(),
    clockSkewMs: clockSkewMs(live.birth, Date.parse(stored.since)),
  }
}

type Status = Pick<HostResource, 'hostStatus' | 'hostStatusIndicator' | 'hostStatusTimestamp'>

function hostStatus(host: Host, presence: Presence | undefined): Status {
  const say = (hostStatus: string, word: 'IDLE' | 'ERROR' | 'IN_PROGRESS' | 'UNSPECIFIED', at: string): Status => ({
    hostStatus,
    hostStatusIndicator: `STATUS_INDICATION_${word}`,
    hostStatusTimestamp: Math.floor(Date.parse(at) / 1_000),
  })
  if (host.state === 'untrusted') return say('Invalidated', 'IDLE', host.updatedAt)
  if (presence === undefined) return say('Not connected yet', 'UNSPECIFIED', host.createdAt)
  if (presence.standing === 'quarantined')
    return say(`Quarantined: ${presence.standingWhy ?? 'see the audit'}`, 'ERROR', presence.since)
  if (presence.online) return say('Running', 'IDLE', presence.since)
  if (presence.reason === 'never-connected') return say('Not connected yet', 'IN_PROGRESS', presence.since)
  if (presence.reason === 'rebooting') return say('Rebooting', 'IN_PROGRESS', presence.since)
  if (presence.reason === 'stopped') return say('Agent stopped', 'IDLE', presence.since)
  return say('No connection', 'ERROR', presence.since)
}
