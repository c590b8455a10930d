// SPDX-License-Identifier: Apache-2.0
/** Makes this machine a host: from a join token to an identity on disk. */
import { asProblem, type EpochMs, TrustBundle } from '../../plugins/contract/index.ts'
import { type JoinToken, parseToken } from '../../provisioning/enroll/token.ts'
import { verifyTrust } from '../../provisioning/pki/trust.ts'
import { problem as dialProblem } from '../link/dial-problems.ts'
import { type Endpoint, endpointOf, requestJson } from '../link/https.ts'
import { type Acquaintance, type Admitted, admit, type Enrollment } from './admit.ts'
import { failed, notReached, reached, type StepName } from './checklist.ts'
import { askTime, despiteClock, formatSkew, MAX_SKEW_MS } from './floor.ts'
import type { Identities, Identity } from './identity.ts'
import { examine, readBroker } from './papers.ts'
import { problem } from './problems.ts'
import { acceptTrust } from './trust.ts'

export type { Enrollment } from './admit.ts'

/**
 * Enrolls this machine and resolves with its identity, written but not yet confirmed by a session. Identities it had
 * before are archived. May be interrupted at any point and run again: within an hour the same token gets the same answer,
 * and an approval that is awaited goes on being awaited. Waits for an approval as long as the signal lets it.
 *
 * Throws `token-malformed`, `controller-address`, `admission-unusable`, `trust-refused`, what `dialTls` and `requestJson`
 * throw, and the controller's own refusals, such as `token-refused`. Each step, also the one that failed, goes to `onStep` first.
 */
export async function enroll(enrollment: Enrollment): Promise<Identity> {
  const { onStep, identities } = enrollment
  const token = await attempt(onStep, 'token', async () => readToken(enrollment.token))
  const { target, origin } = await attempt(onStep, 'address', async () => readAddress(enrollment.url))
  const bundle = await meet(enrollment, token, target)
  const endpoint = await attempt(onStep, 'clock', () => timed(enrollment, target, bundle))
  const acquaintance = { token, origin, bundle, endpoint }
  const admitted = await admit(enrollment, acquaintance)
  const identity = await attempt(onStep, 'certificate', () => settle(identities, acquaintance, admitted))
  const until = new Date(identity.notAfter).toISOString().slice(0, 10)
  onStep({ name: 'certificate', ok: true, detail: `(${identity.host}, until ${until})` })
  return identity
}

function readToken(text: string): JoinToken {
  const parsed = parseToken(text)
  if (parsed.token === undefined) throw problem('token-malformed', parsed.why)
  return parsed.token
}

function readAddress(url: string) {
  const address = endpointOf(url.trim())
  if (address === undefined) throw problem('controller-address', 'it is not an https:// address without a path')
  return address
}

/** First contact: learns what to trust, by the fingerprint in the token. */
async function meet(enrollment: Enrollment, token: JoinToken, target: Endpoint['target']): Promise<TrustBundle> {
  const { system, signal, onStep } = enrollment
  const contact = { target, network: system.network, root: token.root }
  try {
    const question = { method: 'GET', path: '/enroll/v1/trust', schema: TrustBundle, signal } as const
    const first = { system, target, trust: { pinnedRoot: token.root } }
    const { body: bundle } = await despiteClock(first, judged => requestJson({ ...judged, ...question }))
    if (verifyTrust(bundle, { fingerprint: token.root }) !== 'ok') {
      throw dialProblem('untrusted-controller', 'its trust bundle is not signed by the root in the token')
    }
    for (const each of reached(contact)) onStep(each)
    return bundle
  } catch (thrown) {
    if (!signal.aborted) for (const each of notReached(contact, asProblem(thrown))) onStep(each)
    throw thrown
  }
}

/** Compares clocks. A wrong one does not stop us: certificates are then judged by the controller's time. */
async function timed(
  { system, signal, onStep }: Enrollment,
  target: Endpoint['target'],
  bundle: TrustBundle,
): Promise<() => Endpoint> {
  const endpoint = { system, target, trust: { roots: bundle.head.roots } }
  const { now, skewMs } = await askTime({ ...endpoint, bundle, signal })
  const askedAt = system.clock.monotonic()
  const isWrong = Math.abs(skewMs) > MAX_SKEW_MS
  const hint = isWrong ? { hint: 'set the clock of this machine: `timedatectl set-ntp true`' } : {}
  onStep({ name: 'clock', ok: !isWrong, detail: formatSkew(skewMs), ...hint })
  const at = (): EpochMs => Math.round(now + system.clock.monotonic() - askedAt)
  return () => (isWrong ? { ...endpoint, at: at() } : endpoint)
}

/** Checks what was issued, writes it, and only then lets go of what was there before. */
async function settle(identities: Identities, known: Acquaintance, { admission, key }: Admitted): Promise<Identity> {
  const { host, project, certificate, ticket } = admission
  const trust = acceptTrust(known.bundle, admission.trust)
  const { fingerprint, notBefore, notAfter } = examine(certificate, { key, host, project, trust })
  const identity = await identities.write({
    host,
    project,
    installation: trust.head.installation,
    url: known.origin,
    broker: readBroker(admission.broker, known.endpoint().target.host),
    certificate,
    key,
    fingerprint,
    notBefore,
    notAfter,
    trust,
    ticket,
  })
  await identities.archive('enrolled-anew', identity)
  await identities.pending.clear()
  return identity
}

/** Shows a step that failed; one that passes is shown by whoever knows what was found. */
export async function attempt<T>(onStep: Enrollment['onStep'], name: StepName, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (thrown) {
    onStep(failed(name, thrown))
    throw thrown
  }
}
