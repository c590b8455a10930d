// SPDX-License-Identifier: Apache-2.0
/**
 * Stands between a browser and the redirection port until the session is open: logs in to the device by itself, and lets
 * the browser believe that it did. What the browser sends as its login is thrown away; what it is told of ours are the
 * kinds of login and the verdict. Pure.
 */
import type { Credentials } from '../ports.ts'
import { type Authentication, createAuthentication, type LoginStep } from './authentication.ts'
import { createPending } from './bytes.ts'
import {
  AUTH,
  authenticateReply,
  type ClientFrame,
  type DeviceFrame,
  type Mode,
  packStrings,
  readClientFrame,
  readDeviceFrame,
  unpackStrings,
} from './framing.ts'

export type Failure = 'protocol' | 'mode' | 'refused' | 'unauthorized' | 'no-common-kind'

/** What follows from some bytes: what to hand on each way, and whether the session is open or over. */
export type Progress = {
  readonly toDevice: readonly Uint8Array[]
  readonly toBrowser: readonly Uint8Array[]
  readonly state: 'opening' | 'open' | { readonly failed: Failure; readonly detail: string }
  /** What each side had already said beyond the opening, at the moment the session became open. */
  readonly rest?: { readonly fromBrowser: Uint8Array; readonly fromDevice: Uint8Array }
}

/** Not to be used any more once it is open or has failed. */
export interface Interceptor {
  /** What the session is for, once the browser has said so. */
  readonly mode: Mode | undefined
  fromBrowser(data: Uint8Array): Progress
  fromDevice(data: Uint8Array): Progress
}

export type InterceptorParts = {
  readonly credentials: Credentials
  /** Fresh random text for our login, and for the challenge that the browser gets instead of the device's. */
  readonly cnonce: string
  readonly decoy: string
  /** The only mode that may be started, if it is known beforehand. */
  readonly mode?: Mode | undefined
}

const MAX_WAITING = 65_536
const START_STATUS: Readonly<Record<number, string>> = { 1: 'type unknown', 2: 'busy', 3: 'unsupported' }

export function createInterceptor(parts: InterceptorParts): Interceptor {
  return new Opening(parts)
}

class Opening implements Interceptor {
  readonly #parts: InterceptorParts
  readonly #login: Authentication
  readonly #browser = createPending(MAX_WAITING)
  readonly #device = createPending(MAX_WAITING)
  #toDevice: Uint8Array[] = []
  #toBrowser: Uint8Array[] = []
  #state: Progress['state'] = 'opening'
  #mode: Mode | undefined
  #started = false
  /** `asked`: the browser waits for the kinds of login. `running`: we log in. */
  #ours: 'idle' | 'asked' | 'running' | 'done' | 'failed' = 'idle'
  /** The kind of the browser's last word in its login, once it is spoken. */
  #finished: number | undefined
  #kinds: Uint8Array | undefined

  constructor(parts: InterceptorParts) {
    this.#parts = parts
    this.#login = createAuthentication(parts.credentials, parts.cnonce)
  }

  get mode(): Mode | undefined {
    return this.#mode
  }

