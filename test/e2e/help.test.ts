// SPDX-License-Identifier: Apache-2.0
/** Help in a real browser: every code of the reference has a page with text and a next step, or says why there is none. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { read } from '../arch/tree.ts'
import { findChromium } from '../support/browser.ts'
import { type Dashboard, openDashboard } from '../support/dashboard.ts'

/** Code, title and advice of every line of the reference. */
const LISTED = [...read('docs/reference/problems.md').matchAll(/^\| <a id="([^"]+)"><\/a>.*$/gm)].map(
  ([line, code = '']) => ({ code, cells: line.split(' | ') }),
)

describe.skipIf(findChromium() === undefined)('help', () => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard()
  })
  afterAll(() => dashboard.close())

  it('has a page for every code', async () => {
    const { page, faults, close } = await dashboard.open('/help')
    await page.getByText(`${LISTED.length + 1} problems`).waitFor()
    expect(LISTED.length).toBeGreaterThan(200)

    for (const { code, cells } of LISTED) {
      // Within the application, as links do it: no page is loaded anew.
      await page.evaluate(`history.pushState(null, '', '/help/problems/${code}')`)
      const shown = page.locator(`[data-problem="${code}"]`)
      await shown.waitFor({ timeout: 5_000 })
      const text = (await shown.textContent()) ?? ''
      expect(await page.getByRole('heading', { level: 1 }).textContent(), code).toBe(cells[2])
      const [, advice = ''] = /What to do(.*)Does trying again help/.exec(text) ?? []
      expect(advice.length, code).toBeGreaterThan(10)
      expect(text, code).toContain('Where it comes from')
    }
    expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
    await close()
  }, 180_000)

  it('finds problems by words, and keeps them in the address', async () => {
    const { page, close } = await dashboard.open('/help')

    await page.getByRole('searchbox', { name: 'Find' }).fill('webhook address')
    await page.getByRole('link', { name: 'webhook-address-refused' }).waitFor()
    expect(page.url()).toContain('q=webhook')
    await page.getByRole('link', { name: 'webhook-address-refused' }).click()
    await page.getByRole('heading', { level: 1, name: 'This address may not be told' }).waitFor()
    await page.goBack()

    expect(await page.getByRole('searchbox', { name: 'Find' }).inputValue()).toBe('webhook address')
    await close()
  })

  it('says that a code is not known', async () => {
    const { page, close } = await dashboard.open('/help/problems/never-heard-of')

    await page.getByRole('heading', { name: 'There is no problem never-heard-of' }).waitFor()
    await close()
  })

  it('explains words, keys and the command line', async () => {
    const { page, close } = await dashboard.open('/help?tab=words')
    await page.getByText('Its agent is connected.').waitFor()

    await page.getByRole('tab', { name: 'Keyboard' }).click()
    await page.getByText('Find or do anything').waitFor()
    await page.getByRole('tab', { name: 'Command line' }).click()
    await page.getByRole('heading', { name: 'exit-codes' }).waitFor()
    await close()
  })
})
