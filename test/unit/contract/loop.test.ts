// SPDX-License-Identifier: Apache-2.0
/** The loop settles from anywhere, survives being cut at any step, and says so when a plan never ends. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_PASSES, reconcile, type Step } from '../../../plugins/contract/index.ts'

type World = { mode: 'off' | 'on'; password: boolean; certificate: boolean; tunnel: string | null }
type Desired = { mode: 'off' | 'on'; tunnel: string }
type WorldStep = Step & {
  do: 'activate' | 'deactivate' | 'set-password' | 'install-certificate' | 'open-tunnel'
  to?: string
}

/** A section with ordering rules like those of a firmware activation. */
function firmware(world: World, cut?: { after: number }) {
  let applied = 0
  return {
    applied: () => applied,
    observe: async () => ({ ...world }),
    plan: (want: Desired, is: World): WorldStep[] => {
      const impact = 'none' as const
      if (want.mode === 'off') return is.mode === 'off' ? [] : [{ do: 'deactivate', impact, why: 'it is on' }]
      if (is.mode === 'off') return [{ do: 'activate', impact, why: 'it is off' }]
      if (!is.password) return [{ do: 'set-password', impact, why: 'factory password' }]
      if (!is.certificate) return [{ do: 'install-certificate', impact, why: 'no certificate' }]
      if (is.tunnel !== want.tunnel)
        return [{ do: 'open-tunnel', impact, why: `tunnel is ${is.tunnel}`, to: want.tunnel }]
      return []
    },
    apply: async (step: WorldStep) => {
      if (cut !== undefined && applied === cut.after) throw new Error('power cut')
      applied++
      if (step.do === 'activate') world.mode = 'on'
      if (step.do === 'deactivate')
        Object.assign(world, { mode: 'off', password: false, certificate: false, tunnel: null })
      if (step.do === 'set-password') world.password = true
      if (step.do === 'install-certificate') world.certificate = true
      if (step.do === 'open-tunnel') world.tunnel = step.to ?? null
    },
  }
}

const anyWorld = fc.record({
  mode: fc.constantFrom('off' as const, 'on' as const),
  password: fc.boolean(),
  certificate: fc.boolean(),
  tunnel: fc.option(fc.constantFrom('a', 'b')),
})
const anyDesired = fc.record({
  mode: fc.constantFrom('off' as const, 'on' as const),
  tunnel: fc.constantFrom('a', 'b'),
})
const never = new AbortController().signal
const open = () => undefined

describe('the loop', () => {
  it('settles from any observed state, and then has nothing left to do', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, anyDesired, async (world, desired) => {
        const section = firmware({ ...world })
        expect(await reconcile(section, desired, open, never)).toEqual({ status: 'settled' })
        const before = section.applied()
        expect(await reconcile(section, desired, open, never)).toEqual({ status: 'settled' })
        expect(section.applied()).toBe(before)
      }),
    )
  })

  it('reaches the same end when the power is cut after any step', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, anyDesired, fc.nat(5), async (world, desired, after) => {
        const [calm, cut] = [{ ...world }, { ...world }]
        await reconcile(firmware(calm), desired, open, never)
        await reconcile(firmware(cut, { after }), desired, open, never).catch(() => undefined)
        await reconcile(firmware(cut), desired, open, never)
        expect(cut).toEqual(calm)
      }),
    )
  })

  it('holds before the first step that is not allowed, and goes on when it is', async () => {
    const world: World = { mode: 'off', password: false, certificate: false, tunnel: null }
    const desired: Desired = { mode: 'on', tunnel: 'a' }
    const held = await reconcile(
      firmware(world),
      desired,
      step => (step.do === 'set-password' ? 'outside the window' : undefined),
      never,
    )

    expect(held).toMatchObject({ status: 'held', why: 'outside the window', step: { do: 'set-password' } })
    expect(world).toMatchObject({ mode: 'on', password: false })
    expect(await reconcile(firmware(world), desired, open, never)).toEqual({ status: 'settled' })
  })

  it('says that a plan diverges after twenty steps', async () => {
    let applied = 0
    const section = {
      observe: async () => ({}),
      plan: () => [{ do: 'again', impact: 'none', why: 'never enough' } as const],
      apply: async () => void applied++,
    }
    expect(await reconcile(section as never, {}, open, never)).toMatchObject({
      status: 'diverging',
      step: { do: 'again' },
    })
    expect(applied).toBe(MAX_PASSES)
  })

  it('stops between steps when it is cancelled', async () => {
    const stop = new AbortController()
    const world: World = { mode: 'off', password: false, certificate: false, tunnel: null }
    const section = firmware(world)
    const cutting = { ...section, apply: async (step: WorldStep) => section.apply(step).then(() => stop.abort()) }
    await expect(reconcile(cutting, { mode: 'on', tunnel: 'a' }, open, stop.signal)).rejects.toThrow()
    expect(section.applied()).toBe(1)
  })
})
