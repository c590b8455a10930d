// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { createSystem } from '../../../../agent/system/real.ts'

it('knows this machine by an id that stays and a boot by one that is not empty', async () => {
  const [one, other] = [createSystem(), createSystem()]

  expect(await one.machineId()).toMatch(/^([0-9a-f]{32})?$/)
  expect(await other.machineId()).toBe(await one.machineId())
  expect((await one.bootId()).length).toBeGreaterThan(0)
  expect(await one.bootId()).toBe(await one.bootId())
  expect(one.simulated).toBe(false)
})

it('draws other bytes each time, as many as asked', () => {
  const { random } = createSystem()

  expect(random(32)).toHaveLength(32)
  expect(random(32)).not.toEqual(random(32))
})

it('does not begin what nobody wants', async () => {
  const stopped = AbortSignal.abort(new Error('stopped'))

  await expect(createSystem().network.connect({ host: '127.0.0.1', port: 9 }, stopped)).rejects.toThrow('stopped')
})

it('says that a port beyond the last one cannot be reached', async () => {
  const connecting = createSystem().network.connect({ host: '127.0.0.1', port: 70_000 }, new AbortController().signal)

  await expect(connecting).rejects.toMatchObject({ code: 'unreachable', fields: { port: 70_000 } })
})
