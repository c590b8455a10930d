// SPDX-License-Identifier: Apache-2.0
/** How much of what a plugin process says is heard. */
import { describe, expect, it } from 'vitest'
import { createChatter } from '../../../../agent/hosting/chatter.ts'
import { DEFAULT_LIMITS } from '../../../../agent/hosting/limits.ts'
import { MINUTE, SECOND } from '../../../../plugins/contract/index.ts'
import { createFakeClock } from '../../../../simulator/clock.ts'
import { keptLog } from './fixtures/quiet.ts'

function chatter() {
  const clock = createFakeClock(0)
  const { log, lines } = keptLog()
  const limits = { ...DEFAULT_LIMITS, messagesPerSecond: 10, bytesPerSecond: 100, printedBytes: 100 }
  return { clock, lines, chatter: createChatter({ log, clock, limits }) }
}

const line = { type: 'log', level: 'info', message: 'again', fields: { a: 1 } } as const

describe('the chatter of a plugin process', () => {
  it('is left unread for the rest of a second that has heard enough', async () => {
    const { clock, chatter: it } = chatter()

    await clock.advance(400)
    expect(it.heard(100)).toBe(0)
    expect(it.heard(1)).toBe(600)
    await clock.advance(600)

    expect(it.heard(100)).toBe(0)
  })

  it('counts messages as well as bytes', () => {
    const { chatter: it } = chatter()

    for (let count = 0; count < 10; count++) it.message()
    expect(it.heard(1)).toBe(0)
    it.message()

    expect(it.heard(1)).toBe(SECOND)
  })

  it('loses log lines beyond fifty in a second, and says how many', async () => {
    const { clock, lines, chatter: it } = chatter()

    for (let count = 0; count < 70; count++) it.said(line, 50)
    await clock.advance(SECOND)
    it.said(line, 50)

    expect(lines.length).toBe(52)
    expect(lines[50]).toEqual({ level: 'warn', message: 'the plugin logs too much', fields: { dropped: 20 } })
  })

  it('loses the fields of a long line', () => {
    const { lines, chatter: it } = chatter()

    it.said(line, 50)
    it.said(line, 10_000)

    expect(lines.map(each => each.fields)).toEqual([{ fields: { a: 1 } }, { shortened: true }])
  })

  it('may print so much in a minute', async () => {
    const { clock, chatter: it } = chatter()

    expect(it.printed(new Uint8Array(100))).toBe(true)
    expect(it.printed(new Uint8Array(1))).toBe(false)
    await clock.advance(MINUTE)

    expect(it.printed(new Uint8Array(100))).toBe(true)
  })

  it('is quoted with its last words, once there are any', () => {
    const { lines, chatter: it } = chatter()
    it.lastWords()

    it.printed(Buffer.from('x'.repeat(3_000)))
    it.printed(Buffer.from('the end'))
    it.lastWords()

    expect(lines.length).toBe(1)
    expect(JSON.stringify(lines[0]?.fields)).toMatch(/"printed":"x{2041}the end"/)
  })
})
