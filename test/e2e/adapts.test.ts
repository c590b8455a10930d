// SPDX-License-Identifier: Apache-2.0
/** Every page on every screen: small, zoomed, from right to left, with texts twice as long, in forced colours, without motion. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, type Look } from '../support/browser.ts'
import { until } from '../support/controller.ts'
import { type Dashboard, openDashboard } from '../support/dashboard.ts'
import { allPages, type PageAddress } from '../support/pages.ts'
import { inTurn } from '../support/short.ts'

const VIEWS: readonly (readonly [string, Look, string])[] = [
  ['at 360 pixels', { width: 360, height: 640 }, ''],
  // 1280 pixels at 400 % are 320 (WCAG 2.2, 1.4.10).
  ['at a zoom of 400 %', { width: 320, height: 256 }, ''],
  ['from right to left', { width: 1_280, height: 800 }, 'pseudo-rtl'],
  ['from right to left, narrow', { width: 360, height: 640 }, 'pseudo-rtl'],
  ['with texts twice as long', { width: 1_280, height: 800 }, 'pseudo-long'],
  ['with texts twice as long, narrow', { width: 360, height: 640 }, 'pseudo-long'],
  ['in forced colours', { width: 1_280, height: 800, forcedColors: true, scheme: 'dark' }, ''],
]

async function show(page: Page, path: string): Promise<void> {
  await page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`)
  await page.locator('#content h1, #content h2, #content .mu-problem').first().waitFor()
  await until(
    () => page.locator('#content [aria-busy="true"]').count(),
    busy => busy === 0,
  )
}

/** What reaches beyond the window, unless it stands in something that scrolls by itself. */
const TOO_WIDE = `(() => {
  const room = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= room + 1) return []
  const scrolls = node => { for (let at = node.parentElement; at !== null; at = at.parentElement) if (/auto|scroll|hidden|clip/.test(getComputedStyle(at).overflowX) && at !== document.body && at !== document.documentElement) return true; return false }
  const wide = [...document.querySelectorAll('body *')].filter(node => { const box = node.getBoundingClientRect(); return box.width > 0 && (box.right > room + 1 || box.left < -1) && !scrolls(node) && getComputedStyle(node).position !== 'fixed' })
  return wide.slice(-2).map(node => node.outerHTML.slice(0, 120))
})()`

describe.skipIf(findChromium() === undefined)('every page', () => {
  let dashboard: Dashboard
  let pages: readonly PageAddress[]
  beforeAll(async () => {
    dashboard = await openDashboard({ hosts: 3 })
    const { call } = dashboard.controller
    const { body } = await call('GET', '/v1/projects/default/compute/hosts')
    const region = (await call('POST', '/v1/projects/default/regions', { name: 'North', metadata: [] })).body
    const site = (
      await call('POST', '/v1/projects/default/sites', { name: 'Lyon', regionId: region.resourceId, metadata: [] })
    ).body
    pages = await allPages({
      host: body.hosts[0].resourceId,
      site: site.resourceId,
      code: 'not-found',
      project: 'default',
      webhook: 'none',
      person: 'none',
      topic: 'words',
      recording: '01JD2Z9B3Q8V5K7M4N6P0R2S4Y',
    })
  })
  afterAll(() => dashboard?.close())

  it.each(VIEWS.map((view, at) => [...view, at] as const))(
    'fits %s',
    async (_, look, locale, at) => {
      const { page, faults, close } = await dashboard.open(`/help${locale === '' ? '' : `?locale=${locale}`}`, look)
      const wrong: string[] = []
      for (const { path } of inTurn(pages, at, 3)) {
        try {
          await show(page, path)
          for (const html of (await page.evaluate(TOO_WIDE)) as string[]) wrong.push(`${path}: ${html}`)
        } catch (thrown) {
          wrong.push(`${path}: ${String(thrown).split('\n')[0]}`)
        }
      }
      expect([...wrong, ...faults.errors]).toEqual([])
      await close()
    },
    180_000,
  )

  it('moves nothing for who asked for less motion', async () => {
    const { page, close } = await dashboard.open('/', { reducedMotion: true })
    const moving = (): Promise<unknown> =>
      page.evaluate(
        `document.getAnimations().filter(each => each.effect.getComputedTiming().duration > 1).map(each => each.animationName ?? each.transitionProperty)`,
      )
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').waitFor()
    expect(await moving()).toEqual([])

    // A page that waits for what does not come.
    await page.route(/\/v1\//, () => undefined)
    await page.evaluate(`history.pushState(null, '', '/audit')`)
    await page.locator('#content [aria-busy="true"]').first().waitFor()
    expect(await moving()).toEqual([])
    await close()
  })

  it('is as large for fingers as they are', async () => {
    const { page, close } = await dashboard.open('/', { width: 360, height: 640 })
    await page.getByRole('heading', { level: 1 }).waitFor()

    const small = await page
      .locator('nav.mu-bottom > *')
      .evaluateAll(items =>
        items.map(item => item.getBoundingClientRect()).filter(({ width, height }) => width < 44 || height < 44),
      )

    expect(small).toEqual([])
    await close()
  })
})
