// SPDX-License-Identifier: Apache-2.0
/** JSON Web Tokens (RFC 7519): the ones of identity providers that are verified, and our own. */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import {
  calculateJwkThumbprint,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  exportJWK,
  type JWK,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
  SignJWT,
} from 'jose'
import { type Clock, MINUTE, SECOND } from '../../../../plugins/contract/index.ts'

export type Claims = JWTPayload

/** What a token says of itself before anything is verified; `undefined` for what is no token. */
export type Unverified = {
  readonly issuer: string | undefined
  readonly kid: string | undefined
  readonly alg: string | undefined
}

/** Signatures with a private key only: with a shared key, whoever verifies could sign. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'PS256']
const MAX_TOKEN = 14_000
const SKEW_S = 60
const FETCH_EVERY_MS = 30 * SECOND
const FETCH_TIMEOUT_MS = 5 * SECOND
const KEYS_KEPT_MS = 10 * MINUTE

export function peek(token: string): Unverified | undefined {
  if (token.length > MAX_TOKEN || !/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return undefined
  try {
    const { kid, alg } = decodeProtectedHeader(token)
    const { iss } = decodeJwt(token)
    return { issuer: typeof iss === 'string' ? iss : undefined, kid, alg }
  } catch {
    return undefined
  }
}

/** Where keys are found; fetched at most once in 30 s, also when that fails or the key is not there. */
export function remoteKeys(uri: string, clock: Pick<Clock, 'monotonic'>): JWTVerifyGetKey {
  const fetched = createRemoteJWKSet(new URL(uri), {
    cooldownDuration: FETCH_EVERY_MS,
    cacheMaxAge: KEYS_KEPT_MS,
    timeoutDuration: FETCH_TIMEOUT_MS,
  })
  let failedAt = Number.NEGATIVE_INFINITY
  return async (header, token) => {
    if (clock.monotonic() - failedAt < FETCH_EVERY_MS) throw new errors.JWKSTimeout()
    try {
      return await fetched(header, token)
    } catch (thrown) {
      const answered = thrown instanceof errors.JWKSNoMatchingKey || thrown instanceof errors.JWKSMultipleMatchingKeys
      if (!answered) failedAt = clock.monotonic()
      throw thrown
    }
  }
}

export type Expected = {
  readonly keys: JWTVerifyGetKey | KeyObject
  readonly issuer?: string
  readonly typ?: string
  /** Epoch ms. */
  readonly now: number
}

/** The claims of a token whose signature, issuer and times hold; `undefined` for any other. Audiences are the caller's business. */
export async function verifyJwt(token: string, { keys, issuer, now }: Expected): Promise<Claims | undefined> {
  const options = {
    algorithms: ALGORITHMS,
    clockTolerance: SKEW_S,
    currentDate: new Date(now),
    requiredClaims: ['exp', 'sub', 'iat'],
    ...(issuer === undefined ? {} : { issuer }),
  }
  try {
    const { payload } =
      typeof keys === 'function' ? await jwtVerify(token, keys, options) : await jwtVerify(token, keys, options)
    return payload
  } catch {
    return undefined
  }
}

/** A key pair of our own, as it is kept and shown. */
export type SigningKey = {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** As RFC 7517 has it. */
  readonly jwk: JWK
}

/** A fresh RSA key, as PEM (PKCS #8). */
export function newSigningKey(): Promise<string> {
  return new Promise((resolve, reject) => {
    generateKeyPair('rsa', { modulusLength: 2_048 }, (error, _, privateKey) =>
      error === null ? resolve(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()) : reject(error),
    )
  })
}

export async function signingKeyOf(pem: string): Promise<SigningKey> {
  const privateKey = createPrivateKey(pem)
  const publicKey = createPublicKey(privateKey)
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  return { kid, privateKey, publicKey, jwk: { ...jwk, kid, alg: 'RS256', use: 'sig' } }
}

/** Signs claims as RS256; times are among the claims. */
export function signJwt(claims: Claims, { kid, privateKey }: SigningKey): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid }).sign(privateKey)
}
