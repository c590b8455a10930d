// SPDX-License-Identifier: Apache-2.0
/** Every page there is: full, empty, loading, failed and forbidden, in all colours, without a serious fault. */
import type { Page, Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFaults } from '../support/axe.ts'
import { findChromium, type Look } from '../support/browser.ts'
import { until } from '../support/controller.ts'
import { type Dashboard, type Opened, openDashboard } from '../support/dashboard.ts'
import { allPages, type PageAddress } from '../support/pages.ts'
import { inTurn } from '../support/short.ts'

const LOOKS: readonly (readonly [string, Look])[] = [
  ['light', { scheme: 'light' }],
  ['dark', { scheme: 'dark' }],
  ['high contrast', { scheme: 'light', contrast: 'more' }],
]

/** What every page asks before it is one; everything else may be held up or fail. */
const FRAME = /\/v1\/(me|projects|events)(\?|$)/
const DATA = /\/v1\//

/** Pages that have something to show whether or not there are hosts. */
const NEVER_EMPTY = /^\/($|me|system|help|access|projects|audit|setup|sign-in|invite|import|os|out-of-band)/

async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`)
}

async function settled(page: Page): Promise<void> {
  await page.locator('#content h1, #content h2, #content .mu-problem').first().waitFor()
  await until(
    () => page.locator('#content [aria-busy="true"]').count(),
    busy => busy === 0,
  )
}

describe.skipIf(findChromium() === undefined)('every page', () => {
  let full: Dashboard
  let empty: Dashboard
  let pages: readonly PageAddress[]
  beforeAll(async () => {
    full = await openDashboard({ hosts: 4 })
    empty = await openDashboard()
    const { call } = full.controller
    const { body: list } = await call('GET', '/v1/projects/default/compute/hosts')
    const region = (await call('POST', '/v1/projects/default/regions', { name: 'North', metadata: [] })).body
    const site = (
      await call('POST', '/v1/projects/default/sites', { name: 'Lyon', regionId: region.resourceId, metadata: [] })
    ).body
    pages = await allPages({
      host: list.hosts[0].resourceId,
      site: site.resourceId,
      code: 'not-found',
      project: 'default',
      webhook: 'none',
      person: 'none',
      topic: 'words',
      recording: '01JD2Z9B3Q8V5K7M4N6P0R2S4Y',
    })
  })
  afterAll(async () => {
    await full?.close()
    await empty?.close()
  })

  it('has an address for each of its pages', () => {
    expect(pages.length).toBeGreaterThan(15)
    expect(new Set(pages.map(({ path }) => path)).size).toBe(pages.length)
  })

  const each = async (
    opened: Opened,
    look: (page: Page, address: PageAddress) => Promise<readonly string[]>,
    some = pages,
  ) => {
    const wrong: string[] = []
    for (const address of some) {
      await goTo(opened.page, address.path)
      try {
        wrong.push(...(await look(opened.page, address)).map(fault => `${address.path}: ${fault}`))
      } catch (thrown) {
        wrong.push(`${address.path}: ${String(thrown).split('\n')[0]}`)
      }
    }
    const { faults } = opened
    wrong.push(...faults.foreign, ...faults.violations, ...faults.errors)
    await opened.close()
    return wrong
  }

  it.each(LOOKS.map((look, at) => [...look, at] as const))(
    'can be used by everybody when it is full: %s',
    async (_, look, at) => {
      const opened = await full.open('/help', look)
      const some = inTurn(pages, at, LOOKS.length)

      const wrong = await each(
        opened,
        async page => {
          await settled(page)
          // What is not there has a card in place of a page.
          const headings =
            (await page.locator('#content .mu-problem').count()) > 0 ? 1 : await page.locator('h1').count()
          return [...(headings === 1 ? [] : [`${headings} first headings`]), ...(await seriousFaults(page))]
        },
        some,
      )

      expect(wrong).toEqual([])
    },
    240_000,
  )

  it.each(LOOKS.map((look, at) => [...look, at] as const))(
    'says what it is for when it is empty: %s',
    async (_, look, at) => {
      const opened = await empty.open('/help', look)
      // Each in another look than when it is full.
      const some = inTurn(pages, at + 1, LOOKS.length)

      const wrong = await each(
        opened,
        async (page, { path }) => {
          if (/host-|site-|\/none$/.test(path)) return []
          await settled(page)
          const teaches = await page.locator('#content .mu-empty').count()
          return [
            ...(teaches > 0 || NEVER_EMPTY.test(path) ? [] : ['does not say that there is nothing']),
            ...(await seriousFaults(page)),
          ]
        },
        some,
      )

      expect(wrong).toEqual([])
    },
    240_000,
  )

  it('shows that it waits, and no more than that', async () => {
    const opened = await full.open('/help')
    const held: Route[] = []
    await opened.page.route(DATA, route =>
      FRAME.test(route.request().url()) ? route.continue() : void held.push(route),
    )

    const wrong = await each(opened, async (page, { path }) => {
      if (/^\/(help|setup|sign-in|invite|import)/.test(path)) return []
      await page.locator('#content [aria-busy="true"]').first().waitFor({ timeout: 5_000 })
      return (await page.locator('#content .mu-empty').count()) > 0
        ? ['says that there is nothing while it does not know']
        : []
    })

    expect(wrong).toEqual([])
    for (const route of held) await route.abort().catch(() => undefined)
  }, 120_000)

  it('shows what went wrong, with its code and what to do, when the controller fails', async () => {
    const opened = await full.open('/help')
    const body = JSON.stringify({
      type: 'about:blank',
      status: 503,
      code: 'overloaded',
      title: 'The controller is overloaded',
      next: 'try again in a few seconds',
    })
    await opened.page.route(DATA, route =>
      FRAME.test(route.request().url())
        ? route.continue()
        : route.fulfill({ status: 503, contentType: 'application/problem+json', body }),
    )

    const wrong = await each(opened, async (page, { path }) => {
      // The list of projects belongs to the frame.
      if (/^\/(help|setup|sign-in|invite|import|projects)/.test(path)) return []
      const card = page.locator('#content .mu-problem').first()
      await card.waitFor({ timeout: 8_000 })
      const text = (await card.textContent()) ?? ''
      const missing = ['overloaded', 'try again in a few seconds'].filter(part => !text.includes(part))
      return [...missing.map(part => `does not say ${part}`), ...(await seriousFaults(page, '#content'))]
    })

    expect(wrong).toEqual([])
  }, 180_000)

  it('says which permission is missing to who may not see it', async () => {
    await full.person('nora', 'viewer')
    const { call } = full.controller
    const people = (await call('GET', '/v1/access/people')).body.people as { id: string; name: string }[]
    const nora = people.find(({ name }) => name === 'nora')!
    for (const { id, principal } of (await call('GET', '/v1/access/bindings')).body.bindings)
      if (principal === nora.id) await call('DELETE', `/v1/access/bindings/${id}`)
    const opened = await full.open('/help', { as: 'nora' })

    const wrong = await each(opened, async (page, { path, permission }) => {
      if (permission === undefined) return []
      const told = page.locator('#content .mu-empty', { hasText: permission })
      await told.waitFor({ timeout: 5_000 })
      const buttons = await page.locator('#content button').count()
      return buttons === 0 ? [] : [`${path} has ${buttons} buttons`]
    })

    expect(wrong).toEqual([])
  }, 120_000)
})
