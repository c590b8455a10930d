// SPDX-License-Identifier: Apache-2.0
/** Keeps an identity alive: a new key and certificate before the present one ends, or after it was slept past. */
import { createHash } from 'node:crypto'
import { DAY, type EpochMs, Problem, RenewAnswer, TrustBundle } from '../../plugins/contract/index.ts'
import { createKey } from '../../provisioning/pki/keys.ts'
import { createRequest } from '../../provisioning/pki/request.ts'
import { type Endpoint, endpointOf, requestJson } from '../link/https.ts'
import type { System } from '../system/system.ts'
import type { Identities, Identity } from './identity.ts'
import { examine } from './papers.ts'
import { problem } from './problems.ts'
import { acceptTrust } from './trust.ts'

const DUE_AT = 2 / 3
const SPREAD = 0.1
const RENEWALS_A_DAY = 2

/** A host's own place within the spread, always the same: from -0.1 to 0.1 of a certificate's life. */
export function jitterOf(host: string): number {
  const draw = createHash('sha256').update(host).digest().readUInt32BE(0) / 0xffff_ffff
  return (draw * 2 - 1) * SPREAD
}

/** When an identity should be renewed: at two thirds of its life, give or take a tenth of it. */
export function renewalAt(
  { host, notBefore, notAfter }: Pick<Identity, 'host' | 'notBefore' | 'notAfter'>,
  jitter = jitterOf(host),
): EpochMs {
  return Math.round(notBefore + (notAfter - notBefore) * (DUE_AT + jitter))
}

/** Tells whether it is time to renew; pass the trusted time. True also after the end, when only `rejoin` helps. */
export function renewalDue(
  identity: Pick<Identity, 'host' | 'notBefore' | 'notAfter'>,
  now: EpochMs,
  jitter?: number,
): boolean {
  return now >= renewalAt(identity, jitter)
}

export type Renewal = {
  readonly system: System
  readonly identities: Identities
  /** The one in use; its certificate is presented. */
  readonly identity: Identity
  /** See `TimeFloor.judgeAt`. */
  readonly at?: EpochMs | undefined
  readonly signal: AbortSignal
  /** Told when the certificate is good but the trust bundle that came with it is not; the present bundle then stays. */
  readonly onTrustRefused?: (problem: Problem) => void
}

/**
 * Renews with a new key, into the other slot; the present identity stays usable until the new one is confirmed.
 * Throws `renewal-limit` at the third time within a day, `admission-unusable`, what `requestJson` throws, and the
 * controller's `certificate-not-renewable`.
 */
export function renew(renewal: Renewal): Promise<Identity> {
  return exchange(renewal, '/enroll/v1/renew')
}

/** The same with a certificate that has ended already. The controller may want somebody to decide first. */
export function rejoin(renewal: Renewal): Promise<Identity> {
  return exchange(renewal, '/enroll/v1/rejoin')
}

/** Takes up the controller's present trust bundle, as after a message by an unknown key. Throws `trust-refused`. */
export async function refreshTrust(renewal: Renewal): Promise<TrustBundle> {
  const { identities, identity, signal } = renewal
  const question = { method: 'GET', path: '/enroll/v1/trust', schema: TrustBundle, signal } as const
  const { body } = await requestJson({ ...endpointFor(renewal), ...question })
  const trust = acceptTrust(identity.trust, body)
  await identities.amend(identity, { trust })
  return trust
}

async function exchange(renewal: Renewal, path: string): Promise<Identity> {
  const { system, identities, identity, signal } = renewal
  refuseThird(await identities.candidates(), system.clock.now())
  const key = await createKey()
  const body = { csr: createRequest(key) }
  const question = { method: 'POST', path, body, schema: RenewAnswer, signal } as const
  const { certificate, trust: offered } = (await requestJson({ ...endpointFor(renewal), ...question })).body
  const trust = trustAfter(renewal, offered)
  const { host, project, installation, url, broker } = identity
  const { fingerprint, notBefore, notAfter } = examine(certificate, { key, host, project, trust })
  return identities.write({
    host,
    project,
    installation,
    url,
    broker,
    certificate,
    key,
    fingerprint,
    notBefore,
    notAfter,
    trust,
  })
}

function endpointFor({ system, identity, at }: Renewal): Endpoint {
  const target = endpointOf(identity.url)?.target
  if (target === undefined) throw problem('controller-address', 'the stored address is not an https:// address')
  const { certificate, key, trust } = identity
  return {
    system,
    target,
    trust: { roots: trust.head.roots },
    identity: { certificate, key },
    ...(at === undefined ? {} : { at }),
  }
}

// Losing the certificate over a bundle would cut the host off for good; the present bundle still proves the certificate.
function trustAfter({ identity, onTrustRefused }: Renewal, offered: TrustBundle): TrustBundle {
  try {
    return acceptTrust(identity.trust, offered)
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown
    onTrustRefused?.(thrown)
    return identity.trust
  }
}

function refuseThird(all: readonly Identity[], now: EpochMs): void {
  const renewed = new Set(all.flatMap(each => each.renewedAt).filter(at => at > now - DAY && at <= now))
  if (renewed.size >= RENEWALS_A_DAY) throw problem('renewal-limit', undefined, { renewals: renewed.size })
}
