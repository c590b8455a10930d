// SPDX-License-Identifier: Apache-2.0
/** What the fake clock promises to those who test with it. */
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../simulator/clock.ts'

const NEVER = new AbortController().signal

describe('the fake clock', () => {
  it('stands still until it is moved', async () => {
    const clock = createFakeClock(1_000)

    await new Promise(resolve => setImmediate(resolve))

    expect([clock.now(), clock.monotonic()]).toEqual([1_000, 0])
  })

  it('runs timers in the order they fall due, and equals in the order they were set', async () => {
    const clock = createFakeClock(0)
    const ran: string[] = []
    clock.after(20, () => ran.push(`late at ${clock.monotonic()}`))
    clock.after(10, () => ran.push(`first at ${clock.monotonic()}`))
    clock.after(10, () => ran.push(`second at ${clock.monotonic()}`))

    await clock.advance(25)

    expect(ran).toEqual(['first at 10', 'second at 10', 'late at 20'])
    expect(clock.monotonic()).toBe(25)
  })

  it('runs what was set on the way when it falls due within the stretch', async () => {
    const clock = createFakeClock(0)
    const ran: number[] = []
    async function tick(): Promise<void> {
      for (;;) {
        await clock.sleep(10, NEVER)
        ran.push(clock.monotonic())
      }
    }
    void tick()

    await clock.advance(35)

    expect(ran).toEqual([10, 20, 30])
    expect(clock.nextIn).toBe(5)
  })

  it('forgets a timer, once and harmlessly twice', async () => {
    const clock = createFakeClock(0)
    let ran = 0
    const forget = clock.after(10, () => ran++)
    clock.after(10, () => ran++)

    forget()
    forget()
    await clock.advance(10)

    expect(ran).toBe(1)
    expect(clock.pending).toBe(0)
  })

  it('rejects a sleep with the reason of its signal and leaves no timer behind', async () => {
    const clock = createFakeClock(0)
    const controller = new AbortController()
    const asleep = clock.sleep(10, controller.signal)

    controller.abort('no longer wanted')

    await expect(asleep).rejects.toBe('no longer wanted')
    await expect(clock.sleep(10, controller.signal)).rejects.toBe('no longer wanted')
    expect(clock.pending).toBe(0)
  })

  it('jumps the wall clock without waking anybody', async () => {
    const clock = createFakeClock(1_000)
    let ran = false
    clock.after(10, () => {
      ran = true
    })

    clock.jump(86_400_000)

    expect([clock.now(), clock.monotonic(), ran]).toEqual([86_401_000, 0, false])
  })
})
