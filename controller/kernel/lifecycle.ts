// SPDX-License-Identifier: Apache-2.0
/** Turns in a host's life: registered, let in, revoked, released from quarantine, deleted. */
import { formatTime } from '../../plugins/contract/index.ts'
import type { Db, Tx } from '../store/store.ts'
import { projectChain } from './audit.ts'
import { revokeAll } from './certificates.ts'
import { dropCommands } from './commands.ts'
import { removeDocuments } from './documents.ts'
import {
  addHost,
  changeHost,
  findHost,
  findKeyed,
  getHost,
  type Host,
  type HostKeys,
  type Label,
  leavingHosts,
  STATEMENTS,
} from './hosts.ts'
import type { Kernel } from './kernel.ts'
import { type Principal, SYSTEM } from './permissions.ts'
import { removePresence } from './presence.ts'
import { problem } from './problems.ts'

export type Act = {
  readonly project: string
  readonly id: string
  readonly by: Principal
  readonly request?: string
  readonly reason?: string
}

export type Registration = {
  readonly project: string
  /** `''`: its id. */
  readonly name: string
  readonly uuid: string | undefined
  readonly serial: string | undefined
  readonly labels: readonly Label[]
  /** Whether the machine is let in as soon as it comes, or waits until somebody says so. */
  readonly autoOnboard: boolean
  readonly userLvmSize?: number | undefined
  readonly vpro?: boolean | undefined
  readonly by: Principal
  readonly request?: string
  /** Gives it what else it is to have, before anybody is told of it. */
  readonly complete?: (host: Host) => Promise<void>
}

/**
 * Makes the host that a machine is to become. Throws `host-exists` (fields: key, host) when another host of the project
 * has one of its keys. Knowing the keys lets nobody in.
 */
export async function registerHost(kernel: Kernel, tx: Tx, wish: Registration): Promise<Host> {
  const { project, name, uuid, serial, labels, autoOnboard, by } = wish
  await refuseTwin(tx, project, { uuid, serial })
  const host = await addHost(tx, project, {
    ...kernel,
    name,
    labels,
    facts: { ...(uuid === undefined ? {} : { uuid: uuid.toLowerCase() }), ...(serial === undefined ? {} : { serial }) },
    state: 'registered',
    ...(autoOnboard ? { desired: 'onboarded' as const } : {}),
    userLvmSize: wish.userLvmSize,
    vpro: wish.vpro,
  })
  await wish.complete?.(host)
  const data = { by: by.name, name: host.name }
  await kernel.events.emit(tx, { project, type: 'host.registered', subject: host.id, data })
  const act = { project, id: host.id, by, ...(wish.request === undefined ? {} : { request: wish.request }) }
  await record(kernel, tx, act, 'host.register')
  return host
}

/** Throws `host-exists` when a living host of the project has one of the keys. */
export async function refuseTwin(tx: Tx, project: string, keys: HostKeys): Promise<void> {
  const wanted = { uuid: keys.uuid?.toLowerCase(), serial: keys.serial?.toLowerCase() }
  for (const twin of await findKeyed(tx, project, keys)) {
    const key = wanted.uuid !== undefined && twin.uuid === wanted.uuid ? 'uuid' : 'serialNumber'
    const value = key === 'uuid' ? keys.uuid : keys.serial
    const spoken = key === 'uuid' ? 'UUID' : 'serial number'
    throw problem('host-exists', `the ${spoken} ${value} is that of ${twin.id} (${twin.name})`, { key, host: twin.id })
  }
}

/** Lets the machine of a registered host in: at once if it waits, else when it comes. Idempotent. */
export async function approveHost(kernel: Kernel, tx: Tx, act: Act): Promise<void> {
  const host = await getHost(tx, act.project, act.id)
  refuseLeaving(host)
  if (host.state === 'untrusted') throw problem('host-revoked')
  if (host.desired === 'onboarded') return
  await changeHost(tx, host, { desired: 'onboarded', clock: kernel.clock })
  const data = { by: act.by.name }
  await kernel.events.emit(tx, { project: act.project, type: 'host.approved', subject: act.id, data })
  await record(kernel, tx, act, 'host.onboard')
}

/** Throws `host-deleting`. */
export function refuseLeaving(host: Host): void {
  if (host.desired === 'deleted') throw problem('host-deleting', host.waitingOn)
}

/** Refuses the host from the next CONNECT on and closes its session; what it reported stays. Idempotent. */
export async function revokeHost(kernel: Kernel, act: Act): Promise<void> {
  await kernel.store.change(async tx => {
    const host = await getHost(tx, act.project, act.id)
    await cutOff(kernel, tx, host)
    if (host.state === 'untrusted') return
    refuseLeaving(host)
    const onboarding = { ...STATEMENTS.invalidated, at: formatTime(kernel.clock.now()) }
    await changeHost(tx, host, {
      state: 'untrusted',
      onboarding,
      clock: kernel.clock,
      ...(act.reason === undefined ? {} : { note: act.reason }),
    })
    const data = { by: act.by.name, reason: act.reason }
    await kernel.events.emit(tx, { project: act.project, type: 'host.revoked', subject: act.id, data })
    await record(kernel, tx, act, 'host.revoke')
  })
}

