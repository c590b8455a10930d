// SPDX-License-Identifier: Apache-2.0
/** Signs what is delivered, so that a receiver can tell who sent it, and when. Pure. */
import { createHmac } from 'node:crypto'
import type { EpochMs } from '../../../plugins/contract/index.ts'
import type { Secret } from '../../secrets/secrets.ts'

/**
 * The value of `Muster-Signature`: `t=<Unix seconds>,v1=<hex>`, where hex is HMAC-SHA256 (RFC 2104) over the ASCII
 * bytes of `t`, a full stop and the bytes of the body, keyed by the bytes of the secret as it was shown. After a change
 * of the secret there are two `v1`, the newer first. A receiver compares in constant time and refuses a `t` that is more
 * than five minutes from its own clock; every attempt is signed anew, so a repeated delivery passes.
 */
export function signatureOf(secrets: readonly Secret[], at: EpochMs, body: string): string {
  const t = Math.floor(at / 1_000)
  const signed = secrets.map(
    secret => `v1=${secret.use(key => createHmac('sha256', key).update(`${t}.`).update(body).digest('hex'))}`,
  )
  return [`t=${t}`, ...signed].join(',')
}
