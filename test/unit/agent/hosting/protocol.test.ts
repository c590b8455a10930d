// SPDX-License-Identifier: Apache-2.0
/** How messages are cut out of a stream, read and written. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readLines } from '../../../../agent/hosting/lines.ts'
import { FromPlugin, readLine, ToPlugin, writeLine } from '../../../../agent/hosting/protocol.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (line: Uint8Array): string => new TextDecoder().decode(line)

describe('lines', () => {
  it('come out whole however the stream was cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (texts, cuts) => {
        const lines = texts.map(text => text.replaceAll('\n', ''))
        const heard: string[] = []
        const reader = readLines(
          1_000,
          line => heard.push(textOf(line)),
          () => heard.push('too long'),
        )
        const stream = bytes(lines.map(line => `${line}\n`).join(''))
        for (let from = 0, turn = 0; from < stream.byteLength; turn++) {
          const length = cuts[turn % cuts.length] ?? 1
          reader.push(stream.subarray(from, from + length))
          from += length
        }
        expect(heard).toEqual(lines)
      }),
    )
  })

  it.each([[['123456789\n']], [['12345', '6789']], [['ok\n123456789']]])(
    'longer than allowed end the reading: %j',
    chunks => {
      const heard: string[] = []
      const reader = readLines(
        8,
        line => heard.push(textOf(line)),
        () => heard.push('too long'),
      )

      for (const chunk of [...chunks, 'x\n', 'y\n']) reader.push(bytes(chunk))

      expect(heard.filter(each => each !== 'ok')).toEqual(['too long'])
    },
  )

  it('of just the allowed length pass', () => {
    const heard: string[] = []
    const reader = readLines(
      8,
      line => heard.push(textOf(line)),
      () => heard.push('too long'),
    )

    reader.push(bytes('12345678\n\n'))

    expect(heard).toEqual(['12345678', ''])
  })
})

describe('messages', () => {
  it('are read as they were written', () => {
    const message: ToPlugin = { type: 'call', id: 1, call: { method: 'apply', step: { do: 'fill', why: 'ä\n' } } }

    expect(readLine(ToPlugin, bytes(writeLine(message, 1_000).trimEnd()))).toEqual(message)
  })

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"type":"changed"',
    '{"type":"changed","more":1}',
    '{"type":"unknown"}',
    '{"type":["changed"]}',
    '{"type":"answer"}',
    '{"type":"answer","id":0}',
    '{"type":"answer","id":1.5}',
    '{"type":"answer","id":"1"}',
    '{"type":"failure","id":1}',
    '{"type":"failure","id":1,"problem":{"code":"x"}}',
    '{"type":"ready","name":"a","version":"1","abilities":{"probe":1,"revert":false,"recover":[]}}',
    '{"type":"sample","stream":"UP","value":1,"labels":{}}',
    '{"type":"sample","stream":"up","value":null,"labels":{}}',
    '{"type":"sample","stream":"up","value":1,"labels":{"a":1}}',
    '{"type":"log","level":"fatal","message":"x"}',
    '{"type":"log","level":"__proto__","message":"x"}',
    `{"type":"log","level":"info","message":"${'x'.repeat(501)}"}`,
    '{"type":"call","id":1,"call":{"method":"observe"}}',
    `{"type":"answer","id":1,"result":${'['.repeat(50)}${']'.repeat(50)}}`,
  ])('that are none are not read: %s', text => {
    expect(readLine(FromPlugin, bytes(text))).toBeUndefined()
  })

  it('in broken UTF-8 are not read', () => {
    const line = Uint8Array.of(...bytes('{"type":"log","level":"info","message":"'), 0xff, ...bytes('"}'))

    expect(readLine(FromPlugin, line)).toBeUndefined()
  })

  it('that cannot be said or are too large are not written', () => {
    const answer = (result: unknown): FromPlugin => ({ type: 'answer', id: 1, result })

    expect(() => writeLine(answer(1n), 1_000)).toThrow(TypeError)
    expect(() => writeLine(answer('ä'.repeat(500)), 1_000)).toThrow(RangeError)
  })
})
