// SPDX-License-Identifier: Apache-2.0
/** What EIM's series of a large fleet cost: `node test/bench/exporter.ts [hosts]`, over HTTP on loopback. */
import { request } from 'node:http'
import { startTestController, until } from '../support/controller.ts'

const hosts = Number(process.argv[2] ?? 10_000)
const PAGE = 1_000
const ROUNDS = 5

const test = await startTestController()
try {
  await fill()
  // Filling blocks the process, which sends callers away for a while.
  await until(
    async () => (await test.call('GET', '/metrics?project=default')).status,
    status => status === 200,
  )
  const rounds: { readonly ms: number; readonly firstMs: number }[] = []
  let bytes = 0
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now()
    const answer = await get()
    bytes = answer.bytes
    rounds.push({ ms: Math.round(performance.now() - began), firstMs: Math.round(answer.firstAt - began) })
  }
  const residentMb = Math.round(process.memoryUsage().rss / 1_048_576)
  process.stdout.write(`${JSON.stringify({ hosts, mb: Math.round(bytes / 1_048_576), rounds, residentMb })}\n`)
} finally {
  await test.stop()
}

/** The reader is in this process too, so it does as little as it can. */
function get(): Promise<{ readonly bytes: number; readonly firstAt: number }> {
  return new Promise((resolve, reject) => {
    const call = request(`${test.url}/metrics?project=default`, { headers: { authorization: `Bearer ${test.token}` } })
    call.on('error', reject)
    call.on('response', response => {
      if (response.statusCode !== 200) reject(new Error(`it answered ${response.statusCode}`))
      const firstAt = performance.now()
      let bytes = 0
      response.on('data', (part: Uint8Array) => {
        bytes += part.length
      })
      response.on('end', () => resolve({ bytes, firstAt }))
    })
    call.end()
  })
}

/** Rows as the product writes them, straight into the database's file. */
async function fill(): Promise<void> {
  const { openSqlite } = await import('../../controller/store/sqlite.ts')
  const { addHost } = await import('../../controller/kernel/hosts.ts')
  const { realClock, realRandom, sha256 } = await import('../../controller/system/clock.ts')
  const nothing = (): void => {}
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing }
  const store = openSqlite(`${test.dir}/controller.db`)
  for (let from = 0; from < hosts; from += PAGE) {
    await store.change(async tx => {
      for (let index = from; index < Math.min(hosts, from + PAGE); index++)
        await addHost(tx, 'default', {
          clock: realClock,
          random: realRandom,
          digest: sha256,
          log,
          name: `press-${index}`,
          facts: { hostname: `press-${index}.plant.example`, serial: `SN${index}` },
          labels: [{ key: 'line', value: String(index % 50) }],
          state: 'onboarded',
        })
    })
  }
  await store.close()
}
