// SPDX-License-Identifier: Apache-2.0
/** What is followed of an open session: RFB, serial messages, characters. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codePageOfText, textOfCodePage } from '../../../../../../controller/modules/oob/redirection/codepage.ts'
import { createKvmStream } from '../../../../../../controller/modules/oob/redirection/kvm.ts'
import {
  createSolReader,
  createSolStream,
  solFrame,
} from '../../../../../../controller/modules/oob/redirection/serial.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const OPENING = Buffer.concat([hex('40000000 00000000'), Buffer.from('RFB 003.008\n'), hex('01 01')])
const MESSAGES = [
  { bytes: hex('00 000000 10 10 00 01 001f 003f 001f 0b 05 00 000000'), input: false },
  { bytes: hex('02 00 0002 00000010 00000444'), input: false },
  { bytes: hex('03 01 0000 0000 0400 0300'), input: false },
  { bytes: hex('04 01 0000 0000 0061'), input: true },
  { bytes: hex('05 01 0010 0020'), input: true },
  { bytes: Buffer.concat([hex('06 000000 00000010'), Buffer.from('\0KvmDataChannel\0', 'latin1')]), input: false },
  { bytes: hex('06 000000 00000003 616263'), input: true },
]

describe('what a viewer sends', () => {
  it('is followed to the boundary of each message, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...MESSAGES), { maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        (messages, size) => {
          const stream = createKvmStream()
          const all = Buffer.concat([OPENING, ...messages.map(each => each.bytes)])
          const boundaries = new Set([OPENING.length])
          let end = OPENING.length
          for (const { bytes } of messages) {
            end += bytes.length
            boundaries.add(end)
          }
          for (let at = 0; at < all.length; at += size) {
            const part = all.subarray(at, at + size)
            expect(stream.pass(part)).toBe(part)
            expect(stream.keepAlive() !== undefined).toBe(boundaries.has(at + part.length))
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('counts as input when a person did something', () => {
    const stream = createKvmStream()
    stream.pass(OPENING)
    for (const { bytes, input } of MESSAGES) {
      stream.pass(bytes)
      expect(stream.hadInput).toBe(input)
    }
  })

  it('is let through without a word of ours once it is something else', () => {
    const stream = createKvmStream()
    stream.pass(OPENING)
    const odd = hex('99 00 01')
    expect(stream.pass(odd)).toBe(odd)
    stream.pass(MESSAGES[2]!.bytes)
    expect(stream.keepAlive()).toBeUndefined()
    expect(stream.hadInput).toBe(true)
  })
})

describe('messages of a serial line', () => {
  const settings = solFrame(0x20, 0, Buffer.alloc(16))
  const control = solFrame(0x27, 1, hex('00001b000000'))
  const data = (sequence: number, text: string) =>
    solFrame(0x28, sequence, Buffer.concat([Buffer.of(text.length, 0), Buffer.from(text)]))

  it('are renumbered only after something was put between them, however they are cut', () => {
    for (const size of [1, 5, 100]) {
      const stream = createSolStream()
      const pass = (bytes: Uint8Array) => {
        const parts: Uint8Array[] = []
        for (let at = 0; at < bytes.length; at += size) parts.push(stream.pass(bytes.subarray(at, at + size)))
        return Buffer.concat(parts)
      }
      expect(stream.keepAlive()).toBeUndefined()
      expect(pass(settings)).toEqual(Buffer.from(settings))
      expect(pass(control)).toEqual(Buffer.from(control))
      expect(Buffer.from(stream.keepAlive()!).toString('hex')).toBe('2b00000002000000')
      expect(pass(data(2, 'a'))).toEqual(Buffer.from(data(3, 'a')))
      expect(pass(data(3, 'b'))).toEqual(Buffer.from(data(4, 'b')))
    }
  })

  it('pass untouched from the first that is none', () => {
    const stream = createSolStream()
    stream.pass(settings)
    const odd = Buffer.concat([hex('77 01 02'), settings])
    expect(Buffer.from(stream.pass(odd))).toEqual(odd)
    expect(stream.pass(odd)).toEqual(odd)
    expect(stream.keepAlive()).toBeUndefined()
  })

  it('are cut out of whatever pieces they come in', () => {
    const reader = createSolReader('device')
    const message = solFrame(0x2a, 7, Buffer.concat([Buffer.of(0, 4), Buffer.alloc(1_024, 0x41)]))
    const many = Buffer.concat(Array.from({ length: 300 }, () => message))

    expect(reader.feed(many).messages).toHaveLength(300)
    expect(reader.feed(message.subarray(0, 500)).messages).toHaveLength(0)
    expect(reader.feed(message.subarray(500)).messages).toHaveLength(1)
    expect(reader.feed(hex('99')).lost).toEqual(hex('99'))
  })
})

describe('code page 437', () => {
  it('gives every byte back', () => {
    const all = Uint8Array.from({ length: 256 }, (_, at) => at)
    expect(codePageOfText(textOfCodePage(all))).toEqual(all)
    expect(textOfCodePage(hex('c9cdbb b0 e1 9b fe'))).toBe('╔═╗░ß¢■')
  })

  it('puts a question mark where it has no character', () => {
    expect([...codePageOfText('a€😀b')]).toEqual([0x61, 0x3f, 0x3f, 0x62])
  })
})
