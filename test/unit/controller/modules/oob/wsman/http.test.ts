// SPDX-License-Identifier: Apache-2.0
/** Requests are written as MPS and RPS write them; replies are read however their bytes arrive. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeRequest, type HttpReply, ReplyReader } from '../../../../../../controller/modules/oob/wsman/http.ts'

const request = { host: 'guid:16992', body: '<ö/>', repeatable: true }

describe('a request', () => {
  it('has a length, as MPS sends it', () => {
    expect(encodeRequest(request, 'length').toString()).toBe(
      'POST /wsman HTTP/1.1\r\nHost: guid:16992\r\nContent-Length: 5\r\n\r\n<ö/>',
    )
  })

  it('is one chunk, as RPS sends it, and begins with the login', () => {
    expect(encodeRequest({ ...request, authorization: 'Digest x' }, 'chunked').toString()).toBe(
      'POST /wsman HTTP/1.1\r\nAuthorization: Digest x\r\nHost: guid:16992\r\n' +
        'Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\n<ö/>\r\n0\r\n\r\n',
    )
  })
})

const ok = 'HTTP/1.1 200 OK\r\n'
/** Head and body, and what must be read from them. */
const replies: readonly (readonly [string, string, Partial<HttpReply> & { text: string }])[] = [
  ['with a length', `${ok}Content-Length: 5\r\n\r\nhello`, { status: 200, keepsAlive: true, text: 'hello' }],
  [
    'in chunks with leading zeros, extensions and trailers',
    `${ok}TRANSFER-ENCODING: Chunked\r\n\r\n0003\r\nhel\r\n02;a=b\r\nlo\r\n0\r\nX: y\r\n\r\n`,
    { keepsAlive: true, text: 'hello' },
  ],
  [
    'in chunks with upper-case sizes',
    `${ok}Transfer-Encoding: chunked\r\n\r\n000A\r\n0123456789\r\n0000\r\n\r\n`,
    { text: '0123456789' },
  ],
  ['with nothing', `${ok}content-length:0\r\n\r\n`, { text: '' }],
  [
    'after interim replies',
    `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 P\r\nA: b\r\n\r\n${ok}Content-Length: 1\r\n\r\nx`,
    { status: 200, text: 'x' },
  ],
  ['without a reason', 'HTTP/1.1 401\r\nContent-Length: 1\r\n\r\nx', { status: 401, text: 'x' }],
  ['that closes', `${ok}Connection: Close\r\nContent-Length: 1\r\n\r\nx`, { keepsAlive: false, text: 'x' }],
  ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx', { keepsAlive: false, text: 'x' }],
  [
    'of HTTP/1.0 that stays',
    'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx',
    { keepsAlive: true, text: 'x' },
  ],
  ['with a status that has no body', 'HTTP/1.1 204 No Content\r\n\r\n', { status: 204, text: '' }],
  ['with bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 1\n\nx', { text: 'x' }],
  ['with a length said twice', `${ok}Content-Length: 1\r\nContent-Length: 1\r\n\r\nx`, { text: 'x' }],
]

function readPieces(bytes: Buffer, cuts: readonly number[]): { reply: HttpReply | undefined; surplus: number } {
  const reader = new ReplyReader()
  let reply: HttpReply | undefined
  let from = 0
  for (const to of [...cuts, bytes.length]) {
    reply = reader.push(bytes.subarray(from, to)) ?? reply
    from = to
  }
  return { reply, surplus: reader.surplus }
}

