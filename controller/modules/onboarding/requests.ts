// SPDX-License-Identifier: Apache-2.0
/** Machines that ask to come in: at once with a token, or after somebody has looked. */
import {
  type Admission,
  type EnrollAnswer,
  type EnrollRequest,
  formatTime,
  HOUR,
  type HostFacts,
} from '../../../plugins/contract/index.ts'
import { readHostCertificate } from '../../../provisioning/pki/host-certificate.ts'
import { readRequest, verifyProof } from '../../../provisioning/pki/issue.ts'
import { findHost, type Host, type Label } from '../../kernel/hosts.ts'
import { SYSTEM } from '../../kernel/permissions.ts'
import type { Tx } from '../../store/store.ts'
import { type AdmitParts, admissionOf, admitHost } from './admit.ts'
import { flag, judge, sayItWaits, unflag, type Verdict, verdictOf } from './judge.ts'
import { changeRequest, putInLobby, renewSecret, told } from './lobby.ts'
import type { Failures, Nonces } from './nonces.ts'
import { problem } from './problems.ts'
import { admits, identifying } from './rules.ts'
import type { JoinTokenRow, OnboardingTables, RequestRow } from './tables.ts'
import { findPresented, findToken, useToken } from './tokens.ts'

export type EnrollParts = AdmitParts & {
  readonly nonces: Nonces
  readonly failures: Failures
  readonly lobby: { readonly open: boolean; readonly capacity: number; readonly project: string }
}

/** Answers a machine. Throws `nonce-refused`, `proof-refused`, `csr-refused`, `token-refused`, `lobby-closed`, `lobby-full`. */
export async function enroll(parts: EnrollParts, request: EnrollRequest, address: string): Promise<EnrollAnswer> {
  if (!parts.nonces.use(request.nonce)) throw problem('nonce-refused')
  if (!(await verifyProof(request.csr, request.nonce, request.proof))) throw problem('proof-refused')
  const facts = identifying(request.facts)
  const { fingerprint: key } = await readRequest(request.csr)
  const asking = { csr: request.csr, agent: request.agent, facts, key, address }
  return parts.kernel.store.patiently(async tx =>
    request.token === undefined
      ? stranger(parts, tx, asking)
      : bearer(parts, tx, { ...asking, presented: request.token }),
  )
}

type Asking = {
  readonly csr: string
  readonly agent: string
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
  const { project } = token
  const match = await judge(tx, { project, facts, token })
  if (match === undefined || !(await useToken(tx, token, { address, now }))) throw refuse(parts, address)
  const verdict = verdictOf(match, token)
  const labels = JSON.parse(token.labels) as Label[] // written by createJoinToken
  if (!verdict.enters) {
    const flagged = await flag(kernel, tx, match)
    await sayItWaits(kernel, tx, match)
    const { site } = token
    return putInLobby(kernel, tx, parts.lobby.capacity, {
      ...asking,
      ...{ project, token: token.id, labels, site, verdict, flagged },
    })
  }
  const admission = await admitHost(parts, tx, {
    ...{ project, csr: asking.csr, facts, labels, address, host: verdict.host },
    name: '',
    site: token.site ?? undefined,
    by: SYSTEM,
    how: `token ${token.id}`,
  })
  await remember(tx, { project, token: token.id, key, ...given(admission, now) })
  const data = { host: admission.host, address }
  await kernel.events.emit(tx, { project, type: 'token.used', subject: token.id, data })
  return admission
}

// One answer for unknown, used, expired and revoked tokens, and for tokens of other machines or networks.
function refuse({ failures }: EnrollParts, address: string) {
  failures.note(address)
  return problem('token-refused')
}

const given = ({ host, certificate }: Admission, now: number) => ({ host, certificate, created_at: formatTime(now) })

/** Keeps what was handed out, so that a lost answer can be given again. */
export async function remember(tx: Tx, { project, ...row }: OnboardingTables['onboarding_admissions']): Promise<void> {
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
  const handed = await rows
    .select('onboarding_admissions')
    .selectAll()
    .where('token', '=', token.id)
    .where('key', '=', key)
    .where('created_at', '>', since)
    .executeTakeFirst()
  if (handed !== undefined) return handAgain(parts, tx, handed)
  const waiting = await rows
    .select('onboarding_requests')
    .selectAll()
    .where('token', '=', token.id)
    .where('key', '=', key)
    .where('created_at', '>', since)
    .executeTakeFirst()
  if (waiting === undefined) return undefined
  const looked = await lookAgain(parts, tx, waiting)
  return 'status' in looked ? looked : renewSecret(kernel, tx, looked)
}

type Handed = { readonly project: string; readonly host: string; readonly certificate: string }

/**
 * The same certificate again while its host still goes by it; `undefined` once the host is revoked, deleted or another
 * installation: a fresh ticket for the old one would void the ticket of the machine that is the host now.
 */
async function handAgain(parts: EnrollParts, tx: Tx, handed: Handed): Promise<Admission | undefined> {
  const { project, certificate } = handed
  const host = await findHost(tx, project, handed.host)
  if (host?.state !== 'onboarded' || readHostCertificate(certificate)?.epoch !== host.epoch) return undefined
  return admissionOf(parts, tx, { host, certificate })
}

