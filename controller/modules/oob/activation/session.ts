// SPDX-License-Identifier: Apache-2.0
/** One run of `rpc` against us, from its first message to the last word. */
import { MINUTE, Problem } from '../../../../plugins/contract/index.ts'
import { problem as shared } from '../problems.ts'
import type { Wsman } from '../wsman/wsman.ts'
import { type Ground, TIMING, type Timing } from './ground.ts'
import {
  certificateFor,
  checkKnown,
  checkOwner,
  checkUuid,
  checkVersion,
  isVouchedFor,
  type Passwords,
  passwordsFor,
  projectOf,
  resolvedFor,
} from './guards.ts'
import type { Attempt, Ledger, NewAttempt } from './ledger.ts'
import type { Link } from './link.ts'
import { checkTask, maintain } from './maintenance.ts'
import { failureOf, outcomeOf } from './outcome.ts'
import type { ActivationParts } from './parts.ts'
import { type ClientMessage, type DeviceClaim, type Outcome, Refusal, write } from './protocol.ts'
import { provisionOver } from './provision.ts'
import { registerDevice } from './register.ts'
import { secureLocal, setUp } from './setup.ts'
import { TEXT } from './texts.ts'
import { unprovisionOver } from './unprovision.ts'
import type { Wanted } from './wanted.ts'
import { logIn, Way } from './way.ts'

export type SessionParts = {
  readonly parts: ActivationParts
  readonly ledger: Ledger
  readonly link: Link
  readonly address: string
  /** Aborts when the program stops, or when a later session takes the device over. */
  readonly signal: AbortSignal
  /** Called once it is known which device it is; resolves when no other session works on it. */
  readonly claim: (project: string, guid: string) => Promise<void>
}

type Command = Extract<ClientMessage, { readonly kind: 'command' }>

const FIRST_MESSAGE_MS = MINUTE / 2

/** Never rejects: what goes wrong is told to the client, and written down. */
export async function runSession(session: SessionParts): Promise<void> {
  const { parts, link } = session
  const timing = { ...TIMING, ...parts.timing }
  const { clock } = parts.kernel
  const budget = new AbortController()
  const late = (): void => budget.abort(shared('amt-timeout', 'the session took too long', { sent: true }))
  const forgets = [clock.after(timing.budgetMs, late)]
  const forgetFirst = clock.after(FIRST_MESSAGE_MS, () => link.close())
  try {
    const command = await link.first()
    forgetFirst()
    const signal = AbortSignal.any([session.signal, link.signal, budget.signal])
    await new Session(session, { command, signal, timing }).run()
  } catch (thrown) {
    if (thrown instanceof Refusal) await link.finish(failureOf(thrown.message), false)
    else if (!(thrown instanceof Problem)) parts.log.error('an activation session broke', { error: String(thrown) })
  } finally {
    forgetFirst()
    for (const forget of forgets) forget()
    link.close()
  }
}

type Setting = { readonly command: Command; readonly signal: AbortSignal; readonly timing: Timing }

class Session {
  readonly #given: SessionParts
  readonly #setting: Setting
  readonly #project: string
  readonly #way: Way
  #admin: Wsman | undefined
  #attempt: Attempt | undefined

  constructor(given: SessionParts, setting: Setting) {
    this.#given = given
    this.#setting = setting
    this.#project = projectOf(given.parts, setting.command.tenantId)
    const { link, parts } = given
    const { claim } = setting.command
    this.#way = new Way({ parts, link, project: this.#project, claim, timing: setting.timing })
  }

