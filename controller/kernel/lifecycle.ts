// SPDX-License-Identifier: Apache-2.0
/** Ends of a host's life: revoked, released from quarantine, deleted. */
import type { Tx } from '../store/store.ts'
import { projectChain } from './audit.ts'
import { revokeAll } from './certificates.ts'
import { dropCommands } from './commands.ts'
import { removeDocuments } from './documents.ts'
import { changeHost, getHost, type Host } from './hosts.ts'
import type { Kernel } from './kernel.ts'
import type { Principal } from './permissions.ts'
import { removePresence } from './presence.ts'
import { problem } from './problems.ts'

export type Act = {
  readonly project: string
  readonly id: string
  readonly by: Principal
  readonly request?: string
  readonly reason?: string
}

/** Refuses the host from the next CONNECT on and closes its session; what it reported stays. Idempotent. */
export async function revokeHost(kernel: Kernel, act: Act): Promise<void> {
  await kernel.store.change(async tx => {
    const host = await getHost(tx, act.project, act.id)
    await cutOff(kernel, tx, host)
    if (host.state === 'untrusted') return
    await changeHost(tx, host, { state: 'untrusted', clock: kernel.clock })
    await kernel.events.emit(tx, {
      project: act.project,
      type: 'host.revoked',
      subject: act.id,
      data: { by: act.by.name, reason: act.reason },
    })
    await record(kernel, tx, act, 'host.revoke')
  })
}

/** Lets a quarantined host act again; the next ticket it presents is believed. Throws `conflict` when it is not one. */
export async function releaseHost(kernel: Kernel, act: Act): Promise<void> {
  await kernel.store.change(async tx => {
    const host = await getHost(tx, act.project, act.id)
    if (host.state === 'untrusted') throw problem('host-revoked')
    await kernel.sessions.setStanding(tx, { project: host.project, host: host.id }, 'active', null)
    await kernel.events.emit(tx, {
      project: act.project,
      type: 'host.released',
      subject: act.id,
      data: { by: act.by.name, reason: act.reason },
    })
    await record(kernel, tx, act, 'host.release')
  })
}

/** Revokes a host and forgets what is known of it; its id stays taken for ever. */
export async function deleteHost(kernel: Kernel, act: Act): Promise<void> {
  await kernel.store.change(async tx => {
    const host = await getHost(tx, act.project, act.id)
    await cutOff(kernel, tx, host)
    await removeDocuments(tx, act.project, act.id)
    await removePresence(tx, act.project, act.id)
    await changeHost(tx, host, { state: 'deleted', labels: [], note: '', facts: {}, clock: kernel.clock })
    await kernel.events.emit(tx, {
      project: act.project,
      type: 'host.deleted',
      subject: act.id,
      data: { by: act.by.name },
    })
    await record(kernel, tx, act, 'host.delete')
  })
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
