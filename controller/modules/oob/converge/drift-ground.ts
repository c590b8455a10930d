// SPDX-License-Identifier: Apache-2.0
/** What a device was activated with, made ready to be compared with it over whatever way leads to it. */

import type { AmtObserved } from '../../../../plugins/amt/contract.ts'
import { findReported } from '../../../kernel/documents.ts'
import type { Db } from '../../../store/store.ts'
import { type DeviceCertificates, type Ground, TIMING, type Timing } from '../activation/ground.ts'
import { marksOf } from '../activation/ledger.ts'
import { createObserver } from '../activation/observe.ts'
import type { IpConfiguration } from '../activation/protocol.ts'
import type { ActivationTables } from '../activation/tables.ts'
import { type Wanted, wantedFrom } from '../activation/wanted.ts'
import type { Device, Devices } from '../devices/devices.ts'
import type { LiveRedirections, OobParts, Reaches, Tunnels } from '../ports.ts'
import type { ResolvedProfile } from '../records/records.ts'
import type { resolveProfile } from '../records/resolve.ts'
import { flagOf, textOf, type Wsman } from '../wsman/wsman.ts'

export type DriftParts = OobParts & {
  readonly devices: Devices
  readonly reaches: Reaches
  readonly tunnels: () => Tunnels
  readonly redirections: LiveRedirections
  readonly certificates: DeviceCertificates
  readonly resolveProfile: typeof resolveProfile
  readonly timing?: Partial<Timing>
}

export type Activated = { readonly profile: string; readonly at: string }

/** With which profile a device was activated last, when it was not deactivated since. */
export async function activatedWith(db: Db, project: string, guid: string): Promise<Activated | undefined> {
  const last = await db
    .of<ActivationTables>(project)
    .select('oob_activations')
    .select(['verb', 'profile', 'finished_at', 'started_at'])
    .where('guid', '=', guid)
    .where('outcome', '=', 'succeeded')
    .where('verb', '!=', 'maintenance')
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (last === undefined || last.verb !== 'activate' || last.profile === null) return undefined
  return { profile: last.profile, at: last.finished_at ?? last.started_at }
}

/** Whether an activation works on the device at this moment. */
export async function isActivating(db: Db, project: string, guid: string): Promise<boolean> {
  const row = await db
    .of<ActivationTables>(project)
    .select('oob_activations')
    .select('id')
    .where('guid', '=', guid)
    .where('outcome', '=', 'running')
    .executeTakeFirst()
  return row !== undefined
}

export function groundFor(parts: DriftParts, device: Device, signal: AbortSignal): Ground {
  const { kernel, secrets, devices, reaches, certificates, log, timing } = parts
  const { project, guid } = device
  return {
    project,
    guid,
    wsman: () => throughReaches(reaches, project, guid),
    signal,
    store: kernel.store,
    secrets,
    devices,
    clock: kernel.clock,
    random: kernel.random,
    log,
    certificates,
    marks: marksOf(kernel, project, guid),
    forget: each => reaches.forget(each),
    onStep: async (step, why) => log.info('a device is brought back to its profile', { guid, step, why }),
    pause: async ms => {
      if (ms > 0) await kernel.clock.sleep(ms, signal)
    },
    // What is enforced over the network shows in its TLS settings.
    tlsEnforced: false,
    timing: { ...TIMING, ...timing },
  }
}

/** Asks for the way with each call: it may be another one after a password changed or a tunnel came anew. */
function throughReaches(reaches: Reaches, project: string, guid: string): Wsman {
  const now = async (): Promise<Wsman> => (await reaches.reach(project, guid)).wsman
  return {
    get: async (...call) => (await now()).get(...call),
    list: async (...call) => (await now()).list(...call),
    put: async (...call) => (await now()).put(...call),
    create: async (...call) => (await now()).create(...call),
    remove: async (...call) => (await now()).remove(...call),
    invoke: async (...call) => (await now()).invoke(...call),
  }
}

/** As the activation did it, from the profile as it is now and from what is known of the device's network. */
export async function wantedOf(
  { kernel }: DriftParts,
  {
    device,
    ground,
    resolved,
  }: { readonly device: Device; readonly ground: Ground; readonly resolved: ResolvedProfile },
): Promise<Wanted> {
  const { profile } = resolved
  const isStatic = !profile.dhcpEnabled && !profile.ipSyncEnabled
  const suffixes = [device.dnsSuffix, ...(await suffixesOf(kernel.store, device))].filter(each => each !== undefined)
  return wantedFrom(resolved, { ip: isStatic ? await addressOf(ground) : undefined, suffixes })
}

async function suffixesOf(db: Db, { project, host }: Device): Promise<readonly (string | undefined)[]> {
  if (host === undefined) return []
  const report = await findReported(db, project, { host, section: 'amt' })
  const observed = (report?.observed ?? undefined) as unknown as AmtObserved | undefined // checked when it was taken in
  return [observed?.firmware?.dnsSuffix, observed?.firmware?.dnsSuffixOs]
}

/** A static address is the host's own business; the one the device has is taken for the right one. */
async function addressOf(ground: Ground): Promise<IpConfiguration | undefined> {
  const { wired } = await createObserver(ground).read('ports')
  if (wired === undefined) return undefined
  return {
    dhcp: flagOf(wired.DHCPEnabled),
    static: !flagOf(wired.DHCPEnabled),
    ipsync: flagOf(wired.IpSyncEnabled),
    ipAddress: textOf(wired.IPAddress),
    netmask: textOf(wired.SubnetMask),
    gateway: textOf(wired.DefaultGateway),
    primaryDns: textOf(wired.PrimaryDNS),
    secondaryDns: textOf(wired.SecondaryDNS),
  }
}
