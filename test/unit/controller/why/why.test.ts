// SPDX-License-Identifier: Apache-2.0
/** The engine of reasons: what modules tell, and modules that tell nothing. */
import { describe, expect, it } from 'vitest'
import { addHost } from '../../../../controller/kernel/hosts.ts'
import type { Kernel } from '../../../../controller/kernel/kernel.ts'
import type { Blocker } from '../../../../controller/kernel/module.ts'
import { explainHost } from '../../../../controller/why/why.ts'
import { kernelStore, surroundings } from '../../../support/kernel.ts'

type Ask = Kernel['blockers'][number]['ask']

async function given(asks: Readonly<Record<string, Ask>>) {
  const store = await kernelStore()
  const around = surroundings()
  const host = await store.change(tx =>
    addHost(tx, 'default', { ...around, name: 'press', facts: {}, labels: [], state: 'onboarded' }),
  )
  const kernel = {
    ...around,
    store,
    sessions: { live: () => undefined },
    blockers: Object.entries(asks).map(([module, ask]) => ({ module, ask })),
  } as unknown as Kernel // as much of one as the engine looks at
  return { ...around, store, explain: () => explainHost(kernel, { project: 'default', id: host.id }) }
}

const blocker = (code: string, rank: number): Blocker => ({ code, rank, title: code, evidence: {}, next: 'wait' })

describe('modules', () => {
  it('add theirs in the order of ranks', async () => {
    const { explain, store } = await given({
      one: async () => [blocker('late', 500), blocker('early', 1)],
      two: async () => [blocker('between', 22)],
    })

    expect((await explain()).blockers.map(({ code }) => code)).toEqual(['early', 'never-connected', 'between', 'late'])
    await store.close()
  })

  it('that know of the same are told once', async () => {
    const { explain, store } = await given({ one: async () => [blocker('x', 1)], two: async () => [blocker('x', 1)] })

    expect((await explain()).blockers.filter(({ code }) => code === 'x')).toHaveLength(1)
    await store.close()
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('broken')
      },
    ],
    [
      'rejects',
      async () => {
        throw new Error('broken')
      },
    ],
  ] as [string, Ask][])('one that %s is itself told, and the answer stands', async (_, broken) => {
    const { explain, store } = await given({ broken, sound: async () => [blocker('x', 1)] })

    const { settled, blockers } = await explain()
    expect(settled).toBe(false)
    expect(blockers.map(({ code }) => code)).toEqual(['x', 'never-connected', 'could-not-ask'])
    expect(blockers.at(-1)?.evidence.module).toBe('broken')
    await store.close()
  })

  it('one that never answers is waited for two seconds', async () => {
    const { explain, store, clock } = await given({ silent: () => new Promise(() => {}) })
    const asked = explain()
    while (clock.pending === 0) await new Promise(resolve => setImmediate(resolve))
    await clock.advance(2_000)

    expect((await asked).blockers.map(({ code }) => code)).toEqual(['never-connected', 'could-not-ask'])
    await store.close()
  })
})
