// SPDX-License-Identifier: Apache-2.0
/** Machines that ask to come in: at once with a token, or after somebody has looked. */
import {
  type Admission,
  type EnrollAnswer,
  type EnrollRequest,
  formatTime,
  HOUR,
  type HostFacts,
  newUlid,
} from '../../../plugins/contract/index.ts'
import { readRequest, verifyProof } from '../../../provisioning/pki/issue.ts'
import { findByFacts, getHost, type Label } from '../../kernel/hosts.ts'
import { type Principal, SYSTEM } from '../../kernel/permissions.ts'
import { problem as kernelProblem } from '../../kernel/problems.ts'
import type { Db, Tx } from '../../store/store.ts'
import { type AdmitParts, admissionOf, admitHost } from './admit.ts'
import type { Failures, Nonces } from './nonces.ts'
import { problem } from './problems.ts'
import { admits, identifying, isMadeFor } from './rules.ts'
import type { JoinTokenRow, OnboardingTables, RequestRow } from './tables.ts'
import { findPresented, useToken } from './tokens.ts'

export type EnrollParts = AdmitParts & {
  readonly nonces: Nonces
  readonly failures: Failures
  readonly lobby: { readonly open: boolean; readonly capacity: number; readonly project: string }
}

const POLL_MS = 5_000

/** Answers a machine. Throws `nonce-refused`, `proof-refused`, `csr-refused`, `token-refused`, `lobby-closed`, `lobby-full`. */
export async function enroll(parts: EnrollParts, request: EnrollRequest, address: string): Promise<EnrollAnswer> {
  if (!parts.nonces.use(request.nonce)) throw problem('nonce-refused')
  if (!(await verifyProof(request.csr, request.nonce, request.proof))) throw problem('proof-refused')
  const facts = identifying(request.facts)
  const { fingerprint: key } = await readRequest(request.csr)
  const asking = { request, facts, key, address }
  return parts.kernel.store.change(async tx =>
    request.token === undefined
      ? stranger(parts, tx, asking)
      : bearer(parts, tx, { ...asking, presented: request.token }),
  )
}

type Asking = {
  readonly request: EnrollRequest
  readonly facts: HostFacts
  readonly key: string
  readonly address: string
}

async function bearer(parts: EnrollParts, tx: Tx, asking: Asking & { presented: string }): Promise<EnrollAnswer> {
  const { kernel } = parts
  const { facts, address, key } = asking
  const now = kernel.clock.now()
  const token = await findPresented(tx, kernel.digest, asking.presented)
  if (token === undefined) throw refuse(parts, address)
  const again = await answerAgain(parts, tx, token, key)
  if (again !== undefined) return again
  if (!admits(token, { facts, address, now })) throw refuse(parts, address)
  const known = await findByFacts(tx, token.project, facts)
  if (!(await useToken(tx, token, { address, now }))) throw refuse(parts, address)
  const labels = JSON.parse(token.labels) as Label[] // written by createJoinToken
  const whyWait = waitReason(token, facts, known?.id)
  if (whyWait !== undefined) {
    return putInLobby(parts, tx, {
      ...asking,
      project: token.project,
      token: token.id,
      labels,
      why: whyWait,
      reclaims: known?.id,
    })
  }
  const admission = await admitHost(parts, tx, {
    project: token.project,
    csr: asking.request.csr,
    facts,
    name: '',
    labels,
    address,
    reclaims: known?.id,
    by: SYSTEM,
    how: `token ${token.id}`,
  })
  await remember(tx, {
    project: token.project,
    token: token.id,
    key,
    host: admission.host,
    certificate: admission.certificate,
    created_at: formatTime(now),
  })
  await kernel.events.emit(tx, {
    project: token.project,
    type: 'token.used',
    subject: token.id,
    data: { host: admission.host, address },
  })
  return admission
}

function waitReason(token: JoinTokenRow, facts: HostFacts, known: string | undefined): string | undefined {
  if (token.needs_approval === 1) return 'its join token asks for approval'
  if (known !== undefined && !isMadeFor(token, facts))
    return `a machine with this serial number or UUID is already ${known}`
  return undefined
}

