// SPDX-License-Identifier: Apache-2.0
/** Devices that come and go: in rows, in events, in figures, and after a restart of the controller. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { startSwarm, type TestSwarm } from '../support/swarm.ts'

let test: TestController
let swarm: TestSwarm
beforeAll(async () => {
  test = await startTestController()
  swarm = await startSwarm(test, 3)
  const report = await swarm.connect({ concurrency: 3, patienceMs: 20_000 })
  expect(report).toMatchObject({ connected: 3, failed: 0 })
})
afterAll(async () => {
  await swarm.stop()
  await test.stop()
})

const device = async (index: number) => (await test.call('GET', `/api/v1/devices/${swarm.guid(index)}`)).body

describe('devices that are connected', () => {
  it('show in the counts and in their rows', async () => {
    await until(
      async () => (await test.call('GET', '/api/v1/devices/stats')).body,
      stats => stats.connectedCount === 3,
    )

    expect(await device(0)).toMatchObject({ connectionStatus: true, mpsusername: 'swarm0', tenantId: '' })
    expect((await device(0)).lastConnected).toMatch(/^\d{4}-/)
  })

  it('answer over their tunnel', async () => {
    const { status, body } = await test.call('GET', `/api/v1/amt/power/state/${swarm.guid(1)}`)

    expect({ status, body }).toMatchObject({ status: 200, body: { powerstate: 2 } })
  })

  it('count in the metrics', async () => {
    const { text } = await test.call('GET', '/metrics')

    expect(text).toMatch(/^muster_oob_tunnels 3$/m)
    expect(text).toMatch(/^muster_oob_wsman_requests_total\{outcome="200"\} [1-9]/m)
    expect(text).toMatch(/^muster_oob_wsman_seconds_bucket\{le="10"\} [1-9]/m)
  })

  it('never tell a password again', async () => {
    const everything = JSON.stringify([await device(0), (await test.call('GET', '/api/v1/devices')).body])

    expect(everything).not.toMatch(/Sw1!|Am1!/)
  })
})

describe('devices that went', () => {
  it('are told as events, with the reason', async () => {
    const gone = swarm.guid(2)
    await swarm.machines[2]!.stop()
    await until(
      () => device(2),
      row => row.connectionStatus === false,
    )
    const events = await recentEvents()

    expect(events.filter(each => each.subject === gone).map(each => each.type)).toEqual([
      'oob.device',
      'oob.connected',
      'oob.disconnected',
    ])
    expect(events.find(each => each.type === 'oob.disconnected')?.data.reason).toMatch(/closed-by-device|lost/)
  })

  it('are told after the controller was restarted, and come back by themselves', async () => {
    const before = await device(2)
    await test.restart()

    expect(await device(2)).toMatchObject({ lastDisconnected: before.lastDisconnected, connectionStatus: false })
    await until(
      async () => (await test.call('GET', '/api/v1/devices/stats')).body,
      stats => stats.connectedCount === 2,
      20_000,
    )
    const lines = (await test.call('GET', '/v1/projects/default/oob/status')).body.lines
    expect(lines.map((line: any) => line.connected).sort()).toEqual([false, true, true])
  }, 30_000)
})

type Told = { readonly type: string; readonly subject: string; readonly data: { reason?: string } }

/** Everything the event stream still has. */
async function recentEvents(): Promise<readonly Told[]> {
  const control = new AbortController()
  const response = await fetch(`${test.url}/v1/events?after=0`, {
    headers: { authorization: `Bearer ${test.token}`, accept: 'text/event-stream', 'last-event-id': '0' },
    signal: control.signal,
  })
  const told: Told[] = []
  let text = ''
  const decoder = new TextDecoder()
  for await (const part of response.body!) {
    text += decoder.decode(part as Uint8Array, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (data?.startsWith('{')) told.push(JSON.parse(data))
    }
    if (told.some(each => each.type === 'oob.disconnected')) break
  }
  control.abort()
  return told
}
