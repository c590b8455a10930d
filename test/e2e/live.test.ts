// SPDX-License-Identifier: Apache-2.0
/** The page is live, says so when it is not, and comes back by itself. */
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/browser.ts'
import { until } from '../support/controller.ts'
import { type Dashboard, openDashboard } from '../support/dashboard.ts'

const modeOf = (page: Page) => page.locator('[data-live]').getAttribute('data-live')

async function becomes(page: Page, mode: string, withinMs: number): Promise<void> {
  await page.locator(`[data-live="${mode}"]`).waitFor({ timeout: withinMs })
}

/** How many streams of events the pages of a context have asked for. */
function countStreams(context: BrowserContext): { readonly asked: string[] } {
  const asked: string[] = []
  context.on('request', request => {
    if (/\/v1\/events($|\?)/.test(request.url())) asked.push(request.url())
  })
  return { asked }
}

describe.skipIf(findChromium() === undefined)('the connection', () => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard({ hosts: 2 })
  })
  afterAll(() => dashboard?.close())

  it('is one for all tabs of a browser, and moves on when its tab is closed', async () => {
    const { page, context, close } = await dashboard.open('/')
    await becomes(page, 'live', 10_000)
    const streams = countStreams(context)
    const other = await context.newPage()
    await other.goto(`${dashboard.url}/`)
    await becomes(other, 'live', 10_000)
    expect(streams.asked).toHaveLength(0)

    await page.close()

    // The tab that waited takes over.
    await until(
      async () => streams.asked.length,
      count => count === 1,
      10_000,
    )
    await becomes(other, 'live', 10_000)
    await close()
  })

  it('asks every 15 s where streams are blocked on the way, and says so', async () => {
    const { page, context, close } = await dashboard.open('/sign-in')
    await context.route(/\/v1\/events($|\?)/, route => route.abort())
    let asked = 0
    context.on('request', request => {
      if (request.url().includes('/v1/projects/default/events')) asked += 1
    })
    await page.goto(`${dashboard.url}/`)
    await becomes(page, 'polling', 10_000)
    const before = asked

    await until(
      async () => asked,
      count => count > before,
      20_000,
    )

    expect(await modeOf(page)).toBe('polling')
    await close()
  })

  it('tells within seconds that the controller is gone, counts on, and is live again once it is back', async () => {
    const { page, close } = await dashboard.open('/')
    await becomes(page, 'live', 10_000)
    const { controller } = dashboard
    await controller.controller.stop()

    await becomes(page, 'reconnecting', 10_000)
    const first = await page.locator('[data-live]').textContent()
    await until(
      () => page.locator('[data-live]').textContent(),
      text => text !== first,
    )

    await controller.restart()
    await becomes(page, 'live', 20_000)
    await close()
  })
})
