// SPDX-License-Identifier: Apache-2.0
/** The lobby: machines that wait, what they wait for, and what they are told. */
import { type EnrollAnswer, formatTime, type HostFacts, newUlid } from '../../../plugins/contract/index.ts'
import type { Host, Label } from '../../kernel/hosts.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Db, Tx } from '../../store/store.ts'
import type { Verdict } from './judge.ts'
import { problem } from './problems.ts'
import type { OnboardingTables, RequestRow } from './tables.ts'

const POLL_MS = 5_000
/** Somebody must mend a registration first, which takes longer than saying yes. */
const POLL_MISMATCH_MS = 30_000

export type Newcomer = {
  readonly project: string
  readonly csr: string
  readonly agent: string
  readonly facts: HostFacts
  readonly key: string
  readonly address: string
  readonly token: string | null
  readonly labels: readonly Label[]
  readonly site: string | null
  readonly verdict: Extract<Verdict, { enters: false }>
  readonly flagged: readonly string[]
}

/** Throws `lobby-full`. */
export async function putInLobby(kernel: Kernel, tx: Tx, capacity: number, newcomer: Newcomer): Promise<EnrollAnswer> {
  const { project, facts, address, verdict } = newcomer
  const rows = tx.of<OnboardingTables>(project)
  const { count } = await rows
    .select('onboarding_requests')
    .select(each => each.fn.countAll<number>().as('count'))
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow()
  if (Number(count) >= capacity) throw problem('lobby-full', `${count} wait`)
  const id = newUlid(kernel.clock.now(), kernel.random)
  const secret = freshSecret(kernel)
  await rows
    .insert('onboarding_requests', {
      id,
      secret: kernel.digest(secret),
      csr: newcomer.csr,
      key: newcomer.key,
      facts: JSON.stringify(facts),
      labels: JSON.stringify(newcomer.labels),
      agent: newcomer.agent,
      address,
      why: verdict.why,
      state: 'waiting',
      token: newcomer.token,
      reclaims: verdict.host?.id ?? null,
      host: null,
      waits: verdict.waits,
      site: newcomer.site,
      flagged: JSON.stringify(newcomer.flagged),
      created_at: formatTime(kernel.clock.now()),
      decided_at: null,
      decided_by: null,
      reason: null,
    })
    .execute()
  await kernel.events.emit(tx, {
    project,
    type: 'lobby.waiting',
    subject: id,
    data: {
      ...{ why: verdict.why, address, name: facts.hostname ?? null },
      ...(newcomer.token === null ? {} : { token: newcomer.token }),
    },
  })
  return told({ id, ...verdict, reclaims: verdict.host?.id ?? null }, secret)
}

/** What a waiting machine is told. */
export function told(
  { id, why, waits, reclaims }: Pick<RequestRow, 'id' | 'why' | 'waits' | 'reclaims'>,
  secret: string,
): Extract<EnrollAnswer, { status: 'waiting' }> {
  const retryAfterMs = waits === 'registration' ? POLL_MISMATCH_MS : POLL_MS
  const again = reclaims === null || waits !== 'decision' ? {} : { reclaims }
  return { status: 'waiting', request: id, secret, why: why.slice(0, 500), ...again, retryAfterMs }
}

/** For a machine that lost what it asks with. */
export async function renewSecret(kernel: Kernel, tx: Tx, row: RequestRow): Promise<EnrollAnswer> {
  const secret = freshSecret(kernel)
  await changeRequest(tx, row, { secret: kernel.digest(secret) })
  return told(row, secret)
}

function freshSecret({ random }: Kernel): string {
  return Buffer.from(random(24)).toString('base64url')
}

export async function changeRequest(
  tx: Tx,
  { project, id }: Pick<RequestRow, 'project' | 'id'>,
  change: Partial<Omit<RequestRow, 'project' | 'id'>>,
): Promise<void> {
  await tx.of<OnboardingTables>(project).update('onboarding_requests', change).where('id', '=', id).execute()
}

export async function listWaiting(db: Db, project: string): Promise<readonly RequestRow[]> {
  return db
    .of<OnboardingTables>(project)
    .select('onboarding_requests')
    .selectAll()
    .where('state', '=', 'waiting')
    .orderBy('created_at')
    .limit(500)
    .execute()
}

/** The machine that waits to become a host, if one does. */
export async function waitingFor(
  db: Db,
  { project, id }: Pick<Host, 'project' | 'id'>,
): Promise<RequestRow | undefined> {
  return db
    .of<OnboardingTables>(project)
    .select('onboarding_requests')
    .selectAll()
    .where('state', '=', 'waiting')
    .where('reclaims', '=', id)
    .orderBy('created_at')
    .executeTakeFirst()
}