/** Lets a quarantined host act again; the next ticket it presents is believed. Throws `conflict` when it is not one. */
export async function releaseHost(kernel: Kernel, act: Act): Promise<void> {
  await kernel.store.change(async tx => {
    const host = await getHost(tx, act.project, act.id)
    if (host.state === 'untrusted') throw problem('host-revoked')
    await kernel.sessions.setStanding(tx, { project: host.project, host: host.id }, 'active', null)
    const data = { by: act.by.name, reason: act.reason }
    await kernel.events.emit(tx, { project: act.project, type: 'host.released', subject: act.id, data })
    await record(kernel, tx, act, 'host.release')
  })
}

/**
 * Revokes a host at once, and forgets what is known of it as soon as no module holds it any more; its id stays taken for
 * ever. `force` does not wait. Gives what it waits on, if anything. Idempotent while it waits.
 */
export async function deleteHost(
  kernel: Kernel,
  act: Act & { readonly force?: boolean },
): Promise<{ readonly waitingOn?: string }> {
  return kernel.store.change(async tx => {
    const host = await getHost(tx, act.project, act.id)
    await cutOff(kernel, tx, host)
    const waitingOn = act.force === true ? undefined : await holderOf(kernel, tx, host)
    await record(kernel, tx, act, 'host.delete')
    if (waitingOn === undefined) {
      await bury(kernel, tx, host, act.by)
      return {}
    }
    await changeHost(tx, host, {
      ...(host.state === 'onboarded' ? { state: 'untrusted' as const } : {}),
      desired: 'deleted',
      waitingOn,
      ...(act.reason === undefined ? {} : { note: act.reason }),
      clock: kernel.clock,
    })
    if (host.waitingOn !== waitingOn) {
      const data = { by: act.by.name, waitingOn }
      await kernel.events.emit(tx, { project: act.project, type: 'host.deleting', subject: act.id, data })
    }
    return { waitingOn }
  })
}

/** Ends deletions that nothing holds up any more, and says of the others what they wait on now. */
export async function sweepDeletions(kernel: Kernel): Promise<void> {
  for (const { project, id } of await leavingHosts(kernel.store)) {
    // One that cannot go must not keep the others.
    await kernel.store
      .change(tx => settleDeletion(kernel, tx, { project, id }))
      .catch(thrown => kernel.log.error('a deletion was not ended', { host: id, error: String(thrown) }))
  }
}

/** Ends the deletion of one host if nothing holds it; for modules that have just let go of one. */
export async function settleDeletion(
  kernel: Kernel,
  tx: Tx,
  { project, id }: { readonly project: string; readonly id: string },
): Promise<void> {
  const host = await findHost(tx, project, id)
  if (host === undefined || host.state === 'deleted' || host.desired !== 'deleted') return
  const waitingOn = await holderOf(kernel, tx, host)
  if (waitingOn === host.waitingOn) return
  if (waitingOn === undefined) return bury(kernel, tx, host, SYSTEM)
  await changeHost(tx, host, { waitingOn, clock: kernel.clock })
}

async function holderOf(kernel: Kernel, db: Db, host: Host): Promise<string | undefined> {
  for (const holds of kernel.holds) {
    const reason = await holds(db, host)
    if (reason !== undefined) return reason
  }
  return undefined
}

async function bury(kernel: Kernel, tx: Tx, host: Host, by: Principal): Promise<void> {
  const { project, id } = host
  await removeDocuments(tx, project, id)
  await removePresence(tx, project, id)
  const forgotten = { labels: [], note: '', facts: {}, site: null, waitingOn: null }
  await changeHost(tx, host, { state: 'deleted', ...forgotten, clock: kernel.clock })
  await kernel.events.emit(tx, { project, type: 'host.deleted', subject: id, data: { by: by.name } })
}

async function cutOff(kernel: Kernel, tx: Tx, host: Host): Promise<void> {
  await revokeAll(tx, host.project, host.id)
  await dropCommands(tx, host.project, host.id, kernel.clock.now())
  tx.afterCommit(() => kernel.bus.disconnect(host.id, 'revoked'))
}

async function record(kernel: Kernel, tx: Tx, act: Act, action: string): Promise<void> {
  await kernel.audit.append(tx, {
    chain: projectChain(act.project),
    principal: act.by,
    action,
    target: act.id,
    outcome: 'done',
    ...(act.reason === undefined ? {} : { reason: act.reason }),
    ...(act.request === undefined ? {} : { request: act.request }),
  })
}
