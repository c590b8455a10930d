// SPDX-License-Identifier: Apache-2.0
/** Recordings as a chain, and what happens when they cannot be kept. */
import { describe, expect, it } from 'vitest'
import { createConsentTries } from '../../../../../../controller/modules/oob/redirection/consent.ts'
import {
  createMemoryRecordings,
  firstBroken,
  type RecordingSink,
  startRecorder,
} from '../../../../../../controller/modules/oob/redirection/recording.ts'
import { sha256 } from '../../../../../../controller/system/clock.ts'
import { createFakeClock } from '../../../../../../simulator/clock.ts'

const about = { id: '01M7YM281PADA7G1556W73NFVC', project: 'default', device: 'guid', format: 'asciicast' } as const

async function record(sink: RecordingSink) {
  const clock = createFakeClock(Date.parse('2026-11-21T04:00:00Z'))
  const failures: unknown[] = []
  const text = (data: Uint8Array) => Buffer.from(data).toString('latin1')
  const recorder = await startRecorder({
    sink,
    about,
    clock,
    digest: sha256,
    text,
    failed: thrown => void failures.push(thrown),
  })
  return { clock, recorder, failures }
}

describe('a recording', () => {
  it('is kept each two seconds, as asciicast', async () => {
    const sink = createMemoryRecordings()
    const { clock, recorder } = await record(sink)
    await clock.advance(1_500)
    recorder.add('o', Buffer.from('$ '))
    await clock.advance(2_000)
    recorder.add('o', Buffer.from('ls\r\n'))
    const end = await recorder.close()

    const lines = sink.kept[0]!.chunks.flatMap(each => each.text.trim().split('\n')).map(line => JSON.parse(line))
    expect(lines).toEqual([
      { version: 2, width: 80, height: 25, timestamp: 1_795_233_600, title: 'guid serial over LAN' },
      [1.5, 'o', '$ '],
      [3.5, 'o', 'ls\r\n'],
    ])
    expect(end.chunks).toBe(sink.kept[0]!.chunks.length)
    expect(firstBroken(about, sink.kept[0]!.chunks, { end, digest: sha256 })).toBeUndefined()
  })

  it('names the first chunk that was changed, removed or swapped', async () => {
    const sink = createMemoryRecordings()
    const { clock, recorder } = await record(sink)
    for (let piece = 0; piece < 5; piece++) {
      recorder.add('o', Buffer.from(`piece ${piece}`))
      await clock.advance(2_000)
    }
    const end = await recorder.close()
    const whole = sink.kept[0]!.chunks
    const broken = (chunks: typeof whole) => firstBroken(about, chunks, { end, digest: sha256 })

    expect(whole).toHaveLength(5)
    expect(broken(whole.map((each, at) => (at === 2 ? { ...each, text: each.text.replace('2', '9') } : each)))).toBe(2)
    expect(broken(whole.filter((_, at) => at !== 1))).toBe(1)
    expect(broken([whole[0]!, whole[1]!, whole[3]!, whole[2]!, whole[4]!])).toBe(2)
    expect(broken(whole.slice(0, 4))).toBe(4)
    expect(firstBroken({ ...about, device: 'another' }, whole, { end, digest: sha256 })).toBe(0)
  })

  it('says so once when the store is full, and gives no more room', async () => {
    const { clock, recorder, failures } = await record(createMemoryRecordings(100_000))
    for (let piece = 0; piece < 4; piece++) recorder.add('o', Buffer.alloc(70_000, 0x61))
    await clock.advance(0)

    expect(failures).toHaveLength(1)
    await expect(recorder.room()).rejects.toThrow(/could not be kept/)
    await recorder.close()
  })

  it('waits for a slow store, and gives up on one that does not answer', async () => {
    const never = {
      open: async () => ({ append: () => new Promise<void>(() => undefined), close: async () => undefined }),
    }
    const { clock, recorder, failures } = await record(never)
    for (let piece = 0; piece < 8; piece++) recorder.add('o', Buffer.alloc(70_000, 0x61))

    expect(recorder.full).toBe(true)
    await clock.advance(29_000)
    expect(failures).toHaveLength(0)
    await clock.advance(1_000)
    expect(failures).toHaveLength(1)
  })
})

describe('tries of a consent code', () => {
  it('are three, until another code is shown or the code is gone', async () => {
    const clock = createFakeClock(0)
    const tries = createConsentTries(clock)
    const fail = (times: number) => {
      for (let time = 0; time < times; time++) tries.tried('guid', false)
    }
    fail(2)
    tries.allow('guid')
    tries.tried('guid', true)
    fail(3)
    expect(() => tries.allow('guid')).toThrow(/three times/)
    expect(tries.exhausted('another')).toBe(false)
    tries.shown('guid')
    tries.allow('guid')
    fail(3)
    await clock.advance(300_000)
    tries.allow('guid')
  })
})
