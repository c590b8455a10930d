// SPDX-License-Identifier: Apache-2.0
/** What a controller answers after one stall of its loop, and when it stalls again and again. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { standStill } from '../support/effort.ts'

let test: TestController

beforeAll(async () => {
  test = await startTestController()
})
afterAll(() => test.stop())

/** Holds the loop of the controller, which is this process's, for longer than may be. */
async function stall(): Promise<void> {
  standStill(2_400)
  await new Promise(resolve => setImmediate(resolve))
}

const ask = async () => (await test.call('GET', '/v1/projects/default/compute/hosts')).status
const system = async () => (await test.call('GET', '/v1/system')).body

it('answers after one stall, as after a start or a pause of the whole machine', async () => {
  await stall()

  expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 200])
})

it('refuses with a word when it stays late, says so, and answers again when it is over', async () => {
  // How much of a stall a window of a second catches is not ours to say, so some requests between are answered.
  let refused = await test.call('GET', '/v1/projects/default/compute/hosts')
  for (let count = 0; refused.status === 200 && count < 12; count++) {
    await stall()
    refused = await test.call('GET', '/v1/projects/default/compute/hosts')
  }

  expect(refused.body).toMatchObject({ code: 'overloaded', status: 503 })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  await expect.poll(ask, { timeout: 10_000 }).toBe(200)
  await expect.poll(async () => (await system()).eventLoop, { timeout: 10_000 }).toMatchObject({ overloaded: false })
}, 60_000)
