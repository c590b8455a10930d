// SPDX-License-Identifier: Apache-2.0
/** The identities of this host on disk: two slots, so that the one that works is never overwritten. */
import { posix } from 'node:path'
import { DAY, type EpochMs } from '../../plugins/contract/index.ts'
import type { System } from '../system/system.ts'
import { openPending, type Pending } from './pending.ts'
import { problem } from './problems.ts'
import { digestMachineId, type Identity, isOfMachine, type NewIdentity, parseIdentity, type Slot } from './record.ts'

export type { Identity, NewIdentity } from './record.ts'

/** How long the identity before the present one is kept. */
export const SUPERSEDED_KEPT_MS = DAY
/** How many renewals are remembered; the limit is far below. */
const MAX_REMEMBERED = 8
const SLOTS: readonly Slot[] = ['a', 'b']

export type ArchiveReason = 'cloned-image' | 'enrolled-anew' | 'retired'
export type Archived = { readonly reason: string; readonly host: string; readonly at: EpochMs }

/**
 * Keeps up to two identities.
 *
 * Invariants: every change is the atomic replacement or removal of one file, and whatever is interrupted leaves at least
 * the identity that last completed a session. Calls are carried out one after the other.
 */
export interface Identities {
  /**
   * The identities that may be tried, newest first; empty when the machine is not enrolled. Removes what has been
   * superseded for a day. Throws `cloned-image` when all there are, or were, belong to another machine; those are archived.
   */
  candidates(): Promise<readonly Identity[]>
  /** Writes a new identity into the slot that does not hold the one that works. */
  write(fresh: NewIdentity): Promise<Identity>
  /** Replaces what is trusted, or where the controller is, in the slot of an identity; nothing when it is gone. */
  amend(identity: Identity, change: Partial<Pick<NewIdentity, 'trust' | 'broker' | 'url'>>): Promise<void>
  /** Notes that a session was completed with an identity; older ones are superseded from now. Idempotent. */
  confirm(identity: Identity): Promise<void>
  /** Puts all identities aside, but for the one to keep; the last of each slot stays readable under `archived-*`. */
  archive(reason: ArchiveReason, keep?: Identity): Promise<void>
  /** What was put aside last. */
  lastArchived(): Promise<Archived | undefined>
  /** An enrollment that has begun and not ended. */
  readonly pending: Pending
}

export type IdentitiesOptions = {
  readonly system: Pick<System, 'files' | 'clock' | 'random' | 'machineId'>
  readonly dir: string
}

/** Opens the identities in a folder; it is made when the first one is written. */
export function openIdentities({ system, dir }: IdentitiesOptions): Identities {
  const store = slotStore(system, dir)
  const inTurn = sequence()
  return {
    candidates: () => inTurn(() => candidates(store, system)),
    write: fresh => inTurn(() => write(store, system, fresh)),
    amend: (identity, change) => inTurn(() => store.change(identity, found => ({ ...found, ...change }))),
    confirm: identity => inTurn(() => confirm(store, system.clock.now(), identity)),
    archive: (reason, keep) => inTurn(() => archive(store, { reason, keep, at: system.clock.now() })),
    lastArchived: () => inTurn(() => store.lastArchived()),
    pending: openPending(system, dir),
  }
}

type Surroundings = IdentitiesOptions['system']

async function candidates(store: SlotStore, system: Surroundings): Promise<readonly Identity[]> {
  const [all, machineId] = [await store.all(), await system.machineId()]
  const now = system.clock.now()
  const usable: Identity[] = []
  for (const each of all) {
    if (!isOfMachine(each.machineIdDigest, machineId)) await store.archive(each, { reason: 'cloned-image', at: now })
    else if (isOver(each, now)) await store.remove(each)
    else usable.push(each)
  }
  const last = usable.length === 0 ? await store.lastArchived() : undefined
  if (last?.reason === 'cloned-image') throw problem('cloned-image', last.host, { host: last.host })
  return usable
}

// A clock that was set back makes an identity look superseded in the future; it then stays until it is overwritten.
function isOver({ supersededAt }: Identity, now: EpochMs): boolean {
  return supersededAt !== undefined && supersededAt + SUPERSEDED_KEPT_MS <= now
}

