// SPDX-License-Identifier: Apache-2.0
/** Logs the calls of one device in: one challenge for many calls, and every password that may be in force after a cut. */
import type { Log, RandomBytes } from '../../../../plugins/contract/index.ts'
import type { Secret } from '../../../secrets/secrets.ts'
import { problem } from '../problems.ts'
import { Answers, readChallenge } from './digest.ts'
import type { HttpReply } from './http.ts'

/** What may be in force, most likely first. */
export type Candidates = {
  readonly username: string
  readonly passwords: readonly { readonly version: number; readonly value: Secret }[]
}

export type LoginParts = {
  readonly credentials: () => Promise<Candidates>
  /** A password was accepted for the first time since it was asked for. What it throws is logged and goes no further. */
  readonly verified?: ((version: number) => Promise<void> | void) | undefined
  readonly random: RandomBytes
  readonly log: Log
}

/** Refused answers after which a call gives up; firmware slows down who guesses. */
const MAX_REFUSALS = 3

export class DeviceLogin {
  readonly #parts: LoginParts
  #answers: Answers | undefined
  #candidates: Candidates | undefined
  /** Which candidate is tried, or in force. */
  #place = 0
  #isProven = false

  constructor(parts: LoginParts) {
    this.#parts = parts
  }

  /**
   * Sends through `exchange`, which is given the value of `Authorization`, until the device lets it in.
   * Throws `amt-unauthorized` after three refused answers, or when there is no password to try; the next call goes on
   * with the candidates that were not tried yet.
   */
  async through(exchange: (authorization: string | undefined) => Promise<HttpReply>): Promise<HttpReply> {
    let renewed = false
    for (let refusals = 0; refusals < MAX_REFUSALS; ) {
      const candidate = await this.#candidate()
      const authorization = candidate === undefined ? undefined : this.#answers?.next(candidate)
      const reply = await exchange(authorization)
      if (reply.status !== 401) {
        if (authorization !== undefined) await this.#accepted()
        return reply
      }
      const { challenge } = this.#answer(reply)
      if (authorization === undefined) {
        if (candidate === undefined) break
        continue // the device only tells how it wants to be asked
      }
      if (!renewed && (challenge.isStale || this.#isProven)) {
        renewed = true // not every firmware says that it was the nonce
        continue
      }
      refusals++
      if (!(await this.#next())) break
    }
    throw problem('amt-unauthorized')
  }

  #answer(reply: HttpReply): Answers {
    const challenge = readChallenge(reply.headers.get('www-authenticate') ?? [])
    this.#answers = new Answers(challenge, this.#parts.random, this.#answers)
    return this.#answers
  }

  async #candidate(): Promise<{ username: string; password: Secret } | undefined> {
    this.#candidates ??= await this.#parts.credentials()
    const { username, passwords } = this.#candidates
    const password = passwords[this.#place]?.value
    return password === undefined ? undefined : { username, password }
  }

  /** Turns to the next candidate; after the last one, the next call asks for them anew. */
  async #next(): Promise<boolean> {
    const wasProven = this.#isProven
    this.#isProven = false
    this.#place++
    if (!wasProven && this.#place < (this.#candidates?.passwords.length ?? 0)) return true
    this.#candidates = undefined
    this.#place = 0
    return wasProven // what was in force no longer is: somebody has changed it, and perhaps told the store
  }

  async #accepted(): Promise<void> {
    if (this.#isProven) return
    this.#isProven = true
    const version = this.#candidates?.passwords[this.#place]?.version
    if (version === undefined) return
    try {
      await this.#parts.verified?.(version)
    } catch (thrown) {
      this.#parts.log.error('a verified password was not noted', { error: String(thrown) })
    }
  }
}