  get #claim(): DeviceClaim {
    return this.#setting.command.claim
  }

  async run(): Promise<void> {
    const { link, parts } = this.#given
    try {
      const outcome = await this.#dispatch()
      await this.#end('succeeded', outcome.Status ?? '')
      await link.finish(outcome, true)
    } catch (thrown) {
      const isCut = !(thrown instanceof Refusal) && (this.#given.signal.aborted || link.signal.aborted)
      const message = thrown instanceof Refusal ? thrown.message : textOf(thrown)
      if (!(thrown instanceof Refusal) && !isCut) {
        const { code, detail } = thrown instanceof Problem ? thrown : { code: 'internal', detail: String(thrown) }
        parts.log.warn('an activation session failed', { guid: this.#claim.uuid, code, detail })
      }
      await this.#end(isCut ? 'cut' : 'failed', isCut ? 'the session was cut off' : message)
      await link.finish(failureOf(message), false)
    }
  }

  async #dispatch(): Promise<Outcome> {
    const { command } = this.#setting.command
    const { claim } = this.#given
    checkUuid(this.#claim)
    switch (command.verb) {
      case 'activate':
        await claim(this.#project, this.#claim.uuid)
        return this.#activate()
      case 'deactivate':
        await claim(this.#project, this.#claim.uuid)
        return this.#deactivate()
      case 'maintenance':
        await claim(this.#project, this.#claim.uuid)
        return this.#maintain()
      default:
        throw new Refusal(TEXT.unknownMethod(this.#claim.uuid))
    }
  }

  async #activate(): Promise<Outcome> {
    const { parts } = this.#given
    const { command } = this.#setting.command
    const claim = this.#claim
    checkVersion(claim, 'activation')
    if (claim.password === '' && command.password === undefined) throw new Refusal(TEXT.missingPassword(claim.uuid))
    const name = command.profile ?? ''
    const { wanted } = await resolvedFor(parts, { project: this.#project, claim, name })
    if (claim.currentMode === undefined) throw new Refusal(TEXT.unknownMode(claim.uuid))
    if (claim.currentMode === 2 && wanted.mode === 'client') throw new Refusal(TEXT.alreadyAdmin(claim.uuid))
    await checkKnown(parts, this.#project, claim.uuid)
    await checkOwner(parts, this.#project, claim.uuid)
    const needsCertificate = wanted.mode === 'admin' && claim.currentMode !== 2
    const certificate = needsCertificate ? await certificateFor(parts, this.#project, claim) : undefined
    const unfinished = await this.#given.ledger.unfinished(this.#project, claim.uuid)
    const isResumed = unfinished?.verb === 'activate'
    const passwords = claim.currentMode === 0 ? undefined : await this.#passwords({ isResumed, adopts: true })
    const now = (['none', 'client', 'admin'] as const)[claim.currentMode] ?? 'none'
    const from = isResumed && unfinished.from_mode === 'none' ? 'none' : now
    const { profile, mode } = wanted
    await this.#begin({ verb: 'activate', profile, mode, from })
    if (claim.currentMode === 0) await this.#noticeDuplicate()
    await this.#way.open()
    const ground = this.#ground(passwords)
    const local = claim.currentMode === 0 ? this.#way.local() : undefined
    const major = Number.parseInt(claim.ver, 10)
    const status = await setUp({
      ground,
      local,
      wanted,
      certificate,
      majorVersion: major,
      // From this generation on, admin control is reached through client control only.
      viaClient: major >= 19 || claim.tlsEnforced || claim.tlsTunnel,
      secure: claim.tlsEnforced || claim.tlsTunnel ? () => this.#secure(ground, wanted) : undefined,
      from,
    })
    await logIn(ground.wsman(), ground.signal)
    await registerDevice(ground, { claim, tags: wanted.tags, mode: wanted.mode })
    const provisioned = await provisionOver(ground, wanted)
    return outcomeOf({ wanted, status, provisioned })
  }

  async #deactivate(): Promise<Outcome> {
    const { parts, ledger } = this.#given
    const claim = this.#claim
    if (claim.currentMode === undefined) throw new Refusal(TEXT.unknownModeDeactivating(claim.uuid, -1))
    const unfinished = await ledger.unfinished(this.#project, claim.uuid)
    const isResumed = unfinished?.verb === 'deactivate'
    if (claim.currentMode === 0 && !isResumed) throw new Refusal(TEXT.notProvisioned(claim.uuid))
    checkVersion(claim, 'deactivation')
    await checkOwner(parts, this.#project, claim.uuid)
    const from = (['none', 'client', 'admin'] as const)[claim.currentMode] ?? 'none'
    if (claim.currentMode === 0) {
      // What was begun took place, and only its last words were lost.
      await this.#begin({ verb: 'deactivate', profile: undefined, mode: undefined, from })
      await this.#forgetDevice()
      return { Status: TEXT.deactivated }
    }
    const passwords = await this.#passwords({ isResumed, adopts: false })
    await this.#begin({ verb: 'deactivate', profile: undefined, mode: undefined, from })
    await this.#way.open()
    const ground = this.#ground(passwords)
    await ground.onStep('deactivate', `it is in ${from} control mode`)
    await unprovisionOver(ground)
    return { Status: TEXT.deactivated }
  }

  async #maintain(): Promise<Outcome> {
    const { parts } = this.#given
    const claim = this.#claim
    const { command } = this.#setting.command
    const task = checkTask(command, claim)
    if (claim.currentMode === undefined || claim.currentMode === 0) throw new Refusal(TEXT.notProvisioned(claim.uuid))
    await checkOwner(parts, this.#project, claim.uuid)
    const passwords = await this.#passwords({ isResumed: false, adopts: false })
    const from = claim.currentMode === 1 ? 'client' : 'admin'
    await this.#begin({ verb: 'maintenance', profile: task, mode: undefined, from })
    await this.#way.open()
    const ground = this.#ground(passwords)
    await logIn(ground.wsman(), ground.signal)
    await ground.onStep(task, 'it was asked for')
    try {
      await maintain(ground, task, { command, claim })
    } catch (thrown) {
      ground.signal.throwIfAborted()
      if (thrown instanceof Refusal) throw thrown
      throw new Refusal(TEXT.taskFailed(task, textOf(thrown)))
    }
    return { Status: TEXT.taskDone(task) }
  }

  async #passwords({ isResumed, adopts }: { isResumed: boolean; adopts: boolean }): Promise<Passwords> {
    const { parts } = this.#given
    const { command, claim } = this.#setting.command
    const isOrdered = isVouchedFor(command.verb, await parts.ordered(this.#project, claim.uuid))
    const question = { project: this.#project, claim, command, isOrdered, isResumed, adopts }
    try {
      return await passwordsFor(parts, question)
    } catch (thrown) {
      if (thrown instanceof Refusal) await this.#refuse(thrown.message)
      throw thrown
    }
  }

  /** A wrong password is worth to be seen by whoever looks after the fleet. */
  async #refuse(message: string): Promise<void> {
    const { command } = this.#setting.command
    const verb = command.verb === 'deactivate' || command.verb === 'maintenance' ? command.verb : 'activate'
    const from = this.#claim.currentMode === 2 ? 'admin' : 'client'
    await this.#given.ledger.refused(
      this.#newAttempt({ verb, profile: command.profile, mode: undefined, from }),
      message,
    )
  }

  #newAttempt(more: Pick<NewAttempt, 'verb' | 'profile' | 'mode' | 'from'>): NewAttempt {
    return { project: this.#project, guid: this.#claim.uuid, address: this.#given.address, ...more }
  }

  async #begin(more: Pick<NewAttempt, 'verb' | 'profile' | 'mode' | 'from'>): Promise<void> {
    this.#attempt = await this.#given.ledger.begin(this.#newAttempt(more))
  }

  async #end(outcome: 'succeeded' | 'failed' | 'cut', message: string): Promise<void> {
    const { link, parts } = this.#given
    try {
      await this.#attempt?.end({ outcome, message, messages: link.messages })
    } catch (thrown) {
      parts.log.error('the end of an activation was not written down', { error: String(thrown) })
    }
  }

  #ground(passwords: Passwords | undefined): Ground {
    const { parts, link, ledger } = this.#given
    const { timing, signal } = this.#setting
    const { kernel, secrets, devices, certificates, enterprise } = parts
    const guid = this.#claim.uuid
    return {
      project: this.#project,
      guid,
      wsman: () => (this.#admin ??= this.#way.admin(passwords)),
      signal,
      store: kernel.store,
      secrets,
      devices,
      clock: kernel.clock,
      random: kernel.random,
      log: parts.log,
      certificates,
      marks: ledger.marks(this.#project, guid),
      ...(enterprise === undefined ? {} : { enterprise }),
      forget: each => parts.reaches.forget(each),
      onStep: async (what, why) => {
        if (this.#claim.progressSupported) await link.send(write.progress(`${what}: ${why}`))
        await this.#attempt?.step(what, why)
      },
      pause: ms => link.pause(ms, signal),
      // A tunnel through TLS would be cut by switching TLS off.
      tlsEnforced: this.#claim.tlsEnforced || this.#claim.tlsTunnel,
      timing,
    }
  }

  async #secure(ground: Ground, wanted: Wanted): Promise<void> {
    await secureLocal(ground, wanted)
    await this.#way.switchToTls(ground.signal)
  }

  async #forgetDevice(): Promise<void> {
    const { kernel, devices } = this.#given.parts
    await kernel.store.change(tx => devices.remove(tx, this.#project, this.#claim.uuid, { secrets: true }))
  }

  /** A machine that is not activated, while one with its UUID holds a tunnel: there are two of them. */
  async #noticeDuplicate(): Promise<void> {
    const { kernel, devices, log } = this.#given.parts
    const device = await devices.find(kernel.store, this.#project, this.#claim.uuid)
    if (device?.connected !== true || device.hostname === this.#claim.hostname) return
    const hostnames = [device.hostname, this.#claim.hostname]
    log.warn('two machines have one UUID', { guid: device.guid, hostnames })
    await kernel.store.change(tx =>
      kernel.events.emit(tx, {
        project: this.#project,
        type: 'oob.duplicate',
        subject: device.guid,
        data: { hostnames, address: this.#given.address },
      }),
    )
  }
}

function textOf(thrown: unknown): string {
  if (!(thrown instanceof Problem)) return 'request failed'
  return thrown.code === 'amt-unauthorized' ? TEXT.unauthorized : (thrown.detail ?? thrown.title)
}