async function write(store: SlotStore, system: Surroundings, fresh: NewIdentity): Promise<Identity> {
  const all = await store.all()
  const now = system.clock.now()
  const works = all.find(each => each.confirmedAt !== undefined && each.supersededAt === undefined) ?? all[0]
  const renewed = new Set(all.flatMap(each => each.renewedAt).filter(at => at > now - DAY && at <= now))
  if (fresh.ticket === undefined) renewed.add(now)
  const identity: Identity = {
    ...fresh,
    slot: works?.slot === 'a' ? 'b' : 'a',
    generation: Math.max(0, ...all.map(each => each.generation)) + 1,
    renewedAt: [...renewed].slice(-MAX_REMEMBERED),
    machineIdDigest: digestMachineId(await system.machineId(), system.random),
  }
  await store.put(identity)
  return identity
}

async function confirm(store: SlotStore, now: EpochMs, identity: Identity): Promise<void> {
  await store.change(identity, found => {
    if (found.confirmedAt !== undefined && found.supersededAt === undefined) return found
    const { supersededAt: _, ...rest } = found // it works again where the newer one does not
    return { ...rest, confirmedAt: now }
  })
  for (const each of await store.all()) {
    if (each.generation >= identity.generation) continue
    await store.change(each, found => (found.supersededAt === undefined ? { ...found, supersededAt: now } : found))
  }
}

type Archival = { readonly reason: ArchiveReason; readonly at: EpochMs }

async function archive(store: SlotStore, { keep, ...why }: Archival & { keep: Identity | undefined }): Promise<void> {
  for (const each of await store.all()) {
    if (each.generation !== keep?.generation) await store.archive(each, why)
  }
}

type SlotStore = ReturnType<typeof slotStore>

function slotStore({ files }: Surroundings, dir: string) {
  const pathOf = (slot: Slot): string => posix.join(dir, `identity-${slot}.json`)
  const archiveOf = (slot: Slot): string => posix.join(dir, `archived-${slot}.json`)
  // Each attempt to connect reads them, and while the controller is away there are many: the same bytes are not parsed again.
  const known = new Map<Slot, { readonly bytes: Uint8Array; readonly identity: Identity | undefined }>()
  const read = async (slot: Slot): Promise<Identity | undefined> => {
    const bytes = await files.read(pathOf(slot))
    if (bytes === undefined) return undefined
    const last = known.get(slot)
    if (last !== undefined && Buffer.compare(last.bytes, bytes) === 0) return last.identity
    const parsed = parseIdentity(bytes)
    const identity = parsed?.slot === slot ? parsed : undefined
    known.set(slot, { bytes, identity })
    return identity
  }
  const put = (identity: Identity): Promise<void> =>
    files.replace(pathOf(identity.slot), JSON.stringify(identity), 0o600)
  return {
    put,
    async all(): Promise<readonly Identity[]> {
      const found = [await read('a'), await read('b')].filter(each => each !== undefined)
      return found.sort((one, other) => other.generation - one.generation)
    },
    /** Changes a slot unless it holds another identity by now; writes only what differs. */
    async change({ slot, generation }: Identity, act: (found: Identity) => Identity): Promise<void> {
      const found = await read(slot)
      if (found?.generation !== generation) return
      const changed = act(found)
      if (changed !== found) await put(changed)
    },
    remove: ({ slot }: Identity): Promise<void> => files.remove(pathOf(slot)),
    /** The copy is there before the original goes, so that nothing is lost in between. */
    async archive(identity: Identity, { reason, at }: Archival): Promise<void> {
      await files.replace(archiveOf(identity.slot), JSON.stringify({ reason, at, identity }), 0o600)
      await files.remove(pathOf(identity.slot))
    },
    async lastArchived(): Promise<Archived | undefined> {
      const found = await Promise.all(SLOTS.map(async slot => parseArchived(await files.text(archiveOf(slot)))))
      return found.filter(each => each !== undefined).sort((one, other) => other.at - one.at)[0]
    },
  }
}

function parseArchived(text: string | undefined): Archived | undefined {
  try {
    const { reason, at, identity } = JSON.parse(text ?? '') as Record<string, unknown> // a primitive has none of these
    const { host } = identity as Record<string, unknown> // throws when there is none
    return typeof reason === 'string' && typeof at === 'number' && typeof host === 'string'
      ? { reason, at, host }
      : undefined
  } catch {
    return undefined
  }
}

function sequence(): <T>(act: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return act => {
    const turn = last.then(act, act)
    last = turn.catch(() => undefined)
    return turn
  }
}
