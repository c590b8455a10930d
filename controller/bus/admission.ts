// SPDX-License-Identifier: Apache-2.0
/** Decides on a CONNECT, in the two steps the broker leaves room for: before the client has a name, and after. */
import type { Verdict } from './bus.ts'
import { type Connect, type ConnectRefusal, refusalOf } from './connect.ts'
import type { Parts } from './parts.ts'
import type { Session } from './session.ts'

export class Admission {
  readonly #parts: Parts
  /** Those that will be refused with a CONNACK. */
  readonly #refusals = new WeakMap<Session, ConnectRefusal>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Looks at the packet. A code means that the connection is closed without a CONNACK. */
  examine(session: Session, connect: Connect): string | undefined {
    const { limits, fences } = this.#parts
    const { peer } = session
    const refusal = refusalOf(connect, peer, limits) ?? this.#tooOften(fences.mayConnect(peer.host))
    if (refusal === undefined) return undefined
    if (refusal.returnCode === undefined) {
      this.#refuse(session, refusal)
      return refusal.code
    }
    this.#refusals.set(session, refusal)
    return undefined
  }

  /** Asks the kernel. A refusal is answered with its return code, and whoever is connected stays. */
  async admit(session: Session): Promise<ConnectRefusal | undefined> {
    const refusal = this.#refusals.get(session) ?? (await this.#ask(session))
    if (refusal !== undefined) this.#refuse(session, refusal)
    return refusal
  }

  #tooOften(mayConnect: boolean): ConnectRefusal | undefined {
    return mayConnect ? undefined : { code: 'connect-rate-host', returnCode: 3 }
  }

  async #ask(session: Session): Promise<ConnectRefusal | undefined> {
    const { options, limits } = this.#parts
    const late = Promise.withResolvers<Verdict>()
    const forget = options.clock.after(limits.admitMs, () => late.reject(new Error('it took too long')))
    try {
      const verdict = await Promise.race([options.events.admit(session.peer), late.promise])
      if (!verdict.allow) return { code: verdict.code, returnCode: 5 }
      session.standing = verdict.standing
      return undefined
    } catch (thrown) {
      options.log.error('a host could not be admitted', { host: session.peer.host, err: thrown })
      return { code: 'admission-failed', returnCode: 3 }
    } finally {
      forget()
    }
  }

  #refuse(session: Session, { code }: ConnectRefusal): void {
    session.ending ??= code
    this.#parts.refusals.add(session.refusal(code))
  }
}
