// SPDX-License-Identifier: Apache-2.0
/** Decides whether a device is who it says it is, at the same cost whether we know it or not. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../../../plugins/contract/index.ts'
import { Secret } from '../../../secrets/secrets.ts'
import type { UserauthRequest } from '../apf/messages.ts'
import type { CiraAccount, CiraAccounts } from '../ports.ts'
import { Attempts } from './attempts.ts'
import { type CiraLimits, FAILURES_WITHIN_MS } from './limits.ts'

export type Claim = {
  readonly guid: string
  readonly address: string
  readonly request: UserauthRequest
  /** SHA-256 of the client certificate of the connection, lower-case hexadecimal. */
  fingerprint(): string | undefined
}

export type Verdict =
  /** `version`: of the password that was used; absent with a certificate. */
  | { readonly account: CiraAccount; readonly version?: number }
  | { readonly code: 'cira-throttled' | 'cira-unknown-device' | 'cira-wrong-password' | 'cira-wrong-certificate' }

/** Whom passwords of unknown devices are compared with. */
const NOBODY: CiraAccount = {
  project: '',
  guid: '',
  username: '',
  passwords: [{ version: 0, value: Secret.of('nobody has this password') }],
}

export class Logins {
  readonly #accounts: CiraAccounts
  readonly #byGuid: Attempts
  readonly #byAddress: Attempts

  constructor(accounts: CiraAccounts, clock: Clock, limits: CiraLimits) {
    this.#accounts = accounts
    this.#byGuid = new Attempts(clock, limits.failuresPerGuid, FAILURES_WITHIN_MS)
    this.#byAddress = new Attempts(clock, limits.failuresPerAddress, FAILURES_WITHIN_MS)
  }

  /** Rejects with what the accounts reject with. */
  async check(claim: Claim): Promise<Verdict> {
    const { guid, address } = claim
    if (this.#byGuid.exhausted(guid) || this.#byAddress.exhausted(address)) return { code: 'cira-throttled' }
    const verdict = judge(await this.#accounts.find(guid), claim)
    if ('code' in verdict) {
      this.#byGuid.failed(guid)
      this.#byAddress.failed(address)
    }
    return verdict
  }
}

function judge(known: CiraAccount | undefined, { request, fingerprint }: Claim): Verdict {
  const account = known ?? NOBODY
  if (request.method === 'none') {
    const matches = sameText(fingerprint() ?? '', account.certificate ?? 'none')
    if (known === undefined) return { code: 'cira-unknown-device' }
    return matches && account.certificate !== undefined ? { account } : { code: 'cira-wrong-certificate' }
  }
  const named = sameText(request.user, account.username)
  let version: number | undefined
  // Every candidate is compared, so that the time does not tell which one it was.
  for (const password of account.passwords) {
    if (password.value.equals(request.password)) version ??= password.version
  }
  if (known === undefined) return { code: 'cira-unknown-device' }
  return named && version !== undefined ? { account, version } : { code: 'cira-wrong-password' }
}

function sameText(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other))
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
