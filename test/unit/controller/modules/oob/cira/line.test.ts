// SPDX-License-Identifier: Apache-2.0
/** Messages leave in their order, and those that can wait leave with the next. */
import { describe, expect, it } from 'vitest'
import { Line } from '../../../../../../controller/modules/oob/cira/line.ts'

function wired() {
  const written: string[] = []
  const wire = { address: '', fingerprint: () => undefined, end: () => {}, destroy: () => {} }
  const line = new Line({
    ...wire,
    write: bytes => {
      written.push(bytes.toString())
      return true
    },
  })
  const say = (text: string): Buffer => Buffer.from(text)
  return { line, written, say }
}

describe('a message that can wait', () => {
  it('leaves in one piece with the next', async () => {
    const { line, written, say } = wired()
    line.sendSoon(say('close '))
    line.send(say('open'))
    await Promise.resolve()

    expect(written).toEqual(['close open'])
  })

  it('leaves alone when none follows in its turn', async () => {
    const { line, written, say } = wired()
    line.sendSoon(say('close'))
    expect(written).toEqual([])
    await Promise.resolve()

    expect(written).toEqual(['close'])
    line.send(say('open'))
    expect(written).toEqual(['close', 'open'])
  })

  it('leaves before what is sent together afterwards', async () => {
    const { line, written, say } = wired()
    line.sendSoon(say('1'))
    line.together(() => {
      line.send(say('2'))
      line.sendSoon(say('3'))
      line.send(say('4'))
    })
    await Promise.resolve()

    expect(written).toEqual(['1234'])
    expect(line.sent).toBe(4)
  })
})
