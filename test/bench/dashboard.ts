// SPDX-License-Identifier: Apache-2.0
/** What the list of ten thousand hosts costs in a browser: until its first rows, while it is scrolled, and in memory. */
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright-core'
import { writeStatus } from '../../controller/kernel/host-status.ts'
import { openSqlite } from '../../controller/store/sqlite.ts'
import { findChromium, NO_CHROMIUM } from '../support/browser.ts'
import { until } from '../support/controller.ts'
import { type Dashboard, openDashboard } from '../support/dashboard.ts'
import { fillHosts } from './inventory-hosts.ts'
import { median, percentile, print } from './support.ts'

const HOSTS = 10_000
const ROUNDS = 7
const FRAMES = 300
/** A frame that took longer than this was seen to stutter. */
const LATE_MS = 25

export async function run(): Promise<void> {
  if (findChromium() === undefined) {
    process.stdout.write(`left out: ${NO_CHROMIUM}\n`)
    return
  }
  await using dashboard = await openDashboard()
  const store = openSqlite(join(dashboard.controller.dir, 'controller.db'))
  await fillHosts(store, 'default', HOSTS)
  await writeStatus(store)
  await store.close()
  // Filling was done in this very process: it looks overloaded to itself for a while.
  await until(
    () => dashboard.controller.call('GET', '/v1/projects/default/compute/hosts?pageSize=1'),
    ({ status }) => status === 200,
  )
  await answers(dashboard)
  const { page, context, close } = await dashboard.open('/audit')
  const devtools = await context.newCDPSession(page)
  // In processor time of the page's own thread, which other programs do not change.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  await firstRows(page, devtools)
  await search(page)
  await scroll(page, devtools)
  await heap(devtools)
  await close()
}

/** What the page waits for. */
async function answers({ controller }: Dashboard): Promise<void> {
  const fields =
    'name,metadata,simulated,hostStatus,hostStatusIndicator,presence.online,presence.agent,sections,site.name,productName'
  const asked = {
    'page of 100 rows': `?pageSize=100&orderBy=name&fields=${fields}`,
    'the same, of whole hosts': '?pageSize=100&orderBy=name',
    'numbers by status': '/values?member=reachability,hostStatusIndicator,compliance',
    'values of a label': '/values?member=metadata.line&containing=4',
    'values of a processor': '/values?member=cpuModel&filter=hostStatus%3Drunning',
  }
  for (const [name, path] of Object.entries(asked)) {
    const times: number[] = []
    let bytes = 0
    for (let round = 0; round < ROUNDS; round++) {
      const began = performance.now()
      const { text, status } = await controller.call('GET', `/v1/projects/default/compute/hosts${path}`)
      if (status !== 200) throw new Error(`${name}: ${text}`)
      times.push(performance.now() - began)
      bytes = text.length
    }
    print({ name: `${name} (${Math.round(bytes / 1_024)} KB), median`, value: median(times), unit: 'ms' })
  }
}

// As text, because it runs in the browser, whose names are not known here.
const SEEN = `new Promise(resolve => {
  const look = () => document.querySelector('[role="grid"] [aria-rowindex="2"] a') === null ? requestAnimationFrame(look) : resolve(performance.now())
  look()
})`

async function firstRows(page: Page, devtools: CDPSession): Promise<void> {
  const times: number[] = []
  const work: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const link = page.getByRole('link', { name: 'Hosts', exact: true }).first()
    await link.waitFor()
    const before = await metric(devtools, 'TaskDuration')
    times.push(
      await page.evaluate<number>(`(async () => {
        const began = performance.now()
        document.querySelector('a[href="/hosts"]').click()
        return (await ${SEEN}) - began
      })()`),
    )
    work.push(((await metric(devtools, 'TaskDuration')) - before) * 1_000)
    await page.goto(`${new URL(page.url()).origin}/audit`)
  }
  print({ name: 'from the click to the first rows, first time', value: times[0] ?? Number.NaN, unit: 'ms' })
  print({ name: 'from the click to the first rows, median', value: median(times), unit: 'ms', aim: '≤ 400' })
  print({ name: 'of it, the main thread at work, median', value: median(work), unit: 'ms' })
  const cold: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await page.goto(`${new URL(page.url()).origin}/hosts`)
    cold.push(await page.evaluate<number>(SEEN))
  }
  print({ name: 'from the address to the first rows, median', value: median(cold), unit: 'ms' })
}

async function search(page: Page): Promise<void> {
  const times = await page.evaluate<number[]>(`(async () => {
    const box = document.querySelector('input[data-search]')
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set
    const times = []
    for (const letter of 'press-0042 building:b1') {
      const began = performance.now()
      set.call(box, box.value + letter)
      box.dispatchEvent(new Event('input', { bubbles: true }))
      await new Promise(requestAnimationFrame)
      times.push(performance.now() - began)
    }
    return times
  })()`)
  print({
    name: 'a letter in the search until it is drawn, p95',
    value: percentile(times, 0.95),
    unit: 'ms',
    aim: '≤ 100',
  })
  await page.goto(`${new URL(page.url()).origin}/hosts`)
  await page.evaluate(SEEN)
}

async function scroll(page: Page, devtools: CDPSession): Promise<void> {
  for (const [name, step] of [
    ['by the wheel', 90],
    ['by the bar', 1_400],
  ] as const) {
    const before = await metric(devtools, 'TaskDuration')
    const frames = await page.evaluate<number[]>(`new Promise(resolve => {
      const grid = document.querySelector('[role="grid"]')
      grid.scrollTop = 0
      const frames = []
      let last = performance.now()
      const next = now => {
        frames.push(now - last)
        last = now
        grid.scrollTop += ${step}
        frames.length < ${FRAMES} ? requestAnimationFrame(next) : resolve(frames.slice(5))
      }
      requestAnimationFrame(next)
    })`)
    const work = (((await metric(devtools, 'TaskDuration')) - before) * 1_000) / FRAMES
    print({ name: `scrolled ${name}: main thread at work for each frame`, value: work, unit: 'ms', aim: '≤ 16.7' })
    const late = frames.filter(each => each > LATE_MS).length / frames.length
    print({ name: `scrolled ${name}: frame, median`, value: median(frames), unit: 'ms', aim: '≤ 16.7' })
    print({ name: `scrolled ${name}: frame, p95`, value: percentile(frames, 0.95), unit: 'ms', aim: '≤ 16.7' })
    print({ name: `scrolled ${name}: frames over ${LATE_MS} ms`, value: late * 100, unit: '%' })
  }
  const rows = await page.evaluate<number>(`document.querySelectorAll('[role="grid"] [role="row"]').length`)
  print({ name: 'rows in the page', value: rows, unit: 'rows' })
}

async function heap(devtools: CDPSession): Promise<void> {
  await devtools.send('HeapProfiler.collectGarbage')
  const used = await metric(devtools, 'JSHeapUsedSize')
  print({ name: 'heap after scrolling', value: used / 2 ** 20, unit: 'MB', aim: '≤ 120' })
}

async function metric(devtools: CDPSession, wanted: string): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
}
