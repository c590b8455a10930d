// SPDX-License-Identifier: Apache-2.0
/** HTTP Digest with MD5 (RFC 2617, RFC 7616), the only way into AMT: reads challenges and writes answers. */
import { createHash, hash } from 'node:crypto'
import type { RandomBytes } from '../../../../plugins/contract/index.ts'
import type { Secret } from '../../../secrets/secrets.ts'
import { problem } from '../problems.ts'

const METHOD = 'POST'
const URI = '/wsman'
/** H(A2) of RFC 7616 §3.4.3, which never changes here. */
const TARGET = hash('md5', `${METHOD}:${URI}`)
const CNONCE = 8
/** Client nonces drawn at once. */
const DRAWN = 8

export type Challenge = {
  /** The device's own: a part of its password hash, so it is never used for another device. */
  readonly realm: string
  readonly nonce: string
  /** Whether `qop=auth` is offered; old firmware offers none. */
  readonly hasQop: boolean
  readonly isSession: boolean
  readonly opaque: string | undefined
  /** The algorithm to repeat; `undefined` when the challenge named none. */
  readonly algorithm: string | undefined
  /** The password was right and the nonce too old. Firmware does not always say so. */
  readonly isStale: boolean
}

const PARAMETER = /([A-Za-z][A-Za-z0-9_-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))/g

/**
 * Reads the values of `WWW-Authenticate` and returns the first Digest challenge with MD5.
 * Throws `amt-unexpected` when there is none.
 */
export function readChallenge(values: readonly string[]): Challenge {
  for (const value of values) {
    // Several challenges may share a line; parameters of another scheme stand before or after the word.
    const [, text] = /(?:^|,)\s*Digest\s+(.*)$/is.exec(value.slice(0, 4_096)) ?? []
    const challenge = text === undefined ? undefined : challengeFrom(parametersOf(text))
    if (challenge !== undefined) return challenge
  }
  throw problem('amt-unexpected', 'it asks for a login that is not Digest with MD5')
}

function parametersOf(text: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (const [, name = '', quoted, token] of text.matchAll(PARAMETER)) {
    const key = name.toLowerCase()
    if (!parameters.has(key)) parameters.set(key, quoted?.replace(/\\(.)/g, '$1') ?? token ?? '')
  }
  return parameters
}

function challengeFrom(parameters: ReadonlyMap<string, string>): Challenge | undefined {
  const realm = parameters.get('realm')
  const nonce = parameters.get('nonce')
  const algorithm = parameters.get('algorithm')
  const known = algorithm?.toLowerCase() ?? 'md5'
  if (realm === undefined || nonce === undefined || (known !== 'md5' && known !== 'md5-sess')) return undefined
  const qop = parameters.get('qop')
  const offers = (qop ?? '').split(',').map(each => each.trim().toLowerCase())
  if (qop !== undefined && !offers.includes('auth')) return undefined
  return {
    realm,
    nonce,
    hasQop: qop !== undefined,
    isSession: known === 'md5-sess',
    opaque: parameters.get('opaque'),
    algorithm,
    isStale: parameters.get('stale')?.toLowerCase() === 'true',
  }
}

export type Login = { readonly username: string; readonly password: Secret }

/** Answers one challenge for as many requests as the device accepts it for. */
export class Answers {
  readonly challenge: Challenge
  readonly #random: RandomBytes
  #count = 0
  #drawn = Buffer.alloc(0)
  /** H(A1) of the login that was answered with last. */
  #known: { readonly login: Login; readonly secret: string } | undefined

  /** @param former what answered until now: when a challenge repeats its nonce, the counting goes on. */
  constructor(challenge: Challenge, random: RandomBytes, former?: Answers) {
    this.challenge = challenge
    this.#random = random
    if (former?.challenge.nonce === challenge.nonce) this.#count = former.#count
  }

  /** The value of `Authorization` for the next request to `POST /wsman`, written as MPS and RPS write it. */
  next(login: Login): string {
    const { realm, nonce, hasQop, isSession, opaque, algorithm } = this.challenge
    const nc = (++this.#count).toString(16).padStart(8, '0')
    const cnonce = this.#cnonce()
    const secret = this.#secret(login)
    const first = isSession ? md5(`${secret}:${nonce}:${cnonce}`) : secret
    const response = md5(hasQop ? `${first}:${nonce}:${nc}:${cnonce}:auth:${TARGET}` : `${first}:${nonce}:${TARGET}`)
    const base = [pair('username', login.username), pair('realm', realm), pair('nonce', nonce), pair('uri', URI)]
    if (hasQop) base.push('qop="auth"')
    base.push(`response="${response}"`)
    if (hasQop) base.push(`nc="${nc}"`)
    if (hasQop || isSession) base.push(`cnonce="${cnonce}"`)
    if (opaque !== undefined) base.push(pair('opaque', opaque))
    if (algorithm !== undefined) base.push(`algorithm=${algorithm}`)
    return `Digest ${base.join(',')}`
  }

  #cnonce(): string {
    if (this.#drawn.length === 0) this.#drawn = Buffer.from(this.#random(CNONCE * DRAWN))
    const cnonce = this.#drawn.toString('hex', 0, CNONCE)
    this.#drawn = this.#drawn.subarray(CNONCE)
    return cnonce
  }

  #secret(login: Login): string {
    const { username, password } = login
    const known = this.#known
    if (known?.login.username === username && known.login.password === password) return known.secret
    const secret = password.use(text => md5(`${username}:${this.challenge.realm}:${text}`))
    this.#known = { login, secret }
    return secret
  }
}

/** The MD5 that AMT keeps instead of a password, as raw bytes: `username:realm:password`. */
export function passwordHash({ username, password }: Login, realm: string): Buffer {
  return password.use(text => createHash('md5').update(`${username}:${realm}:${text}`).digest())
}

function pair(name: string, value: string): string {
  return `${name}="${value.replace(/["\\]/g, '\\$&')}"`
}

function md5(text: string): string {
  return hash('md5', text)
}
