// SPDX-License-Identifier: Apache-2.0
/** The screen over the network: an RFB 3.8 server (RFC 6143) that paints a picture anyone can compute. */
import type { Firmware } from '../firmware.ts'
import { type Session, SessionError } from './session.ts'

export interface KvmScreen {
  readonly width: number
  readonly height: number
  /** Keys and pointer moves that arrived. */
  readonly events: readonly string[]
  /** Changes the picture; it is sent with the next update. */
  repaint(): void
  /** How often the picture has changed. */
  readonly frame: number
  open(send: (bytes: Buffer) => void, close: () => void): Session
}

type PixelFormat = {
  readonly bytes: 1 | 2 | 4
  readonly bigEndian: boolean
  readonly max: readonly [number, number, number]
  readonly shift: readonly [number, number, number]
}

const RGB565: PixelFormat = { bytes: 2, bigEndian: false, max: [31, 63, 31], shift: [11, 5, 0] }
const WIDTH = 640
const HEIGHT = 400
const TILE = 64
const REMEMBERED = 1000
const NAME = 'Intel(r) AMT KVM'
const MINUTE_MS = 60_000

/** The colour of a pixel, red, green and blue from 0 to 255: what every viewer must see. */
export function colourAt(x: number, y: number, frame: number): readonly [number, number, number] {
  return [(x + frame * 8) & 255, (y * 2) & 255, (((x >> 4) ^ (y >> 4)) * 16) & 255]
}

/** Makes the screen of one host. */
export function createKvm(firmware: Firmware): KvmScreen {
  const events: string[] = []
  let frame = 0
  let changed: (() => void) | undefined

  return {
    width: WIDTH,
    height: HEIGHT,
    events,
    get frame() {
      return frame
    },
    repaint() {
      frame += 1
      changed?.()
    },
    open(send, close) {
      const viewer = createViewer({
        send,
        frame: () => frame,
        event(text) {
          events.push(text)
          if (events.length > REMEMBERED) events.shift()
        },
      })
      changed = viewer.changed
      // A viewer that says nothing for the session's timeout, three minutes as a rule, is shown out.
      const settings = firmware.state.written.IPS_KVMRedirectionSettingData?.['']
      const idleMs = Number(settings?.SessionTimeout ?? 3) * MINUTE_MS
      let last = firmware.clock.monotonic()
      let forget = (): void => undefined
      const watch = (): void => {
        const leftMs = last + idleMs - firmware.clock.monotonic()
        if (leftMs > 0) forget = firmware.clock.after(leftMs, watch)
        else close()
      }
      if (idleMs > 0) watch()
      return {
        take(bytes) {
          const used = viewer.take(bytes)
          if (used > 0) last = firmware.clock.monotonic()
          return used
        },
        end() {
          forget()
          if (changed === viewer.changed) changed = undefined
        },
      }
    },
  }
}

type ViewerParts = {
  readonly send: (bytes: Buffer) => void
  readonly frame: () => number
  readonly event: (text: string) => void
}
type Area = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

function createViewer({ send, frame, event }: ViewerParts): { take(bytes: Buffer): number; changed(): void } {
  let stage: 'channel' | 'version' | 'security' | 'init' | 'open' = 'channel'
  let format = RGB565
  let shown = -1
  let asked: Area | undefined

  const paint = (area: Area): void => {
    shown = frame()
    asked = undefined
    for (const part of bands(area)) send(update(part, format, shown))
  }
  const message = (bytes: Buffer): number => {
    const length = messageLength(bytes)
    if (length === undefined || bytes.length < length) return 0
    switch (bytes[0]) {
      case 0:
        format = readFormat(bytes.subarray(4, 20))
        break
      case 3: {
        const [x, y, width, height] = [2, 4, 6, 8].map(at => bytes.readUInt16BE(at))
        const area = clip({ x: x ?? 0, y: y ?? 0, width: width ?? 0, height: height ?? 0 })
        if (bytes[1] === 0 || shown !== frame()) paint(area)
        else asked = area
        break
      }
      case 4:
        event(`key ${bytes.readUInt32BE(4).toString(16)} ${bytes[1] === 1 ? 'down' : 'up'}`)
        break
      case 5:
        event(`pointer ${bytes.readUInt16BE(2)},${bytes.readUInt16BE(4)} ${bytes[1]}`)
        break
      case 6:
        event(`cut ${bytes.toString('latin1', 8, Math.min(length, 8 + 64))}`)
        break
      default:
    }
    return length
  }
  const take = (bytes: Buffer): number => {
    switch (stage) {
      case 'channel':
        if (bytes[0] !== 0x40) throw new SessionError('the channel was not asked for')
        if (bytes.length < 8) return 0
        send(Buffer.concat([Buffer.of(0x41, 0, 0, 0), Buffer.alloc(4), Buffer.from('RFB 003.008\n')]))
        stage = 'version'
        return 8
      case 'version':
        if (bytes.length < 12) return 0
        if (!/^RFB 003\.00\d\n$/.test(bytes.toString('latin1', 0, 12))) throw new SessionError('another version')
        send(Buffer.of(1, 1))
        stage = 'security'
        return 12
      case 'security':
        if (bytes[0] !== 1) throw new SessionError('another security')
        send(Buffer.alloc(4))
        stage = 'init'
        return 1
      case 'init':
        send(serverInit())
        stage = 'open'
        return 1
      default:
        return message(bytes)
    }
  }
  return {
    take,
    changed() {
      if (asked !== undefined) paint(asked)
    },
  }
}

