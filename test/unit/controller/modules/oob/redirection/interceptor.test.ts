// SPDX-License-Identifier: Apache-2.0
/** The opening of a session, byte by byte. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readClientFrame, readDeviceFrame } from '../../../../../../controller/modules/oob/redirection/framing.ts'
import { createInterceptor, type Progress } from '../../../../../../controller/modules/oob/redirection/interceptor.ts'
import { Secret } from '../../../../../../controller/secrets/secrets.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const strings = (...texts: string[]) =>
  Buffer.concat(texts.map(text => Buffer.concat([Buffer.of(text.length), Buffer.from(text)])))
const frame = (kind: number, status: number, type: number, data = Buffer.alloc(0)) => {
  const head = Buffer.of(kind, status, 0, 0, type, 0, 0, 0, 0)
  head.writeUInt32LE(data.length, 5)
  return Buffer.concat([head, data])
}
const CNONCE = 'c'.repeat(32)
const start = (mode?: 'kvm' | 'sol' | 'ider') =>
  createInterceptor({
    credentials: { username: 'admin', password: Secret.of('pass word') },
    cnonce: CNONCE,
    decoy: 'd'.repeat(32),
    mode,
  })
const out = (progress: Progress) => ({
  device: Buffer.concat(progress.toDevice),
  browser: Buffer.concat(progress.toBrowser),
  state: progress.state,
  rest: progress.rest,
})
const STARTED = hex('11000000 000000000000000000')

describe('the opening of a session', () => {
  const dance = (size: number) => {
    const it = start('sol')
    const device: Buffer[] = []
    const browser: Buffer[] = []
    let last: Progress | undefined
    const give = (side: 'fromBrowser' | 'fromDevice', data: Buffer) => {
      for (let at = 0; at < data.length; at += size) {
        last = it[side](data.subarray(at, at + size))
        device.push(...last.toDevice.map(each => Buffer.from(each)))
        browser.push(...last.toBrowser.map(each => Buffer.from(each)))
      }
    }
    give('fromBrowser', hex('10000000 534f4c20'))
    give('fromDevice', STARTED)
    give('fromBrowser', frame(0x13, 0, 0))
    give('fromDevice', frame(0x14, 0, 0, Buffer.of(1, 2, 3, 4)))
    give('fromBrowser', frame(0x13, 0, 4, strings('', '', '', '', '', '', '', '')))
    give('fromDevice', frame(0x14, 1, 4, strings('Realm', 'Nonce', 'auth')))
    give('fromBrowser', frame(0x13, 0, 4, strings('', 'r', 'n', '', 'c', '1', 'x', 'auth')))
    give('fromDevice', frame(0x14, 0, 4))
    return { device: Buffer.concat(device), browser: Buffer.concat(browser), last: last! }
  }

  it.each([[1], [3], [1_000]])('is the same in pieces of %i bytes', size => {
    const { device, browser, last } = dance(size)
    const response = md5(
      `${md5('admin:Realm:pass word')}:Nonce:00000001:${CNONCE}:auth:${md5('POST:/RedirectionService')}`,
    )

    expect(device).toEqual(
      Buffer.concat([
        hex('10000000 534f4c20'),
        frame(0x13, 0, 0),
        frame(0x13, 0, 4, strings('admin', '', '', '/RedirectionService', '', '', '', '')),
        frame(
          0x13,
          0,
          4,
          strings('admin', 'Realm', 'Nonce', '/RedirectionService', CNONCE, '00000001', response, 'auth'),
        ),
      ]),
    )
    expect(browser).toEqual(
      Buffer.concat([
        STARTED,
        frame(0x14, 0, 0, Buffer.of(1, 2, 3, 4)),
        frame(0x14, 1, 4, strings(`Digest:${'D'.repeat(32)}`, 'd'.repeat(32), 'auth')),
        frame(0x14, 0, 4),
      ]),
    )
    expect(last.state).toBe('open')
    expect(browser.includes('Nonce')).toBe(false)
  })

  it('keeps what either side said ahead for the open session', () => {
    const it = start()
    out(
      it.fromBrowser(
        Buffer.concat([
          hex('10010000 4b564d52'),
          frame(0x13, 0, 0),
          frame(0x13, 0, 1, strings('', '')),
          hex('4000000000000000'),
        ]),
      ),
    )
    expect(out(it.fromDevice(STARTED)).device).toEqual(frame(0x13, 0, 0))
    expect(out(it.fromDevice(frame(0x14, 0, 0, Buffer.of(1)))).device).toEqual(
      frame(0x13, 0, 1, strings('admin', 'pass word')),
    )
    const last = out(it.fromDevice(Buffer.concat([frame(0x14, 0, 1), hex('aabb')])))

    expect(last.state).toBe('open')
    expect(last.rest).toEqual({ fromBrowser: hex('4000000000000000'), fromDevice: hex('aabb') })
    expect(it.mode).toBe('kvm')
  })

  it.each([
    ['a verdict nobody asked for', [STARTED, frame(0x14, 0, 4)], 'protocol'],
    ['bytes that are no frame', [hex('160301')], 'protocol'],
    ['a login of four gigabytes', [STARTED, hex('14010000 04 ffffffff')], 'protocol'],
  ])('ends at %s from the device', (_, pieces, failed) => {
    const it = start('sol')
    it.fromBrowser(hex('10000000 534f4c20'))
    const last = pieces.map(piece => out(it.fromDevice(piece))).at(-1)

    expect(last?.state).toMatchObject({ failed })
  })

  it.each([
    ['a session of an unknown kind', hex('10000000 58585858'), 'mode'],
    ['another kind than it may', hex('10010000 4b564d52'), 'mode'],
    ['a login before the start', frame(0x13, 0, 0), 'protocol'],
    ['bytes that are no frame', hex('20000000'), 'protocol'],
    ['a login without end', hex('13000000 04 00ffffff'), 'protocol'],
    ['more than may wait', Buffer.alloc(70_000, 0x13), 'protocol'],
  ])('ends at %s from the browser, and hands nothing on', (_, piece, failed) => {
    const { state, device } = out(start('sol').fromBrowser(piece))

    expect(state).toMatchObject({ failed })
    expect(device.length).toBe(0)
  })

  it('hands a refusal on whole, also a short one', () => {
    const it = start('sol')
    it.fromBrowser(hex('10000000 534f4c20'))

    const { browser, state } = out(it.fromDevice(hex('11020000')))

    expect(browser).toEqual(hex('11020000'))
    expect(state).toEqual({ failed: 'refused', detail: 'busy' })
  })

  it('says that it failed when no kind of login is common', () => {
    const it = start('sol')
    it.fromBrowser(hex('10000000 534f4c20'))
    it.fromDevice(STARTED)
    it.fromBrowser(frame(0x13, 0, 0))

    expect(out(it.fromDevice(frame(0x14, 0, 0, Buffer.of(2)))).state).toMatchObject({ failed: 'no-common-kind' })
  })
})

describe('frames', () => {
  it('wait for their last byte', () => {
    for (const whole of [hex('10000000 534f4c20'), hex('12000000'), frame(0x13, 0, 1, strings('a', 'b'))])
      for (let size = 0; size < whole.length; size++) expect(readClientFrame(whole.subarray(0, size))).toBe('wait')
    for (const whole of [hex('11000000 0000000000000000 03 aabbcc'), frame(0x14, 1, 4, strings('a', 'b', 'c'))]) {
      for (let size = 0; size < whole.length; size++) expect(readDeviceFrame(whole.subarray(0, size))).toBe('wait')
      expect(readDeviceFrame(Buffer.concat([whole, hex('ff')]))).toMatchObject({ size: whole.length })
    }
  })
})
