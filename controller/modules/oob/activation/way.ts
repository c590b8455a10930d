// SPDX-License-Identifier: Apache-2.0
/** The way of one session to the firmware: plain or through TLS, logged in as the host's account or as administrator. */
import { MINUTE, Problem } from '../../../../plugins/contract/index.ts'
import { Secret } from '../../../secrets/secrets.ts'
import { deviceSecret } from '../devices/secrets.ts'
import { PORTS } from '../ports.ts'
import { problem as shared } from '../problems.ts'
import { createWsman } from '../wsman/client.ts'
import type { Exchange } from '../wsman/exchange.ts'
import type { Wsman } from '../wsman/wsman.ts'
import type { Timing } from './ground.ts'
import { GIVEN, type Passwords } from './guards.ts'
import type { Link } from './link.ts'
import { again } from './observe.ts'
import type { ActivationParts } from './parts.ts'
import { type DeviceClaim, Refusal } from './protocol.ts'
import { TEXT } from './texts.ts'
import { TlsWay } from './tls-way.ts'

export type WayParts = {
  readonly parts: ActivationParts
  readonly link: Link
  readonly project: string
  readonly claim: DeviceClaim
  readonly timing: Timing
}

export class Way {
  readonly #given: WayParts
  #exchange: Exchange
  #tls: TlsWay | undefined

  constructor(given: WayParts) {
    this.#given = given
    this.#exchange = given.link.exchange()
  }

  /** Speaks TLS from the start where the firmware listens for nothing else. */
  async open(): Promise<void> {
    if (this.#given.claim.tlsEnforced) this.#exchange = await this.#tlsWay(await this.#ownRoot())
  }

  /** Goes on at the firmware's TLS port, which by now has a certificate of ours. */
  async switchToTls(signal: AbortSignal): Promise<void> {
    const { parts, link, timing } = this.#given
    const root = await this.#ownRoot()
    const way = await this.#tlsWay(root)
    way.close()
    const delay = Math.ceil(timing.tlsMs / 1_000)
    const late = new AbortController()
    const forget = parts.kernel.clock.after(delay * 1_000 + MINUTE, () =>
      late.abort(shared('amt-timeout', 'the port was not switched', { sent: true })),
    )
    try {
      const order = { port: PORTS.wsmanTls, delay, rootCert: pemOf(root) }
      await link.switchPort(order, AbortSignal.any([signal, late.signal]))
    } finally {
      forget()
    }
    this.#exchange = way
  }

  /** As the account that the host's driver gave the client; good until the device is activated. */
  local(): Wsman {
    const { username, password } = this.#given.claim
    const passwords = [{ version: GIVEN, value: Secret.of(password) }]
    return createWsman({ ...this.#wire(), credentials: async () => ({ username, passwords }) })
  }

  /** As `admin`, first with the given passwords, then with what is kept; the one that is taken is kept as the active one. */
  admin(passwords: Passwords | undefined): Wsman {
    const { kernel, secrets } = this.#given.parts
    const name = deviceSecret(this.#given.project, this.#given.claim.uuid, 'amt-admin')
    const given = passwords?.find(each => each.version === GIVEN)
    let first = passwords
    return createWsman({
      ...this.#wire(),
      credentials: async () => {
        const candidates = first ?? (await secrets.candidates(kernel.store, name))
        first = undefined
        return { username: 'admin', passwords: candidates }
      },
      verified: async version => {
        await kernel.store.change(async tx => {
          if (version !== GIVEN) await secrets.activate(tx, name, version)
          else if (given !== undefined) await secrets.put(tx, name, given.value)
        })
      },
    })
  }

  #wire() {
    const { parts, claim, timing } = this.#given
    const { clock, random } = parts.kernel
    const exchange: Exchange = {
      send: (request, signal) => this.#exchange.send(request, signal),
      close: () => {},
    }
    return { guid: claim.uuid, exchange, clock, random, log: parts.log, limits: { deadlineMs: timing.callMs } }
  }

  #ownRoot(): Promise<string> {
    return this.#given.parts.certificates.root(this.#given.project)
  }

  async #tlsWay(ownRoot: string): Promise<TlsWay> {
    const { parts, link, claim, timing } = this.#given
    this.#tls ??= new TlsWay({
      link,
      ownRoot,
      onDieRoots: parts.config.onDieRoots,
      judge: ({ kind, subject }) => {
        parts.log.info('a TLS session with firmware began', { guid: claim.uuid, certificate: kind, subject })
        if (kind === 'unproven' && parts.config.onDie === 'require') throw new Refusal(TEXT.unauthorized)
      },
      rest: signal => parts.kernel.clock.sleep(timing.tlsMs, signal),
    })
    return this.#tls
  }
}

/** The client of the firmware gives up after three passwords, and goes on with the others when it is asked again. */
const ROUNDS = 3

/** Proves that one of the passwords is in force. Rejects with `amt-unauthorized` when none is. */
export async function logIn(wsman: Wsman, signal: AbortSignal): Promise<void> {
  for (let round = 1; ; round++) {
    try {
      await again(signal, () => wsman.get('AMT_GeneralSettings', { signal }))
      return
    } catch (thrown) {
      if (!(thrown instanceof Problem) || thrown.code !== 'amt-unauthorized' || round >= ROUNDS) throw thrown
    }
  }
}

function pemOf(der: string): string {
  return `-----BEGIN CERTIFICATE-----\n${der.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END CERTIFICATE-----\n`
}
