// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as apf from '../../../../simulator/amt/apf.ts'
import { encodeReply, parseRequest } from '../../../../simulator/amt/http.ts'
import { readParameters } from '../../../../simulator/amt/power.ts'
import { escapeXml, parseXml, XmlError } from '../../../../simulator/amt/xml.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('messages of the tunnel', () => {
  it.each([
    ['01 0000000b 0000', { kind: 'disconnect', reason: 11 }],
    ['06 00000003 616263', { kind: 'service-accept', service: 'abc' }],
    ['33 00000008 70617373776f7264 00', { kind: 'userauth-failure', methods: 'password' }],
    ['34', { kind: 'userauth-success' }],
    ['52', { kind: 'request-failure' }],
    ['5b 00000001 00000002 00001000 ffffffff', { kind: 'channel-confirmation', recipient: 1, sender: 2, window: 4096 }],
    ['5c 00000001 00000004 00000000 00000000', { kind: 'channel-failure', recipient: 1, reason: 4 }],
    ['5d 00000001 00000100', { kind: 'window-adjust', recipient: 1, bytes: 256 }],
    ['5e 00000001 00000002 0a0b', { kind: 'channel-data', recipient: 1, data: hex('0a0b') }],
    ['61 00000007', { kind: 'channel-close', recipient: 7 }],
    ['d0 ffffffff', { kind: 'keepalive-request', cookie: 0xffff_ffff }],
    ['d1 00000005', { kind: 'keepalive-reply', cookie: 5 }],
    ['d2 0000001e 00000000', { kind: 'keepalive-options', intervalSeconds: 30, timeoutSeconds: 0 }],
  ])('are read whole and not before: %s', (bytes, message) => {
    const whole = hex(bytes)

    for (let cut = 0; cut < whole.length; cut++) expect(apf.readMessage(whole.subarray(0, cut), false)).toBeUndefined()
    expect(apf.readMessage(Buffer.concat([whole, hex('34')]), false)).toEqual({ message, length: whole.length })
  })

  it('carry a port in a success only when one was asked for', () => {
    expect(apf.readMessage(hex('51 00004240'), true)).toEqual({
      message: { kind: 'request-success', port: 16960 },
      length: 5,
    })
    expect(apf.readMessage(hex('51'), false)?.length).toBe(1)
  })

  it('are written byte for byte', () => {
    expect(apf.keepaliveOptionsReply(30, 90).toString('hex')).toBe('d30000001e0000005a')
    expect(apf.channelFailure(4, 2).toString('hex')).toBe('5c00000004000000020000000000000000')
    expect(apf.tcpipForward('', 5900).toString('hex')).toBe(
      `500000000d${Buffer.from('tcpip-forward').toString('hex')}01000000000000170c`,
    )
    expect(apf.protocolVersion('00112233-4455-6677-8899-aabbccddeeff', 4)).toHaveLength(93)
  })

  it('that are not known, or too long, break the tunnel', () => {
    expect(() => apf.readMessage(hex('63 00000000'), false)).toThrow(apf.ApfError)
    expect(() => apf.readMessage(hex('06 00001000'), false)).toThrow(apf.ApfError)
  })
})

describe('XML', () => {
  it('finds namespaces by prefix and by default', () => {
    const root = parseXml(
      '<?xml version="1.0"?><a:x xmlns:a="one" xmlns="two"><y n="1 &lt; 2">t<![CDATA[<&>]]></y></a:x>',
    )

    expect(root).toMatchObject({ name: 'x', space: 'one', children: [{ name: 'y', space: 'two', text: 't<&>' }] })
    expect(root.children[0]?.attributes).toEqual({ n: '1 < 2' })
  })

  it('gives back any text that was escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        expect(parseXml(`<a>${escapeXml(text)}</a>`).text).toBe(text)
      }),
    )
  })

  it.each(['', '<a>', '<a></b>', '<a/><b/>', '<p:a/>', '<a>&nope;</a>', '<a> & </a>', '<!DOCTYPE a><a/>', 'text'])(
    'does not take %s',
    text => {
      expect(() => parseXml(text)).toThrow(XmlError)
    },
  )
})

describe('HTTP', () => {
  it('reads chunks whose sizes have leading zeros, in whatever pieces they come', () => {
    const bytes = Buffer.from(
      'POST /wsman HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0003\r\nabc\r\n02\r\nde\r\n0\r\n\r\nGET',
    )

    for (let cut = 0; cut < bytes.length - 3; cut++) expect(parseRequest(bytes.subarray(0, cut))).toBeUndefined()
    expect(parseRequest(bytes)).toMatchObject({ request: { body: 'abcde' }, rest: Buffer.from('GET') })
  })

  it('writes chunks as firmware does', () => {
    const text = encodeReply({ status: 200, body: 'x'.repeat(1025), chunked: true }).toString()

    expect(text).toContain('\r\n\r\n0400\r\nxxx')
    expect(text.endsWith('x\r\n0001\r\nx\r\n0\r\n\r\n')).toBe(true)
  })
})

describe('boot parameters', () => {
  it('are little-endian triples', () => {
    expect(readParameters(hex('8680 0100 03000000 616263 8680 1400 01000000 01'))).toEqual([
      { vendor: 0x8086, type: 1, value: '616263' },
      { vendor: 0x8086, type: 20, value: '01' },
    ])
  })
})
