// SPDX-License-Identifier: Apache-2.0
/** Firmware that is busy is looked at soon, and ever less often. */
import { describe, expect, it } from 'vitest'
import type { Ground } from '../../../../../../controller/modules/oob/activation/ground.ts'
import { settled } from '../../../../../../controller/modules/oob/activation/settle.ts'
import { problem } from '../../../../../../controller/modules/oob/problems.ts'
import { createFakeClock } from '../../../../../../simulator/clock.ts'

function waiting(look: (atMs: number) => string | undefined) {
  const clock = createFakeClock(0)
  const control = new AbortController()
  const looks: number[] = []
  const ground = {
    clock,
    timing: { settleMs: 5_000 },
    signal: control.signal,
    pause: (ms: number) => clock.sleep(ms, control.signal),
  } as unknown as Ground // what it needs of it
  const found = settled(ground, async () => {
    looks.push(clock.monotonic())
    return look(clock.monotonic())
  })
  found.catch(() => {})
  return { clock, control, looks, found }
}

describe('waiting for firmware', () => {
  it('ends with the first look that finds it settled', async () => {
    const { clock, looks, found } = waiting(() => 'client')
    await clock.advance(250)

    expect(await found).toBe('client')
    expect(looks).toEqual([250])
  })

  it('looks less and less often, and gives up when the time is over', async () => {
    const { clock, looks, found } = waiting(() => undefined)
    await clock.advance(5_000)

    expect(await found).toBeUndefined()
    expect(looks).toEqual([250, 750, 1_750, 3_750])
  })

  it('takes a look that fails for one that comes too early', async () => {
    const { clock, found } = waiting(at => {
      if (at < 1_000) throw problem('amt-unauthorized')
      return 'admin'
    })
    await clock.advance(2_000)

    expect(await found).toBe('admin')
  })

  it('ends when the client went away', async () => {
    const { clock, found } = waiting(() => {
      throw problem('amt-not-connected')
    })
    await clock.advance(250)

    await expect(found).rejects.toMatchObject({ code: 'amt-not-connected' })
  })

  it('ends with the session', async () => {
    const { clock, control, looks, found } = waiting(() => undefined)
    await clock.advance(300)
    control.abort(new Error('a later session'))

    await expect(found).rejects.toThrow('a later session')
    expect(looks).toEqual([250])
  })
})
