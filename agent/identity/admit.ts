// SPDX-License-Identifier: Apache-2.0
/** Asks the controller to let this machine in, and waits where somebody must approve. */
import {
  type Admission,
  EnrollAnswer,
  type HostFacts,
  MINUTE,
  NonceAnswer,
  Problem,
  SECOND,
  type TrustBundle,
  type Waiting,
} from '../../plugins/contract/index.ts'
import { credentialOf, type JoinToken } from '../../provisioning/enroll/token.ts'
import { createRequest, proofOf } from '../../provisioning/pki/request.ts'
import { type Endpoint, requestJson } from '../link/https.ts'
import { problem as program } from '../problems.ts'
import type { System } from '../system/system.ts'
import { type EnrollStep, failedOnTheWay } from './checklist.ts'
import type { Identities } from './identity.ts'
import type { PendingEnrollment } from './pending.ts'

const FIRST_POLL_MS = 5 * SECOND
const LAST_POLL_MS = MINUTE

export type Enrollment = {
  readonly system: System
  readonly identities: Identities
  /** `https://<name>:<port>` of the controller. */
  readonly url: string
  /** As pasted. */
  readonly token: string
  readonly facts: HostFacts
  readonly agentVersion: string
  readonly signal: AbortSignal
  readonly onStep: (step: EnrollStep) => void
  /** Asked when the controller knows this machine as another host; false ends the enrollment. Yes when absent. */
  readonly mayReclaim?: (host: string) => Promise<boolean>
}

/** What is known of the controller once it has proved itself. */
export type Acquaintance = {
  readonly token: JoinToken
  /** `https://<name>:<port>`. */
  readonly origin: string
  readonly bundle: TrustBundle
  /** Made anew for every question, because an approval may take long and a wrong clock does not help to judge then. */
  readonly endpoint: () => Endpoint
}

export type Admitted = { readonly admission: Admission; readonly key: string }

/**
 * Resolves when the machine has been let in. The key is on disk before it is used, and so is what to ask with while
 * somebody decides. A final refusal forgets both.
 */
export async function admit(enrollment: Enrollment, known: Acquaintance): Promise<Admitted> {
  const { identities, onStep } = enrollment
  const begun = await identities.pending.begin({ url: known.origin, tokenId: known.token.id })
  const knocking = { enrollment, known, begun }
  let step: 'token' | 'approval' = 'token'
  try {
    const answer = (await askAgain(knocking)) ?? (await knock(knocking))
    onStep({ name: 'token', ok: true, detail: '' })
    if (answer.status === 'enrolled') return { admission: answer, key: begun.key }
    step = 'approval'
    await askToReclaim(enrollment, answer)
    onStep({
      name: 'approval',
      ok: false,
      detail: `awaited: ${answer.why}`,
      hint: 'approve this machine in the lobby of the controller',
    })
    const admission = await awaitApproval(knocking, answer)
    onStep({ name: 'approval', ok: true, detail: '' })
    return { admission, key: begun.key }
  } catch (thrown) {
    if (isFinal(thrown)) await identities.pending.clear()
    if (!enrollment.signal.aborted) onStep(failedOnTheWay(step, thrown))
    throw thrown
  }
}

async function askToReclaim({ mayReclaim }: Enrollment, { reclaims }: Waiting): Promise<void> {
  if (reclaims === undefined || mayReclaim === undefined || (await mayReclaim(reclaims))) return
  throw program('reclaim-declined', reclaims)
}

type Knocking = {
  readonly enrollment: Enrollment
  readonly known: Acquaintance
  readonly begun: PendingEnrollment
}

async function knock({ enrollment, known, begun }: Knocking): Promise<EnrollAnswer> {
  const { signal, facts, agentVersion } = enrollment
  const nonceQuestion = { method: 'GET', path: '/enroll/v1/nonce', schema: NonceAnswer, signal } as const
  const { nonce } = (await requestJson({ ...known.endpoint(), ...nonceQuestion })).body
  const body = {
    token: credentialOf(known.token),
    csr: createRequest(begun.key),
    nonce,
    proof: proofOf(begun.key, nonce),
    facts,
    agent: agentVersion.slice(0, 64),
  }
  const question = { method: 'POST', path: '/enroll/v1/requests', body, schema: EnrollAnswer, signal } as const
  return (await requestJson({ ...known.endpoint(), ...question })).body
}

/** Goes on with an earlier run that was waiting; `undefined` when the controller no longer knows of it. */
async function askAgain(knocking: Knocking): Promise<EnrollAnswer | undefined> {
  const { waiting } = knocking.begun
  if (waiting === undefined) return undefined
  try {
    return await poll(knocking, waiting)
  } catch (thrown) {
    if (thrown instanceof Problem && (thrown.status === 401 || thrown.status === 404)) return undefined
    throw thrown
  }
}

async function awaitApproval(knocking: Knocking, first: Waiting): Promise<Admission> {
  const { identities, system, signal } = knocking.enrollment
  let waiting = first
  for (let wait = FIRST_POLL_MS; ; wait = Math.min(wait * 2, LAST_POLL_MS)) {
    const { request, secret } = waiting
    await identities.pending.save({ ...knocking.begun, waiting: { request, secret } })
    await system.clock.sleep(Math.min(Math.max(wait, waiting.retryAfterMs), LAST_POLL_MS), signal)
    const answer = await pollOnce(knocking, waiting)
    if (answer?.status === 'enrolled') return answer
    waiting = answer ?? waiting
  }
}

/** `undefined` when the controller could not be asked just now: somebody may decide meanwhile, so waiting goes on. */
async function pollOnce(knocking: Knocking, waiting: Waiting): Promise<EnrollAnswer | undefined> {
  try {
    return await poll(knocking, waiting)
  } catch (thrown) {
    if (isFinal(thrown) || !(thrown instanceof Problem)) throw thrown
    return undefined
  }
}

async function poll(
  { enrollment, known }: Knocking,
  { request, secret }: Pick<Waiting, 'request' | 'secret'>,
): Promise<EnrollAnswer> {
  const path = `/enroll/v1/requests/${encodeURIComponent(request)}`
  const question = { method: 'POST', path, body: { secret }, schema: EnrollAnswer } as const
  return (await requestJson({ ...known.endpoint(), ...question, signal: enrollment.signal })).body
}

function isFinal(thrown: unknown): boolean {
  return thrown instanceof Problem && thrown.retry === 'never'
}
