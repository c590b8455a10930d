// SPDX-License-Identifier: Apache-2.0
/** Serves an image to a machine as its CD or floppy, over a redirection session that is already logged in. */
import type { Duplex } from 'node:stream'
import { concat, createPending } from '../bytes.ts'
import type { Image } from '../images.ts'
import { createFrameWriter, type DeviceFrame, type Drive, readDeviceFrame, type StartWhen } from './frames.ts'
import { type Answer, answerCommand, SENSE } from './scsi.ts'

export type IderProgress = {
  /** Whether the drives are there for the machine. */
  readonly enabled: boolean
  readonly bytesRead: number
  readonly commands: number
  /** Highest place read so far, in bytes: on a first boot about how far it came. */
  readonly furthest: number
}

export interface IderServer {
  readonly progress: IderProgress
  /** Takes bytes of the device; acts on them in order, one at a time. */
  feed(data: Uint8Array): void
  /** Tells the device that it is over. */
  close(): void
}

export type IderParts = {
  readonly stream: Duplex
  readonly image: Image
  readonly drive: Drive
  readonly start: StartWhen
  /** Called once, with the cause. */
  readonly ended: (why: 'closed' | 'sequence' | 'protocol') => void
}

/** Frames that wait while one is being answered: a machine has two drives, and asks one thing of each. */
const MAX_WAITING = 262_144
const MAX_CHUNK = 8_192
const MIN_CHUNK = 512
const STATUS = { available: 1, state: 2, toggled: 3 } as const

/** Opens the session at once. */
export function startIder(parts: IderParts): IderServer {
  return new Serving(parts)
}

class Serving implements IderServer {
  readonly progress = { enabled: false, bytesRead: 0, commands: 0, furthest: 0 }
  readonly #parts: IderParts
  readonly #writer = createFrameWriter()
  readonly #pending = createPending(MAX_WAITING)
  #expected = 0
  #chunk = MAX_CHUNK
  #over = false
  #busy = false

  constructor(parts: IderParts) {
    this.#parts = parts
    this.#send(this.#writer.open())
  }

  feed(data: Uint8Array): void {
    if (this.#over) return
    if (!this.#pending.add(data)) return void this.#finish('protocol')
    if (this.#busy) return
    this.#busy = true
    void this.#work().finally(() => {
      this.#busy = false
    })
  }

  close(): void {
    this.#send(this.#writer.close())
  }

  async #work(): Promise<void> {
    for (;;) {
      const found = readDeviceFrame(this.#pending.bytes)
      if (this.#over || found === 'wait') return
      if (found === 'bad') return this.#finish('protocol')
      this.#pending.drop(found.size)
      if (found.frame.sequence !== this.#expected) return this.#finish('sequence')
      this.#expected = (this.#expected + 1) >>> 0
      await this.#onFrame(found.frame)
    }
  }

  async #onFrame(frame: DeviceFrame): Promise<void> {
    const writer = this.#writer
    switch (frame.kind) {
      case 'opened':
        if (frame.protocol !== 0) return this.#finish('protocol')
        this.#chunk = chunkOf(frame.readBuffer)
        return this.#send(writer.enable(this.#parts.start))
      case 'closed':
        return this.#finish('closed')
      case 'ping':
        return this.#send(writer.pong())
      case 'reset':
        return this.#send(writer.resetDone())
      case 'status':
        return this.#onStatus(frame.type, frame.value)
      case 'command':
        return this.#onCommand(frame)
      case 'written':
        return this.#send(writer.failed(this.#parts.drive, SENSE.writeProtected))
      case 'pong':
      case 'error':
      case 'heartbeat':
    }
  }

  #onStatus(type: number, value: number): void {
    if (type === STATUS.available && (value & 1) === 1) this.#send(this.#writer.enable(this.#parts.start))
    if (type === STATUS.state) this.progress.enabled = (value & 2) === 2
    if (type === STATUS.toggled) this.progress.enabled = value === 1
  }

  async #onCommand({ drive: asked, cdb, dma }: Extract<DeviceFrame, { kind: 'command' }>): Promise<void> {
    const { drive, image } = this.#parts
    this.progress.commands++
    const answer = answerCommand(asked, cdb, asked === drive ? { drive, size: image.size } : undefined)
    switch (answer.is) {
      case 'good':
        return this.#send(this.#writer.good(asked))
      case 'failed':
        return this.#send(this.#writer.failed(asked, answer.sense))
      case 'data':
        return this.#send(this.#writer.data(asked, answer.data, { last: true, dma }))
      case 'read':
        return this.#sendMedium(asked, answer, dma)
    }
  }

  async #sendMedium(to: Drive, answer: Extract<Answer, { is: 'read' }>, dma: boolean): Promise<void> {
    const end = answer.offset + answer.length
    for (let at = answer.offset; at < end && !this.#over; ) {
      // A machine that was reset does not want the rest.
      if (this.#resetWaits()) return
      const length = Math.min(this.#chunk, end - at)
      const data = await readWhole(this.#parts.image, at, length).catch(() => undefined)
      if (data === undefined) return this.#send(this.#writer.failed(to, SENSE.mediumFailed))
      at += data.length
      this.progress.bytesRead += data.length
      this.progress.furthest = Math.max(this.progress.furthest, at)
      this.#send(this.#writer.data(to, data, { last: at === end, dma }))
      await roomIn(this.#parts.stream)
    }
  }

  #resetWaits(): boolean {
    const found = readDeviceFrame(this.#pending.bytes)
    return typeof found === 'object' && found.frame.kind === 'reset'
  }

  #send(frame: Uint8Array): void {
    const { stream } = this.#parts
    if (!this.#over && !stream.destroyed && !stream.writableEnded) stream.write(frame)
  }

  #finish(why: Parameters<IderParts['ended']>[0]): void {
    if (this.#over) return
    this.#over = true
    this.#parts.ended(why)
  }
}

/** Resolves when the stream takes more, or is closed. */
async function roomIn(stream: Duplex): Promise<void> {
  if (!stream.writableNeedDrain || stream.destroyed) return
  await new Promise<void>(resolve => {
    const go = (): void => {
      stream.off('drain', go).off('close', go)
      resolve()
    }
    stream.on('drain', go).on('close', go)
  })
}

/** What the device takes at once: whole sectors, at most what every firmware can. */
function chunkOf(readBuffer: number): number {
  const most = Math.min(MAX_CHUNK, readBuffer)
  return most < MIN_CHUNK ? MIN_CHUNK : most - (most % MIN_CHUNK)
}

/** All the bytes asked for, in however many reads; `undefined` when the image does not have them any more. */
async function readWhole(image: Image, offset: number, length: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  for (let got = 0; got < length; ) {
    const part = await image.read(offset + got, length - got)
    if (part.length === 0) return undefined
    parts.push(part)
    got += part.length
  }
  return concat(parts)
}
