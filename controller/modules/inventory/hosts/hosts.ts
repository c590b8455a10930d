// SPDX-License-Identifier: Apache-2.0
/** What inventory adds to hosts: site, instance and inherited labels; moving them; what holds them; shared addresses. */
import { Type } from 'typebox'
import { findings, type Json } from '../../../../plugins/contract/index.ts'
import { HardwareObserved, hardware } from '../../../../plugins/hardware/contract.ts'
import { SiteId } from '../../../http/host-bodies.ts'
import { reportsOf } from '../../../kernel/documents.ts'
import type { EventHook } from '../../../kernel/events.ts'
import { changeHost } from '../../../kernel/hosts.ts'
import type { ReportHook } from '../../../kernel/ingest.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Facet, HostPatch, Live } from '../../../kernel/module.ts'
import { SYSTEM } from '../../../kernel/permissions.ts'
import type { Db } from '../../../store/store.ts'
import type { Engine } from '../engine/engine.ts'
import { siteFields } from '../engine/host-kind.ts'
import { problem } from '../engine/problems.ts'
import { facetProperties, inventoryFacet, nicsOf } from '../facet.ts'
import { indexFields } from '../facet-fields.ts'
import { distrustInstanceOf, instanceFields, instanceIdOf, instancesOf } from '../instances/of-host.ts'
import { dropSchedulesOf } from '../schedules/kinds.ts'
import type { InventoryTables } from '../tables.ts'
import { clashesOf, dropAddresses, keepAddresses, moveAddresses } from './addresses.ts'
import { placeMembers } from './places.ts'

type HostParts = { readonly kernel: Kernel; readonly engine: Engine }
type Members = Readonly<Record<string, Json>>

const Embedded = Type.Object({}, { additionalProperties: true })
const Labels = Type.Array(Type.Object({ key: Type.String(), value: Type.String() }))

const properties = {
  ...facetProperties,
  siteId: Type.String({ description: 'Empty without a site' }),
  site: Embedded,
  provider: Embedded,
  instance: Embedded,
  inheritedMetadata: Labels,
  metadataSources: Type.Array(
    Type.Object({
      key: Type.String(),
      value: Type.String(),
      source: Type.String({ description: 'Id of the host, site or region that gives it' }),
    }),
  ),
}

export function hostFacet(parts: HostParts): Facet {
  return {
    properties,
    of: inventoryFacet,
    read: (project, hosts, asked) => readMembers(parts, { project, hosts, asked }),
    get fields() {
      const find = (name: string) => parts.engine.kind(name)
      return { ...indexFields, ...siteFields(find), ...instanceFields(find) }
    },
  }
}

type Asking = {
  readonly project: string
  readonly hosts: readonly string[]
  /** All when left out. */
  readonly asked: ReadonlySet<string> | undefined
}

const PLACES = ['siteId', 'site', 'provider', 'inheritedMetadata', 'metadataSources']

async function readMembers(
  { kernel, engine }: HostParts,
  { project, hosts, asked }: Asking,
): Promise<ReadonlyMap<string, Members>> {
  const { store } = kernel
  const wants = (...names: readonly string[]): boolean => asked === undefined || names.some(name => asked.has(name))
  const places = wants(...PLACES) ? await placeMembers(engine, store, { project, hosts }) : new Map()
  const instances = wants('instance') ? await instancesOf(engine, store, { project, hosts }) : new Map()
  const nics = wants('hostNics') ? await flaggedNics(store, project, hosts) : new Map()
  return new Map(
    hosts.map(host => {
      const instance = instances.get(host)
      const hostNics = nics.get(host)
      return [
        host,
        {
          ...places.get(host),
          ...(instance === undefined ? {} : { instance }),
          ...(hostNics === undefined ? {} : { hostNics }),
        },
      ]
    }),
  )
}

/** Network interfaces of those hosts only that share an address. */
async function flaggedNics(db: Db, project: string, hosts: readonly string[]): Promise<ReadonlyMap<string, Json>> {
  const clashes = await clashesOf(db, project, hosts)
  const reports = await reportsOf(db, project, [...clashes.keys()])
  return new Map(
    [...clashes].flatMap(([host, shared]) => {
      const observed = reports.get(host)?.get(hardware.name)?.observed
      return observed === undefined || observed === null ? [] : [[host, nicsOf(observed, shared)]]
    }),
  )
}

/** The site of a host; empty takes it from the one it stands at. */
export function hostPatch({ kernel, engine }: HostParts): HostPatch {
  const check = async (db: Db, project: string, { siteId }: Members): Promise<void> => {
    if (typeof siteId !== 'string' || siteId === '') return
    if ((await engine.find(db, { project, kind: 'site', id: siteId })) !== undefined) return
    throw problem('reference-unknown', `siteId: there is no ${siteId}`, { pointer: '/body/siteId' })
  }
  return {
    properties: { siteId: SiteId },
    check,
    apply: async (tx, host, fields) => {
      const { siteId } = fields
      if (typeof siteId !== 'string' || siteId === (host.site ?? '')) return
      await check(tx, host.project, fields)
      const site = siteId === '' ? null : siteId
      await changeHost(tx, host, { site, clock: kernel.clock })
      const sites = [host.site ?? null, site]
      await moveAddresses(kernel, tx, { project: host.project, host: host.id, sites })
    },
  }
}

/** A host cannot go before its instance has. */
export const holdsHost: NonNullable<Live<Record<never, never>>['holdsHost']> = async (db, { project, id }) => {
  const instance = await instanceIdOf(db, project, id)
  return instance === undefined ? undefined : `waiting on ${instance} deletion`
}

export function onHardware(kernel: Kernel): ReportHook {
  return async (tx, { project, host, section, message }) => {
    if (section !== hardware.name || findings(HardwareObserved, message.observed).length > 0) return
    const observed = message.observed as HardwareObserved // checked just now
    await keepAddresses(kernel, tx, { project, host, observed })
  }
}

/** What is about a host goes when it goes; what runs on a host that is not trusted is not trusted either. */
export function onHostEvent({ kernel, engine }: HostParts): EventHook {
  return async (tx, { project, type, subject: host }) => {
    if (type === 'host.deleted') {
      await dropAddresses(kernel, tx, { project, host })
      await tx.of<InventoryTables>(project).remove('inventory_hosts').where('host', '=', host).execute()
      // Only a host that was not waited for has one still.
      const instance = await instanceIdOf(tx, project, host)
      if (instance !== undefined) await engine.remove(tx, { project, by: SYSTEM }, { kind: 'instance', id: instance })
      await dropSchedulesOf(engine, tx, { act: { project, by: SYSTEM }, host })
    }
    if (type === 'host.revoked') await distrustInstanceOf(engine, tx, { act: { project, by: SYSTEM }, host })
  }
}
