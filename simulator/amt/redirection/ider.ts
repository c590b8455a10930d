// SPDX-License-Identifier: Apache-2.0
/** Media redirection as the host sees it: two emulated drives whose sectors a console delivers. */
import { createHash } from 'node:crypto'
import { type Session, SessionError } from './session.ts'

/** The first floppy (sectors of 512 bytes) or the CD (2,048). */
export type Drive = 'floppy' | 'cd'

export interface IderHost {
  /** Whether a console has opened a session and enabled its media. */
  readonly ready: boolean
  /** What the console asked for when it enabled them: bits of the register. */
  readonly features: number
  /** Rejects with the sense the console gave, or when the session ends. */
  capacity(drive: Drive): Promise<{ readonly blocks: number; readonly blockSize: number }>
  /** Reads `count` sectors; addresses have 32 bits. */
  read(drive: Drive, block: number, count: number): Promise<Buffer>
  /** SHA-256 over a stretch, the whole medium unless given, in lower-case hexadecimal. */
  hash(drive: Drive, from?: number, blocks?: number): Promise<string>
  /** Any command; 12 bytes. */
  command(drive: Drive, cdb: Buffer): Promise<Buffer>
  ping(): void
  /** Tells the console that the host was reset. */
  reset(): void
  /** Resolves when {@link ready}. */
  whenReady(): Promise<void>
  open(send: (bytes: Buffer) => void, close: () => void): Session
}

const DEVICES = { floppy: 0xa0, cd: 0xb0 } as const
const BUFFER = 8192
const AT_ONCE = 32

type Running = { readonly parts: Buffer[]; resolve(data: Buffer): void; reject(thrown: Error): void }

/** Makes the drives of one host. */
export function createIder(): IderHost {
  let line: { send(type: number, data?: Buffer): void } | undefined
  let features = 0
  let running: Running | undefined
  let waiters: (() => void)[] = []
  let queue: Promise<unknown> = Promise.resolve()

  const start = (drive: Drive, cdb: Buffer): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      if (line === undefined) return reject(new Error('no session'))
      running = { parts: [], resolve, reject }
      const bytes = Buffer.alloc(20)
      bytes[6] = DEVICES[drive]
      bytes[7] = 0xa0
      cdb.copy(bytes, 8, 0, 12)
      line.send(0x50, bytes)
    })
  /** One command after the other, as an IDE bus does. */
  const command = (drive: Drive, cdb: Buffer): Promise<Buffer> => {
    const next = queue.then(() => start(drive, cdb))
    queue = next.catch(() => undefined)
    return next
  }
  const finish = (thrown?: Error): void => {
    const done = running
    running = undefined
    if (thrown === undefined) done?.resolve(Buffer.concat(done.parts))
    else done?.reject(thrown)
  }
  const host: IderHost = {
    get ready() {
      return line !== undefined && features !== 0
    },
    get features() {
      return features
    },
    command,
    async capacity(drive) {
      const data = await command(drive, Buffer.of(0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
      if (data.length < 8) throw new SessionError('no capacity')
      return { blocks: data.readUInt32BE(0) + 1, blockSize: data.readUInt32BE(4) }
    },
    read(drive, block, count) {
      const cdb = Buffer.alloc(12)
      cdb[0] = 0x28
      cdb.writeUInt32BE(block, 2)
      cdb.writeUInt16BE(count, 7)
      return command(drive, cdb)
    },
    async hash(drive, from = 0, blocks) {
      const size = await host.capacity(drive)
      const end = from + (blocks ?? size.blocks - from)
      const digest = createHash('sha256')
      for (let at = from; at < end; at += AT_ONCE) {
        const count = Math.min(AT_ONCE, end - at)
        const data = await host.read(drive, at, count)
        if (data.length !== count * size.blockSize) throw new SessionError(`${data.length} bytes at block ${at}`)
        digest.update(data)
      }
      return digest.digest('hex')
    },
    ping: () => line?.send(0x44),
    reset: () => line?.send(0x46, Buffer.of(1)),
    whenReady: () => (host.ready ? Promise.resolve() : new Promise(resolve => waiters.push(resolve))),
    open(send, close) {
      const opened = createLine(send)
      const take = createTaker({
        open() {
          line = opened
          opened.send(0x41, sessionReply())
        },
        toggle(type, value) {
          if (type === 3) features = value
          opened.send(0x49, featureReply(type, type === 3 ? 1 : type === 2 ? 2 : 1))
          if (features === 0) return
          for (const tell of waiters) tell()
          waiters = []
        },
        data(data, done) {
          running?.parts.push(data)
          if (done) finish()
        },
        sense(status, sense) {
          if (status === 0x50) finish()
          else finish(new SessionError(`sense ${sense}`))
        },
        pinged: () => opened.send(0x45),
        close,
      })
      return {
        take,
        end() {
          if (line === opened) line = undefined
          features = 0
          finish(new Error('the session ended'))
        },
      }
    },
  }
  return host
}

function createLine(send: (bytes: Buffer) => void): { send(type: number, data?: Buffer): void } {
  let sequence = 0
  return {
    send(type, data = Buffer.alloc(0)) {
      const head = Buffer.of(type, 0, 0, 0, 0, 0, 0, 0)
      head.writeUInt32LE(sequence++, 4)
      send(Buffer.concat([head, data]))
    },
  }
}

/** Version 1.0, buffers of 8,192 bytes, protocol 0. */
function sessionReply(): Buffer {
  const bytes = Buffer.alloc(22)
  bytes[0] = 1
  bytes.writeUInt16LE(BUFFER, 8)
  bytes.writeUInt16LE(BUFFER, 10)
  bytes.writeUInt32LE(343, 17)
  return bytes
}

function featureReply(type: number, value: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes[0] = type
  bytes.writeUInt32LE(value, 1)
  return bytes
}

type Heard = {
  open(): void
  toggle(type: number, value: number): void
  data(data: Buffer, done: boolean): void
  /** Status register and sense key of a command that ended without data. */
  sense(status: number, sense: number): void
  pinged(): void
  close(): void
}

/** Messages from the console; their sequence numbers must follow each other without a gap. */
function createTaker(heard: Heard): (bytes: Buffer) => number {
  let sequence = 0
  return bytes => {
    if (bytes.length < 8) return 0
    const type = bytes[0] ?? 0
    const length = lengthOf(type, bytes)
    if (length === undefined || bytes.length < length) return 0
    if (bytes.readUInt32LE(4) !== sequence) throw new SessionError('the sequence is broken')
    sequence += 1
    switch (type) {
      case 0x40:
        heard.open()
        break
      case 0x42:
        heard.close()
        break
      case 0x44:
        heard.pinged()
        break
      case 0x48:
        heard.toggle(bytes[8] ?? 0, bytes.readUInt32LE(9))
        break
      case 0x51:
        heard.sense(bytes[27] ?? 0, bytes[28] ?? 0)
        break
      case 0x54:
        heard.data(Buffer.from(bytes.subarray(34, length)), ((bytes[3] ?? 0) & 2) !== 0)
        break
      default:
    }
    return length
  }
}

function lengthOf(type: number, bytes: Buffer): number | undefined {
  const fixed = { 64: 18, 66: 8, 68: 8, 69: 8, 71: 8, 72: 13, 75: 8, 81: 31, 82: 31 }[type]
  if (fixed !== undefined) return fixed
  if (type !== 0x54) throw new SessionError(`message ${type} is not known`)
  if (bytes.length < 34) return undefined
  const size = bytes.readUInt16LE(9)
  if (size > BUFFER) throw new SessionError('larger than the buffer')
  return 34 + size
}