async function stranger(parts: EnrollParts, tx: Tx, asking: Asking): Promise<EnrollAnswer> {
  const { kernel, lobby } = parts
  const { open, project, capacity } = lobby
  if (!open) throw problem('lobby-closed')
  const waiting = await tx
    .of<OnboardingTables>(project)
    .select('onboarding_requests')
    .selectAll()
    .where('key', '=', asking.key)
    .where('state', '=', 'waiting')
    .executeTakeFirst()
  if (waiting !== undefined) return renewSecret(kernel, tx, waiting)
  const match = await judge(tx, { project, facts: asking.facts, token: undefined })
  const verdict = match === undefined ? undefined : verdictOf(match, undefined)
  if (match === undefined || verdict === undefined || verdict.enters) throw problem('token-refused') // nobody enters without a token
  const flagged = await flag(kernel, tx, match)
  return putInLobby(kernel, tx, capacity, {
    ...asking,
    ...{ project, token: null, labels: [], site: null, verdict, flagged },
  })
}

/** Answers a machine that waits. Throws `token-refused` for a wrong secret, `enrollment-refused` when somebody said no. */
export async function poll(
  parts: EnrollParts,
  id: string,
  { secret, address }: { secret: string; address: string },
): Promise<EnrollAnswer> {
  const { kernel, failures } = parts
  return kernel.store.patiently(async tx => {
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
    if (row.state === 'accepted') return collect(parts, tx, row)
    const looked = await lookAgain(parts, tx, row)
    return 'status' in looked ? looked : told(looked, secret)
  })
}

/** The certificate of an accepted machine; the same again if it asks again. */
async function collect(parts: EnrollParts, tx: Tx, row: RequestRow): Promise<Admission> {
  const handed = await tx
    .of<OnboardingTables>(row.project)
    .select('onboarding_admissions')
    .selectAll()
    .where('token', '=', `lobby-${row.id}`)
    .executeTakeFirst()
  const again = handed === undefined ? undefined : await handAgain(parts, tx, handed)
  if (again === undefined) throw problem('token-refused')
  return again
}

/**
 * Looks anew at a machine that waits: its registration may have been mended, or somebody may have let its host in. It
 * enters by itself only as a registered host, and only while its token is not revoked; else somebody must decide.
 */
async function lookAgain(parts: EnrollParts, tx: Tx, row: RequestRow): Promise<Admission | RequestRow> {
  const { kernel } = parts
  if (row.state !== 'waiting' || row.token === null) return row
  const { project } = row
  const token = await findToken(tx, project, row.token)
  const facts = JSON.parse(row.facts) as HostFacts // checked when it asked
  if (token === undefined || token.revoked_at !== null) return row
  const match = await judge(tx, { project, facts, token })
  if (match === undefined) return row
  const verdict = verdictOf(match, token)
  if (verdict.enters && match.kind === 'registered') return letIn(parts, tx, { row, facts, host: match.host })
  const now: RequestRow = { ...row, ...waitingAs(verdict) }
  if (now.why === row.why && now.reclaims === row.reclaims) return row
  await unflag(kernel, tx, row)
  const flagged = JSON.stringify(await flag(kernel, tx, match))
  await sayItWaits(kernel, tx, match)
  const { why, waits, reclaims } = now
  await changeRequest(tx, row, { why, waits, reclaims, flagged })
  return { ...now, flagged }
}

function waitingAs(verdict: Verdict): Pick<RequestRow, 'why' | 'waits' | 'reclaims'> {
  if (!verdict.enters) return { why: verdict.why, waits: verdict.waits, reclaims: verdict.host?.id ?? null }
  return {
    why: 'the host it was taken for is gone or has its machine',
    waits: 'decision',
    reclaims: verdict.host?.id ?? null,
  }
}

type Fitting = {
  readonly row: RequestRow
  readonly facts: HostFacts
  readonly host: Host
}

async function letIn(parts: EnrollParts, tx: Tx, { row, facts, host }: Fitting): Promise<Admission> {
  const { kernel } = parts
  const { project, csr, address } = row
  await unflag(kernel, tx, row)
  const admission = await admitHost(parts, tx, {
    ...{ project, csr, facts, address, host },
    name: '',
    labels: JSON.parse(row.labels) as Label[], // written by putInLobby
    site: row.site ?? undefined,
    by: SYSTEM,
    how: `registration, token ${row.token}`,
  })
  const now = kernel.clock.now()
  const decided = { decided_at: formatTime(now), decided_by: SYSTEM.id }
  await changeRequest(tx, row, { ...decided, state: 'accepted', host: admission.host, flagged: '[]' })
  await remember(tx, { project, token: `lobby-${row.id}`, key: row.key, ...given(admission, now) })
  const data = { accepted: true, by: SYSTEM.name, host: admission.host }
  await kernel.events.emit(tx, { project, type: 'lobby.decided', subject: row.id, data })
  return admission
}
