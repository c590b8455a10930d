// SPDX-License-Identifier: Apache-2.0
/** Reads the fixed headers of MQTT control packets as they pass (MQTT 3.1.1 §2.2), and keeps nothing of their bodies. */

/** Control packet types a client may send (§2.2.1), as far as QoS 2 is not spoken. */
const PACKET = {
  connect: 1,
  publish: 3,
  puback: 4,
  subscribe: 8,
  unsubscribe: 10,
  pingreq: 12,
  disconnect: 14,
} as const

/** The four flag bits each type must have (§2.2.2); PUBLISH has some of its own. */
const FLAGS: ReadonlyMap<number, number> = new Map([
  [PACKET.connect, 0],
  [PACKET.puback, 0],
  [PACKET.subscribe, 0b0010],
  [PACKET.unsubscribe, 0b0010],
  [PACKET.pingreq, 0],
  [PACKET.disconnect, 0],
])

export type FrameFault =
  | 'not-connect'
  | 'second-connect'
  | 'connect-too-large'
  | 'packet-too-large'
  | 'malformed-length'
  | 'malformed-header'
  | 'qos-2'

export type FrameLimits = { readonly connectBytes: number; readonly packetBytes: number }

export type Scanned = {
  /** Bytes that may be passed on; the rest is to be scanned again later. */
  readonly through: number
  /** Packets that began within them. */
  readonly packets: number
  /** Nothing may be passed on. */
  readonly fault?: FrameFault
}

/** The position of one connection in its stream of packets. */
export class FrameScanner {
  readonly #limits: FrameLimits
  #first = true
  #left = false
  /** Bytes of the present packet still to come. */
  #body = 0
  /** Type and flags of a packet whose length is still being read. */
  #head: number | undefined
  #length = 0
  #shift = 0

  constructor(limits: FrameLimits) {
    this.#limits = limits
  }

  /** True once a DISCONNECT has been seen. */
  get left(): boolean {
    return this.#left
  }

  /** True once the whole first packet has passed. */
  get connected(): boolean {
    return !this.#first && this.#body === 0
  }

  /** Looks at the next bytes and stops before the packet that would be one more than `most`. */
  scan(chunk: Uint8Array, most: number): Scanned {
    let at = 0
    let packets = 0
    while (at < chunk.byteLength) {
      if (this.#body > 0) {
        const passing = Math.min(this.#body, chunk.byteLength - at)
        this.#body -= passing
        at += passing
        continue
      }
      if (this.#head === undefined && packets >= most) break
      const fault = this.#header(chunk[at] ?? 0)
      if (fault !== undefined) return { through: 0, packets, fault }
      at++
      if (this.#head === undefined) packets++
    }
    return { through: at, packets }
  }

  /** Takes one byte of a header; the header is complete when no type is held any more. */
  #header(byte: number): FrameFault | undefined {
    if (this.#head === undefined) {
      this.#head = byte
      this.#length = 0
      this.#shift = 0
      return this.#faultOfType(byte)
    }
    this.#length += (byte & 0x7f) * 2 ** this.#shift
    this.#shift += 7
    // The length has at most four bytes (§2.2.3).
    if ((byte & 0x80) !== 0) return this.#shift >= 28 ? 'malformed-length' : undefined
    const most = this.#first ? this.#limits.connectBytes : this.#limits.packetBytes
    if (this.#length > most) return this.#first ? 'connect-too-large' : 'packet-too-large'
    this.#first = false
    this.#head = undefined
    this.#body = this.#length
    return undefined
  }

  #faultOfType(byte: number): FrameFault | undefined {
    const type = byte >> 4
    if (this.#first) return byte === PACKET.connect << 4 ? undefined : 'not-connect'
    if (type === PACKET.connect) return 'second-connect'
    if (type === PACKET.publish) return faultOfQos((byte >> 1) & 0b11)
    // PUBREC, PUBREL and PUBCOMP belong to QoS 2 alone.
    if (type >= 5 && type <= 7) return 'qos-2'
    if (type === PACKET.disconnect) this.#left = true
    return FLAGS.get(type) === (byte & 0x0f) ? undefined : 'malformed-header'
  }
}

function faultOfQos(qos: number): FrameFault | undefined {
  if (qos === 3) return 'malformed-header' // §3.3.1.2
  return qos === 2 ? 'qos-2' : undefined
}
