// SPDX-License-Identifier: Apache-2.0
/** What the kernel knows of one host that may keep it from its desired state. */
import { DAY, formatTime } from '../../plugins/contract/index.ts'
import { lastCertificate } from '../kernel/certificates.ts'
import { type Command, listCommands, unfinishedOf } from '../kernel/commands.ts'
import { type Desired, listDesired, type Reported, reportsOf } from '../kernel/documents.ts'
import type { Host } from '../kernel/hosts.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { type Presence, presenceOf } from '../kernel/presence.ts'
import type { CertificateRow } from '../kernel/tables/tables.ts'

export type Facts = {
  readonly host: Host
  readonly now: number
  readonly presence: Presence | undefined
  /** By how much the clock of a host that is online differs from ours. */
  readonly clockSkewMs: number | undefined
  readonly certificate: CertificateRow | undefined
  readonly desired: readonly Desired[]
  readonly reported: ReadonlyMap<string, Reported>
  /** Without an outcome, oldest first. */
  readonly waiting: readonly Command[]
  /** Those that ended within a day without having been done, and were not done since; newest first. */
  readonly undone: readonly Command[]
}

const RECENT = 100
const LOOK_BACK_MS = DAY

export async function gatherFacts(kernel: Kernel, host: Host): Promise<Facts> {
  const { store, clock, sessions } = kernel
  const { project, id } = host
  const now = clock.now()
  const presence = (await presenceOf(store, project, [id])).get(id)
  return {
    host,
    now,
    presence,
    clockSkewMs: presence?.online === true ? sessions.live(id)?.clockSkewMs : undefined,
    certificate: await lastCertificate(store, project, id),
    desired: await store.together(project, async tx => listDesired(tx, project, id)),
    reported: (await reportsOf(store, project, [id])).get(id) ?? new Map(),
    waiting: await store.together(project, async tx => unfinishedOf(tx, project, id)),
    undone: undoneOf(await listCommands(store, project, { host: id, limit: RECENT }), now),
  }
}

const UNDONE = new Set(['failed', 'refused', 'expired'])

/** Per act only the newest outcome counts: what went wrong and was then done is no matter any more. */
function undoneOf(commands: readonly Command[], now: number): readonly Command[] {
  const newest = new Map<string, Command>()
  for (const command of commands) {
    if (command.finishedAt === undefined) continue
    const act = `${command.section}/${command.name}`
    if (!newest.has(act)) newest.set(act, command)
  }
  const earliest = formatTime(now - LOOK_BACK_MS)
  return [...newest.values()].filter(({ state, finishedAt = '' }) => UNDONE.has(state) && finishedAt > earliest)
}
