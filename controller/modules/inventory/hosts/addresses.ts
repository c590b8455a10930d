// SPDX-License-Identifier: Apache-2.0
/** Keeps the index of addresses and says when two hosts of a site share one, and when they no longer do. */

import { Type } from 'typebox'
import type { HardwareObserved } from '../../../../plugins/hardware/contract.ts'
import type { EventKind } from '../../../kernel/event-types.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { KernelTables } from '../../../kernel/tables/tables.ts'
import type { Db, Tx } from '../../../store/store.ts'
import { clashOf, ownAddresses } from './address-rules.ts'
import type { AddressTables } from './tables.ts'

const data = Type.Object({ address: Type.String(), with: Type.String({ description: 'The other host' }) })

export const addressEvents: readonly EventKind[] = [
  {
    type: 'address.duplicated',
    title: 'A host has an address that another host of its site has too',
    subject: 'host',
    data,
  },
  { type: 'address.unique', title: 'A host is the only one of its site with an address again', subject: 'host', data },
]

export type OfHost = { readonly project: string; readonly host: string }

/** Takes in what a host reports; nothing is written when its addresses are those it had. */
export async function keepAddresses(
  kernel: Kernel,
  tx: Tx,
  { project, host, observed }: OfHost & { readonly observed: HardwareObserved },
): Promise<void> {
  const present = ownAddresses(observed.nics)
  const known = await addressesOf(tx, { project, host })
  const gone = known.filter(address => !present.includes(address))
  const fresh = present.filter(address => !known.includes(address))
  if (gone.length + fresh.length === 0) return
  const rows = tx.of<AddressTables>(project)
  for (const address of fresh) await rows.insert('inventory_addresses', { host, address, clash: null }).execute()
  if (gone.length > 0)
    await rows.remove('inventory_addresses').where('host', '=', host).where('address', 'in', gone).execute()
  await settleClashes(kernel, tx, {
    project,
    addresses: [...gone, ...fresh],
    sites: [await siteOf(tx, { project, host })],
  })
}

/** After a host was moved from one site to another. */
export async function moveAddresses(
  kernel: Kernel,
  tx: Tx,
  { project, host, sites }: OfHost & { readonly sites: readonly (string | null)[] },
): Promise<void> {
  await settleClashes(kernel, tx, { project, addresses: await addressesOf(tx, { project, host }), sites, moved: host })
}

/** After a host was deleted. */
export async function dropAddresses(kernel: Kernel, tx: Tx, { project, host }: OfHost): Promise<void> {
  const addresses = await addressesOf(tx, { project, host })
  if (addresses.length === 0) return
  await tx.of<AddressTables>(project).remove('inventory_addresses').where('host', '=', host).execute()
  const clashing = await tx
    .of<AddressTables>(project)
    .select('inventory_addresses')
    .select('host')
    .where('address', 'in', [...addresses])
    .where('clash', '=', host)
    .execute()
  const sites = await Promise.all(clashing.map(each => siteOf(tx, { project, host: each.host })))
  await settleClashes(kernel, tx, { project, addresses, sites: [...new Set(sites)] })
}

async function addressesOf(db: Db, { project, host }: OfHost): Promise<readonly string[]> {
  const rows = await db
    .of<AddressTables>(project)
    .select('inventory_addresses')
    .select('address')
    .where('host', '=', host)
    .execute()
  return rows.map(row => row.address)
}

async function siteOf(db: Db, { project, host }: OfHost): Promise<string | null> {
  const row = await db
    .of<KernelTables>(project)
    .select('kernel_hosts')
    .select('site')
    .where('id', '=', host)
    .executeTakeFirst()
  return row?.site ?? null
}

type Unsettled = {
  readonly project: string
  readonly addresses: readonly string[]
  readonly sites: readonly (string | null)[]
  /** Looked at wherever it stands now. */
  readonly moved?: string
}

async function settleClashes(kernel: Kernel, tx: Tx, unsettled: Unsettled): Promise<void> {
  const { project } = unsettled
  const rows = await standings(tx, unsettled)
  for (const row of rows) {
    const clash = clashOf(row, rows)
    if (clash === row.clash) continue
    await tx
      .of<AddressTables>(project)
      .update('inventory_addresses', { clash })
      .where('host', '=', row.host)
      .where('address', '=', row.address)
      .execute()
    if ((clash === null) === (row.clash === null)) continue
    await kernel.events.emit(tx, {
      project,
      type: clash === null ? 'address.unique' : 'address.duplicated',
      subject: row.host,
      data: { address: row.address, with: clash ?? row.clash },
    })
  }
}

/** Only at the sites in question: private addresses are the same at many others. */
async function standings(tx: Tx, { project, addresses, sites, moved = '' }: Unsettled) {
  const at = sites.filter(site => site !== null)
  if (addresses.length === 0) return []
  return tx
    .installation<AddressTables & KernelTables>()
    .selectFrom('inventory_addresses as a')
    .innerJoin('kernel_hosts as h', join => join.onRef('h.project', '=', 'a.project').onRef('h.id', '=', 'a.host'))
    .select(['a.host', 'a.address', 'a.clash', 'h.site'])
    .where('a.project', '=', project)
    .where('a.address', 'in', [...addresses])
    .where('h.state', '!=', 'deleted')
    .where(each => each.or([each('h.site', 'in', at.length === 0 ? [''] : at), each('a.host', '=', moved)]))
    .orderBy('a.host')
    .execute()
}

/** Addresses of hosts that others share, by host: each with one other host that has it. */
export async function clashesOf(
  db: Db,
  project: string,
  hosts: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const byHost = new Map<string, Map<string, string>>()
  if (hosts.length === 0) return byHost
  const rows = await db
    .of<AddressTables>(project)
    .select('inventory_addresses')
    .select(['host', 'address', 'clash'])
    .where('host', 'in', [...hosts])
    .where('clash', 'is not', null)
    .execute()
  for (const { host, address, clash } of rows) {
    const clashes = byHost.get(host) ?? new Map<string, string>()
    byHost.set(host, clashes.set(address, clash ?? ''))
  }
  return byHost
}