/** `undefined` while the length itself has not come. */
function messageLength(bytes: Buffer): number | undefined {
  const fixed = { 0: 20, 3: 10, 4: 8, 5: 6 }[bytes[0] ?? -1]
  if (fixed !== undefined) return fixed
  if (bytes[0] === 2) return bytes.length < 4 ? undefined : 4 + 4 * bytes.readUInt16BE(2)
  if (bytes[0] === 6) return bytes.length < 8 ? undefined : 8 + bytes.readUInt32BE(4)
  throw new SessionError('not a message of a viewer')
}

function serverInit(): Buffer {
  const bytes = Buffer.alloc(24)
  bytes.writeUInt16BE(WIDTH, 0)
  bytes.writeUInt16BE(HEIGHT, 2)
  // 16 bits, 16 used, little-endian, true colour, 5-6-5.
  Buffer.from('10100001001f003f001f0b0500000000', 'hex').copy(bytes, 4)
  bytes.writeUInt32BE(NAME.length, 20)
  return Buffer.concat([bytes, Buffer.from(NAME)])
}

function readFormat(bytes: Buffer): PixelFormat {
  const size = (bytes[0] ?? 0) / 8
  if ((size !== 1 && size !== 2 && size !== 4) || bytes[3] !== 1) throw new SessionError('no true colour')
  return {
    bytes: size,
    bigEndian: bytes[2] === 1,
    max: [bytes.readUInt16BE(4), bytes.readUInt16BE(6), bytes.readUInt16BE(8)],
    shift: [bytes[10] ?? 0, bytes[11] ?? 0, bytes[12] ?? 0],
  }
}

function clip({ x, y, width, height }: Area): Area {
  const left = Math.min(x, WIDTH)
  const top = Math.min(y, HEIGHT)
  return { x: left, y: top, width: Math.min(width, WIDTH - left), height: Math.min(height, HEIGHT - top) }
}

/** Firmware sends a screen in several updates: one for each row of tiles. */
function bands({ x, y, width, height }: Area): readonly Area[] {
  const parts: Area[] = []
  for (let top = y; top < y + height; top += TILE) {
    parts.push({ x, y: top, width, height: Math.min(TILE, y + height - top) })
  }
  return parts
}

/** One framebuffer update of raw tiles. */
function update({ x, y, width, height }: Area, format: PixelFormat, frame: number): Buffer {
  const tiles: Buffer[] = []
  for (let left = x; left < x + width; left += TILE) {
    const across = Math.min(TILE, x + width - left)
    const head = Buffer.alloc(12)
    head.writeUInt16BE(left, 0)
    head.writeUInt16BE(y, 2)
    head.writeUInt16BE(across, 4)
    head.writeUInt16BE(height, 6)
    tiles.push(head, pixels({ x: left, y, width: across, height }, format, frame))
  }
  const head = Buffer.alloc(4)
  head.writeUInt16BE(tiles.length / 2, 2)
  return Buffer.concat([head, ...tiles])
}

function pixels({ x, y, width, height }: Area, { bytes, bigEndian, max, shift }: PixelFormat, frame: number): Buffer {
  const out = Buffer.alloc(width * height * bytes)
  let at = 0
  for (let row = y; row < y + height; row++) {
    for (let column = x; column < x + width; column++) {
      const [red, green, blue] = colourAt(column, row, frame)
      const value =
        ((Math.floor((red * (max[0] + 1)) / 256) << shift[0]) |
          (Math.floor((green * (max[1] + 1)) / 256) << shift[1]) |
          (Math.floor((blue * (max[2] + 1)) / 256) << shift[2])) >>>
        0
      if (bigEndian) out.writeUIntBE(value, at, bytes)
      else out.writeUIntLE(value, at, bytes)
      at += bytes
    }
  }
  return out
}