describe('a reply', () => {
  it.each(replies)('is read at once and a byte at a time: %s', (_, text, { text: body, ...expected }) => {
    const bytes = Buffer.from(text)
    const single = Array.from({ length: bytes.length - 1 }, (_, at) => at + 1)
    for (const cuts of [[], single]) {
      const { reply, surplus } = readPieces(bytes, cuts)
      expect(reply).toMatchObject(expected)
      expect(reply?.body.toString()).toBe(body)
      expect(surplus).toBe(0)
    }
  })

  it('is read however it is cut', () => {
    const [, text] = replies[1]!
    const bytes = Buffer.from(text)
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(bytes.length - 1), { maxLength: 6 }), cuts => {
        const { reply } = readPieces(
          bytes,
          cuts.toSorted((a, b) => a - b),
        )
        expect(reply?.body.toString()).toBe('hello')
      }),
    )
  })

  it('without a length ends with the connection', () => {
    const reader = new ReplyReader()

    expect(reader.push(Buffer.from(`${ok}\r\nhel`))).toBeUndefined()
    expect(reader.push(Buffer.from('lo'))).toBeUndefined()
    expect(reader.end()).toMatchObject({ keepsAlive: false })
    expect(reader.end()?.body.toString()).toBe('hello')
  })

  it('that is cut off is none', () => {
    const reader = new ReplyReader()
    reader.push(Buffer.from(`${ok}Content-Length: 5\r\n\r\nhel`))

    expect(reader.end()).toBeUndefined()
    expect(reader.hasBegun).toBe(true)
  })

  it('gives headers by lower-case name, with all their values', () => {
    const { reply } = readPieces(
      Buffer.from(
        'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nwww-authenticate:Digest a,\r\n  b\r\nContent-Length: 0\r\n\r\n',
      ),
      [],
    )

    expect(reply?.headers.get('www-authenticate')).toEqual(['Basic', 'Digest a, b'])
  })

  it('tells that bytes follow which nobody asked for', () => {
    expect(readPieces(Buffer.from(`${ok}Content-Length: 1\r\n\r\nxHTTP`), []).surplus).toBe(4)
  })
})

describe('what is refused', () => {
  it.each([
    ['no HTTP', 'SSH-2.0-x\r\n\r\n'],
    ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['lengths that differ', `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`],
    ['a length that is none', `${ok}Content-Length: -1\r\n\r\n`],
    ['a length of 10 MB', `${ok}Content-Length: 10485760\r\n\r\n`],
    ['an encoding that we do not know', `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n`],
    ['a chunk of 10 MB', `${ok}Transfer-Encoding: chunked\r\n\r\nA00000\r\n`],
    ['a chunk without size', `${ok}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`],
    ['a chunk longer than it says', `${ok}Transfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n`],
    ['a chunk line without end', `${ok}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(400)}`],
    ['a head without end', `${ok}${'A: b\r\n'.repeat(4_000)}`],
    ['a header without name', `${ok}: x\r\n\r\n`],
    ['trailers without end', `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\n${'A: b\r\n'.repeat(4_000)}`],
  ])('is %s', (_, text) => {
    expect(() => readPieces(Buffer.from(text), [])).toThrow(expect.objectContaining({ code: 'amt-unexpected' }))
  })

  it('is more than 1 MB in small chunks, or until the connection ends', () => {
    for (const head of ['Transfer-Encoding: chunked\r\n\r\n', '\r\n']) {
      const reader = new ReplyReader()
      reader.push(Buffer.from(ok + head))
      const chunk = Buffer.from(`400\r\n${'x'.repeat(1_024)}\r\n`)
      expect(() => {
        for (let at = 0; at < 1_100; at++) reader.push(chunk)
      }).toThrow(expect.objectContaining({ code: 'amt-unexpected' }))
    }
  })

  it('costs no more than its bytes, also one at a time', () => {
    const reader = new ReplyReader()
    reader.push(Buffer.from(`${ok}Content-Length: 300000\r\n\r\n`))
    const byte = Buffer.of(0x78)
    const before = process.cpuUsage().user

    for (let at = 0; at < 299_999; at++) reader.push(byte)

    expect(reader.push(byte)?.body.length).toBe(300_000)
    expect(process.cpuUsage().user - before).toBeLessThan(2_000_000)
  })
})