// One answer for unknown, used, expired and revoked tokens, and for tokens of other machines or networks.
function refuse({ failures }: EnrollParts, address: string) {
  failures.note(address)
  return problem('token-refused')
}

async function remember(tx: Tx, { project, ...row }: OnboardingTables['onboarding_admissions']): Promise<void> {
  await tx.of<OnboardingTables>(project).insert('onboarding_admissions', row).execute()
}

/** A machine whose answer was lost asks again with the same token and key: it gets the same certificate for an hour. */
async function answerAgain(
  parts: EnrollParts,
  tx: Tx,
  token: JoinTokenRow,
  key: string,
): Promise<EnrollAnswer | undefined> {
  const { kernel } = parts
  const since = formatTime(kernel.clock.now() - HOUR)
  const rows = tx.of<OnboardingTables>(token.project)
  const given = await rows
    .select('onboarding_admissions')
    .selectAll()
    .where('token', '=', token.id)
    .where('key', '=', key)
    .where('created_at', '>', since)
    .executeTakeFirst()
  if (given !== undefined) {
    const host = await getHost(tx, token.project, given.host)
    if (host.state !== 'onboarded') return undefined
    return admissionOf(parts, tx, { host, certificate: given.certificate })
  }
  const waiting = await rows
    .select('onboarding_requests')
    .selectAll()
    .where('token', '=', token.id)
    .where('key', '=', key)
    .where('created_at', '>', since)
    .executeTakeFirst()
  return waiting === undefined ? undefined : renewSecret(parts, tx, waiting)
}

async function stranger(parts: EnrollParts, tx: Tx, asking: Asking): Promise<EnrollAnswer> {
  const { open, project } = parts.lobby
  if (!open) throw problem('lobby-closed')
  const known = await findByFacts(tx, project, asking.facts)
  const waiting = await tx
    .of<OnboardingTables>(project)
    .select('onboarding_requests')
    .selectAll()
    .where('key', '=', asking.key)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  if (waiting !== undefined) return renewSecret(parts, tx, waiting)
  const why = known === undefined ? 'it came without a join token' : `without a join token it says it is ${known.id}`
  return putInLobby(parts, tx, { ...asking, project, token: null, labels: [], why, reclaims: known?.id })
}

type Newcomer = Asking & {
  readonly project: string
  readonly token: string | null
  readonly labels: readonly Label[]
  readonly why: string
  readonly reclaims: string | undefined
}

async function putInLobby({ kernel, lobby }: EnrollParts, tx: Tx, newcomer: Newcomer): Promise<EnrollAnswer> {
  const { project, request, facts, why, address } = newcomer
  const rows = tx.of<OnboardingTables>(project)
  const { count } = await rows
    .select('onboarding_requests')
    .select(each => each.fn.countAll<number>().as('count'))
    .where('state', '=', 'waiting')
    .executeTakeFirstOrThrow()
  if (Number(count) >= lobby.capacity) throw problem('lobby-full', `${count} wait`)
  const id = newUlid(kernel.clock.now(), kernel.random)
  const secret = Buffer.from(kernel.random(24)).toString('base64url')
  await rows
    .insert('onboarding_requests', {
      id,
      secret: kernel.digest(secret),
      csr: request.csr,
      key: newcomer.key,
      facts: JSON.stringify(facts),
      labels: JSON.stringify(newcomer.labels),
      agent: request.agent,
      address,
      why,
      state: 'waiting',
      token: newcomer.token,
      reclaims: newcomer.reclaims ?? null,
      host: null,
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
    data: { why, address, name: facts.hostname ?? null },
  })
  return { status: 'waiting', request: id, secret, why, retryAfterMs: POLL_MS }
}

