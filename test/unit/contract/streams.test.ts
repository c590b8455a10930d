// SPDX-License-Identifier: Apache-2.0
/** Two ends of a stream over a wire that a test can hold, cut and tamper with. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createStreamEnd, decodeFrame, encodeFrame, STREAM, type StreamEnd } from '../../../plugins/contract/index.ts'
import { createFakeClock } from '../../../simulator/clock.ts'

type Side = {
  readonly end: StreamEnd
  readonly got: number[]
  readonly told: string[]
  /** What it has sent and the other has not been given. */
  readonly wire: Uint8Array[]
}

const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

function pair() {
  const clock = createFakeClock(0)
  const side = (): Side => {
    const made: Omit<Side, 'end'> = { got: [], told: [], wire: [] }
    const end = createStreamEnd({
      clock,
      send: async frame => void made.wire.push(frame),
      opened: () => made.told.push('opened'),
      data: bytes => {
        made.got.push(...bytes)
        return true
      },
      ended: () => made.told.push('ended'),
      broken: why => made.told.push(`broken: ${why}`),
    })
    return { ...made, end }
  }
  const [near, far] = [side(), side()]
  const carry = async (): Promise<void> => {
    for (;;) {
      await settle()
      if (near.wire.length + far.wire.length === 0) return
      for (const frame of near.wire.splice(0)) far.end.take(frame)
      for (const frame of far.wire.splice(0)) near.end.take(frame)
    }
  }
  return { clock, near, far, carry }
}

async function open() {
  const both = pair()
  both.near.end.begin('waits')
  both.far.end.begin('speaks')
  await both.carry()
  return both
}

describe('a frame', () => {
  it('is read as it was written', () => {
    const bytes = encodeFrame({ kind: 'data', number: 0xffff_fffe, body: Uint8Array.of(1, 2) })

    expect([...bytes]).toEqual([1, 0xff, 0xff, 0xff, 0xfe, 1, 2])
    expect(decodeFrame(bytes)).toEqual({ kind: 'data', number: 0xffff_fffe, body: Uint8Array.of(1, 2) })
  })

  it.each([[[]], [[1, 0, 0, 0]], [[1, 0, 0, 0, 0]], [[9, 0, 0, 0, 0, 1]], [[2, 0, 0, 0, 0, 1]], [[3, 0, 0, 0, 0, 1]]])(
    'is not %j',
    bytes => expect(decodeFrame(Uint8Array.from(bytes))).toBeUndefined(),
  )

  it('is never longer than the bus takes', () => {
    expect(
      decodeFrame(encodeFrame({ kind: 'data', number: 0, body: new Uint8Array(STREAM.frameBytes) })),
    ).toBeUndefined()
  })
})

describe('an end that waits', () => {
  it('says nothing before the other has spoken', async () => {
    const { near, far, carry } = pair()
    near.end.begin('waits')
    await settle()
    expect(near.wire).toEqual([])

    far.end.begin('speaks')
    await carry()

    expect(near.told).toEqual(['opened'])
    expect(far.told).toEqual(['opened'])
  })
})

describe('two ends', () => {
  it('carry whatever is written, both ways, to the last byte', async () => {
    const writes = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40_000 }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(writes, writes, async (down, up) => {
        const { near, far, carry } = await open()
        near.end.wanted()
        far.end.wanted()
        const all = async (end: StreamEnd, list: readonly Uint8Array[]): Promise<void> => {
          for (const bytes of list) await new Promise<void>(done => end.write(bytes, done))
          end.end()
        }
        const written = Promise.all([all(near.end, down), all(far.end, up)])
        await carry()
        await written
        await carry()

        expect(Buffer.from(far.got).equals(Buffer.concat(down))).toBe(true)
        expect(Buffer.from(near.got).equals(Buffer.concat(up))).toBe(true)
        expect([near.told, far.told]).toEqual([
          ['opened', 'ended'],
          ['opened', 'ended'],
        ])
      }),
      { numRuns: 15 },
    )
  })

  it('keep to the window while nobody reads', async () => {
    const { near, far, carry } = await open()
    let isDone = false
    near.end.write(new Uint8Array(STREAM.windowBytes + 10), () => {
      isDone = true
    })
    await carry()
    expect(isDone).toBe(false)

    far.end.wanted()
    await carry()

    expect(isDone).toBe(true)
    expect(far.got).toHaveLength(STREAM.windowBytes + 10)
  })

  it('close with each other, and nothing is read from a stream that was broken off', async () => {
    const { near, far, carry } = await open()
    near.end.write(Uint8Array.of(1), () => {})
    await settle()
    near.end.reset('enough')
    await carry()

    expect(far.told).toEqual(['opened', 'broken: enough'])
    far.end.wanted()
    expect(far.got).toEqual([])
  })
})

describe('an end breaks a stream', () => {
  const data = (number: number, length = 1): Uint8Array =>
    encodeFrame({ kind: 'data', number, body: new Uint8Array(length) })
  const chunk = STREAM.frameBytes - 5

  it.each<[string, string, Uint8Array[]]>([
    ['when a frame was lost', 'a frame was lost', [data(1), data(3)]],
    ['when a frame comes twice', 'a frame was lost', [data(1), data(1)]],
    ['when it cannot be read', 'a frame could not be read', [Uint8Array.of(7, 0, 0, 0, 1)]],
    [
      'when something comes after the end',
      'something came after the end',
      [encodeFrame({ kind: 'end', number: 1, body: new Uint8Array() }), data(2)],
    ],
    [
      'when more comes than it gave credit for',
      'more came than there was credit for',
      Array.from({ length: Math.ceil(STREAM.windowBytes / chunk) }, (_, index) => data(index + 1, chunk)),
    ],
  ])('%s', async (_, why, frames) => {
    const { near } = await open()
    for (const frame of frames) near.end.take(frame)
    await settle()

    expect(near.told.at(-1)).toBe(`broken: ${why}`)
    expect(decodeFrame(near.wire.at(-1) ?? new Uint8Array())?.kind).toBe('reset')
  })

  it('on which nothing passed for a minute', async () => {
    const { near, far, carry, clock } = await open()
    await clock.advance(STREAM.idleMs - 1)
    near.end.write(Uint8Array.of(1), () => {})
    await carry()
    await clock.advance(STREAM.idleMs - 1)
    expect(near.told).toEqual(['opened'])

    await clock.advance(1)

    expect(near.told.at(-1)).toBe('broken: nothing passed for too long')
    expect(far.told.at(-1)).toMatch(/^broken/)
  })
})
