// SPDX-License-Identifier: Apache-2.0
/** Signs what goes to hosts and sends it to those that are there. */
import {
  type CommandHead,
  type DesiredHead,
  digestedBytes,
  formatTime,
  type ReceiptMessage,
  type SessionHead,
} from '../../plugins/contract/index.ts'
import type { Bus } from '../bus/bus.ts'
import type { Store } from '../store/store.ts'
import { type Command, markSent, unfinishedOf } from './commands.ts'
import { type Desired, findDesired, listDesired } from './documents.ts'
import type { Events } from './events.ts'
import type { Signer, Surroundings } from './ports.ts'
import type { HostKey } from './presence.ts'
import type { Settings } from './settings.ts'

export interface Dispatch {
  /** Sends the newest desired document of a section, if the host is there. */
  desired(host: HostKey, section: string): Promise<void>
  /** Sends what differs from what the host says it holds. */
  allDesired(
    host: HostKey,
    holds: { readonly epoch: number; readonly revisions: Readonly<Record<string, number>> },
  ): Promise<void>
  /** Sends every command without an outcome, oldest first; those sent before are sent again, for their result. */
  commands(host: HostKey, which: 'all' | 'queued'): Promise<void>
  receipt(host: HostKey, ids: readonly string[], session?: Omit<SessionHead, keyof Audience>): Promise<void>
}

type Audience = Pick<SessionHead, 'v' | 'installation' | 'epoch' | 'project' | 'host' | 'issuedAt'>

export type DispatchParts = Surroundings & {
  readonly store: Store
  readonly signer: Signer
  readonly settings: Settings
  readonly events: Events
  readonly bus: () => Bus
}

export function createDispatch(parts: DispatchParts): Dispatch {
  const { store, signer, settings, bus, clock } = parts
  const audience = ({ project, host }: HostKey, at: string): Audience => ({
    v: 1,
    installation: settings.installation,
    epoch: settings.epoch,
    project,
    host,
    issuedAt: at,
  })
  const sendDesired = async (host: HostKey, desired: Desired): Promise<void> => {
    const { section, revision, content, updatedAt } = desired
    const contentDigest = parts.digest(digestedBytes(content))
    const head: DesiredHead = { ...audience(host, updatedAt), section, revision, contentDigest }
    const body = { head, content, kid: signer.kid, sig: signer.sign('desired', head) }
    await bus().publish({ ...host, kind: 'desired', section }, encode(body))
  }
  return {
    desired: async (host, section) => {
      if (!bus().isConnected(host.host)) return
      const desired = await findDesired(store, host.project, { host: host.host, section })
      if (desired !== undefined) await sendDesired(host, desired)
    },
    allDesired: async (host, holds) => {
      for (const desired of await store.together(host.project, async tx => listDesired(tx, host.project, host.host))) {
        const held = holds.epoch === settings.epoch ? holds.revisions[desired.section] : undefined
        if (held !== desired.revision) await sendDesired(host, desired)
      }
    },
    commands: async (host, which) => {
      if (!bus().isConnected(host.host)) return
      for (const command of await store.together(host.project, async tx => unfinishedOf(tx, host.project, host.host))) {
        if (command.state === 'sent' && which === 'queued') continue
        if (command.state === 'queued' && !(await claim(parts, command))) continue
        await bus().publish(
          { ...host, kind: 'command', section: command.section },
          commandMessage(parts, audience, command),
        )
      }
    },
    receipt: async (host, ids, session) => {
      const message: ReceiptMessage = { ids: [...ids] }
      if (session !== undefined) {
        const head: SessionHead = { ...audience(host, formatTime(clock.now())), ...session }
        message.session = { head, kid: signer.kid, sig: signer.sign('session', head) }
      }
      await bus().publish({ ...host, kind: 'receipt' }, encode(message))
    },
  }
}

// The state is written before the packet leaves, so that a cancelled command can never be on its way.
async function claim({ store, events, clock }: DispatchParts, command: Command): Promise<boolean> {
  if (Date.parse(command.expiresAt) <= clock.now()) return false
  return store.together(command.project, async tx => {
    if (!(await markSent(tx, command, clock.now()))) return false
    const { project, id, host, section, name } = command
    await events.emit(tx, { project, type: 'command.sent', subject: id, data: { host, section, name } })
    return true
  })
}

function commandMessage(
  { digest, signer }: DispatchParts,
  audience: (host: HostKey, at: string) => Audience,
  command: Command,
): Uint8Array {
  const head: CommandHead = {
    ...audience(command, command.createdAt),
    section: command.section,
    name: command.name,
    id: command.id,
    expiresAt: command.expiresAt,
    inputDigest: digest(digestedBytes(command.input)),
    principal: command.principal,
    ...(command.reason === undefined ? {} : { reason: command.reason }),
    approvals: [],
    sequence: command.sequence,
  }
  return encode({ head, input: command.input, kid: signer.kid, sig: signer.sign('command', head) })
}

function encode(body: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(body))
}
