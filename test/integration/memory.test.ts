// SPDX-License-Identifier: Apache-2.0
/** A controller that runs short of memory puts off what can wait, says so everywhere, and takes it up again. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { askIn, enrollWire, messageId, openWire, type WireIdentity, type WireSession } from '../support/wire-host.ts'

const MB = 2 ** 20
let used = 100
let test: TestController
let known: WireIdentity
let session: WireSession

beforeAll(async () => {
  test = await startTestController({
    config: { memory: { softMb: 600, hardMb: 800 } },
    residentBytes: () => used * MB,
  })
  known = await enrollWire(test, { uuid: '00000000-0000-4000-8000-000000000001' })
  session = await openWire(test, known)
  await session.birth()
})
afterAll(async () => {
  await session?.end()
  await test?.stop()
})

const system = async (): Promise<any> => (await test.call('GET', '/v1/system')).body
const reaches = (level: string) => until(system, ({ memory }) => memory.level === level)
/** Resolves once the events of the installation tell of it. */
async function noticed(code: string): Promise<void> {
  const headers = { authorization: `Bearer ${test.token}` }
  const signal = AbortSignal.timeout(10_000)
  const { body } = await fetch(`${test.url}/v1/events?type=system.notice&after=0`, { headers, signal })
  let text = ''
  for await (const part of body!.pipeThrough(new TextDecoderStream())) {
    text += part
    if (text.includes(code)) return
  }
  throw new Error(text)
}

it('lets no new host enroll from the soft mark on, and serves those it has', async () => {
  used = 650
  const { concerns } = await reaches('soft')

  expect(concerns).toContainEqual(expect.objectContaining({ code: 'memory-low', severity: 'degraded' }))
  const asked = await askIn(test, await test.joinToken(), { uuid: '00000000-0000-4000-8000-000000000002' })
  expect([asked.status, asked.body.code]).toEqual([503, 'memory-short'])
  await session.publish('reported/os', report('SOFT'))
  expect((await session.next('/receipt')).ids).toHaveLength(1)
  expect((await fetch(`${test.url}/readyz`)).status).toBe(200)
  expect((await test.call('GET', '/metrics')).text).toContain('muster_memory_level 1')
  await noticed('memory-soft')
})

it('lets nobody in from the hard mark on, is not ready, and still keeps who is there', async () => {
  const other = await enrollAtPeace('00000000-0000-4000-8000-000000000003')
  used = 810
  const { concerns } = await reaches('hard')

  expect(concerns).toContainEqual(expect.objectContaining({ code: 'memory-full', severity: 'failing' }))
  expect((await fetch(`${test.url}/readyz`)).status).toBe(503)
  expect((await fetch(`${test.url}/healthz`)).status).toBe(200)
  await expect(openWire(test, other)).rejects.toThrow()
  await session.publish('reported/os', report('HARD'))
  expect((await session.next('/receipt')).ids).toHaveLength(1)
  await noticed('memory-hard')
})

it('holds a level until clearly below its mark, and then takes everything again', async () => {
  used = 780
  await new Promise(resolve => setTimeout(resolve, 600))
  expect((await system()).memory.level).toBe('hard')
  used = 200
  await reaches('normal')

  await enrollWire(test, { uuid: '00000000-0000-4000-8000-000000000004' })
  expect((await fetch(`${test.url}/readyz`)).status).toBe(200)
  await noticed('memory-normal')
})

async function enrollAtPeace(uuid: string): Promise<WireIdentity> {
  used = 100
  await reaches('normal')
  return enrollWire(test, { uuid })
}

function report(hostname: string): object {
  return {
    id: messageId(),
    revision: 0,
    status: 'settled',
    observed: { hostname, release: {}, kernel: {}, packages: { manager: 'none' } },
    plugin: { name: 'os', version: '1.0.0' },
    at: new Date().toISOString(),
  }
}