  fromBrowser(data: Uint8Array): Progress {
    if (!this.#browser.add(data)) this.#fail('protocol', 'too much before the session is open')
    this.#drainBrowser()
    return this.#progress()
  }

  fromDevice(data: Uint8Array): Progress {
    if (!this.#device.add(data)) this.#fail('protocol', 'too much before the session is open')
    while (this.#state === 'opening') {
      const found = readDeviceFrame(this.#device.bytes)
      if (found === 'wait') break
      if (found === 'bad') this.#fail('protocol', 'from the device')
      else {
        this.#device.drop(found.size)
        this.#onDeviceFrame(found.frame)
      }
    }
    this.#drainBrowser()
    return this.#progress()
  }

  #drainBrowser(): void {
    while (this.#state === 'opening' && this.#browserMayGoOn()) {
      const found = readClientFrame(this.#browser.bytes)
      if (found === 'wait') return
      if (found === 'bad') return void this.#fail('protocol', 'from the browser')
      this.#browser.drop(found.size)
      this.#onBrowserFrame(found.frame)
    }
  }

  /** What a browser says ahead waits: for the start to be answered, and for the verdict. */
  #browserMayGoOn(): boolean {
    return this.#finished === undefined && (this.#mode === undefined || this.#started)
  }

  #onBrowserFrame(frame: ClientFrame): void {
    if (frame.kind === 'authenticate') return void this.#onAuthenticate(frame.type, frame.data)
    if (frame.kind === 'end') return void this.#toDevice.push(frame.bytes)
    const allowed = this.#parts.mode ?? frame.mode
    if (frame.mode === undefined || this.#mode !== undefined || allowed !== frame.mode)
      return void this.#fail('mode', 'it starts another kind of session than it may')
    this.#mode = frame.mode
    this.#toDevice.push(frame.bytes)
  }

  #onAuthenticate(type: number, data: Uint8Array): void {
    if (!this.#started) return void this.#fail('protocol', 'a login before the start')
    if (type === AUTH.query) return void this.#tellKinds()
    this.#beginLogin()
    if (type === AUTH.kerberos) return void this.#tell(2, type)
    const isDigest = type === AUTH.digest || type === AUTH.legacyDigest
    if (isDigest && isFirstDigest(data)) return void this.#tell(1, type, decoyChallenge(this.#parts.decoy, type))
    this.#finished = type
    this.#conclude()
  }

  #tellKinds(): void {
    if (this.#kinds !== undefined) return void this.#tell(0, AUTH.query, this.#kinds)
    this.#beginLogin()
    if (this.#ours === 'running') this.#ours = 'asked'
  }

  #beginLogin(): void {
    if (this.#ours !== 'idle') return
    this.#ours = 'running'
    this.#toDevice.push(this.#login.query())
  }

  #onDeviceFrame(frame: DeviceFrame): void {
    if (frame.kind === 'started') {
      this.#toBrowser.push(frame.bytes)
      this.#started = frame.status === 0
      if (!this.#started) this.#fail('refused', START_STATUS[frame.status] ?? `status ${frame.status}`)
      return
    }
    if (this.#ours !== 'asked' && this.#ours !== 'running')
      return void this.#fail('protocol', 'a verdict that nobody asked for')
    if (frame.type === AUTH.query && frame.status === 0) {
      this.#kinds = frame.data.slice()
      if (this.#ours === 'asked') this.#tell(0, AUTH.query, this.#kinds)
      this.#ours = 'running'
    }
    this.#follow(this.#login.reply(frame))
  }

  #follow(step: LoginStep): void {
    if (step.is === 'send') this.#toDevice.push(step.frame)
    if (step.is === 'done') this.#ours = 'done'
    if (step.is === 'failed') {
      this.#ours = 'failed'
      if (step.why !== 'unauthorized') this.#fail(step.why, 'while logging in')
    }
    this.#conclude()
  }

  /** Both logins are over: the browser's and ours. */
  #conclude(): void {
    if (this.#finished === undefined || this.#state !== 'opening') return
    if (this.#ours === 'done') {
      this.#tell(0, this.#finished)
      this.#state = 'open'
    }
    if (this.#ours === 'failed') {
      this.#tell(1, this.#finished)
      this.#fail('unauthorized', 'the device does not accept the password')
    }
  }

  #tell(status: number, type: number, data: Uint8Array = new Uint8Array(0)): void {
    this.#toBrowser.push(authenticateReply(status, type, data))
  }

  #fail(failed: Failure, detail: string): void {
    if (this.#state === 'opening') this.#state = { failed, detail }
  }

  #progress(): Progress {
    const made = { toDevice: this.#toDevice, toBrowser: this.#toBrowser, state: this.#state }
    this.#toDevice = []
    this.#toBrowser = []
    if (made.state !== 'open') return made
    return { ...made, rest: { fromBrowser: this.#browser.takeAll(), fromDevice: this.#device.takeAll() } }
  }
}

/** What the browser answers to instead of the device's challenge; its answer is thrown away. */
function decoyChallenge(decoy: string, type: number): Uint8Array {
  const texts = [`Digest:${decoy.slice(0, 32).toUpperCase()}`, decoy]
  return packStrings(type === AUTH.digest ? [...texts, 'auth'] : texts)
}

/** The first message of a digest login has no nonce yet. */
function isFirstDigest(data: Uint8Array): boolean {
  const [, , nonce = '', , , , response = ''] = unpackStrings(data)
  return nonce === '' || response === ''
}