async function renewSecret({ kernel }: EnrollParts, tx: Tx, row: RequestRow): Promise<EnrollAnswer> {
  const secret = Buffer.from(kernel.random(24)).toString('base64url')
  await tx
    .of<OnboardingTables>(row.project)
    .update('onboarding_requests', { secret: kernel.digest(secret) })
    .where('id', '=', row.id)
    .execute()
  return { status: 'waiting', request: row.id, secret, why: row.why, retryAfterMs: POLL_MS }
}

/** Answers a machine that waits. Throws `token-refused` for a wrong secret, `enrollment-refused` when somebody said no. */
export async function poll(
  parts: EnrollParts,
  id: string,
  { secret, address }: { secret: string; address: string },
): Promise<EnrollAnswer> {
  const { kernel, failures } = parts
  return kernel.store.change(async tx => {
    const row = await tx
      .installation<OnboardingTables>()
      .selectFrom('onboarding_requests')
      .selectAll()
      .where('id', '=', id)
      .where('secret', '=', kernel.digest(secret))
      .executeTakeFirst()
    if (row === undefined) {
      failures.note(address)
      throw problem('token-refused')
    }
    if (row.state === 'refused') throw problem('enrollment-refused', row.reason ?? undefined)
    if (row.state === 'waiting')
      return { status: 'waiting' as const, request: id, secret, why: row.why, retryAfterMs: POLL_MS }
    return collect(parts, tx, row)
  })
}

/** The certificate of an accepted machine; the same again if it asks again. */
async function collect(parts: EnrollParts, tx: Tx, row: RequestRow): Promise<Admission> {
  const given = await tx
    .of<OnboardingTables>(row.project)
    .select('onboarding_admissions')
    .selectAll()
    .where('token', '=', `lobby-${row.id}`)
    .executeTakeFirst()
  if (given === undefined || row.host === null) throw problem('token-refused')
  const host = await getHost(tx, row.project, row.host)
  return admissionOf(parts, tx, { host, certificate: given.certificate })
}

export type Decision = {
  readonly project: string
  readonly id: string
  readonly by: Principal
} & (
  | { readonly accept: true; readonly name: string; readonly labels: readonly Label[] }
  | { readonly accept: false; readonly reason: string }
)

/** Lets a waiting machine in, or not. Throws `not-found`, `already-decided`. */
export async function decide(parts: EnrollParts, decision: Decision): Promise<{ readonly host?: string }> {
  const { kernel } = parts
  const { project, id, by } = decision
  return kernel.store.change(async tx => {
    const rows = tx.of<OnboardingTables>(project)
    const row = await rows.select('onboarding_requests').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw kernelProblem('not-found', `request ${id.slice(0, 40)}`)
    if (row.state !== 'waiting') throw problem('already-decided', `it was ${row.state}`)
    const decided = { decided_at: formatTime(kernel.clock.now()), decided_by: by.id }
    await kernel.events.emit(tx, {
      project,
      type: 'lobby.decided',
      subject: id,
      data: { accepted: decision.accept, by: by.name },
    })
    if (!decision.accept) {
      await rows
        .update('onboarding_requests', { ...decided, state: 'refused', reason: decision.reason })
        .where('id', '=', id)
        .execute()
      await kernel.audit.append(tx, {
        chain: `project:${project}`,
        principal: by,
        action: 'lobby.refuse',
        target: id,
        outcome: 'done',
        reason: decision.reason,
      })
      return {}
    }
    const admission = await admitHost(parts, tx, {
      project,
      csr: row.csr,
      facts: JSON.parse(row.facts) as HostFacts, // checked when it asked
      name: decision.name,
      labels: [...(JSON.parse(row.labels) as Label[]), ...decision.labels], // written by putInLobby
      address: row.address,
      reclaims: row.reclaims ?? undefined,
      by,
      how: 'lobby',
    })
    await rows
      .update('onboarding_requests', { ...decided, state: 'accepted', host: admission.host })
      .where('id', '=', id)
      .execute()
    await remember(tx, {
      project,
      token: `lobby-${id}`,
      key: row.key,
      host: admission.host,
      certificate: admission.certificate,
      created_at: decided.decided_at,
    })
    return { host: admission.host }
  })
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
