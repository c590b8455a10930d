// SPDX-License-Identifier: Apache-2.0
/** Every component of the kit in every state: drawn, without a fault, and usable by everybody, in all colours. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFaults } from '../support/axe.ts'
import { findChromium, type Look } from '../support/browser.ts'
import { type Dashboard, openDashboard } from '../support/dashboard.ts'

const LOOKS: readonly (readonly [string, Look])[] = [
  ['light', { scheme: 'light' }],
  ['dark', { scheme: 'dark' }],
  ['high contrast', { scheme: 'light', contrast: 'more' }],
  ['dark high contrast', { scheme: 'dark', contrast: 'more' }],
  ['forced colours', { scheme: 'dark', forcedColors: true }],
  ['narrow', { scheme: 'light', width: 360, height: 740 }],
]

describe.skipIf(findChromium() === undefined)('the kit', () => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard()
  })
  afterAll(() => dashboard?.close())

  it.each(LOOKS)('shows every component in every state and has no serious fault: %s', async (_, look) => {
    const { page, faults, close } = await dashboard.open('/system/kit', look)
    await page.locator('[data-component]').first().waitFor()
    const states = page.locator('[data-state].mantine-Card-root')
    expect(await states.count()).toBeGreaterThan(40)

    expect(await page.getByText('This page stopped').count()).toBe(0)
    expect(await seriousFaults(page, '#content')).toEqual([])
    expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
    await close()
  })

  it('draws each state within its card, at 360 pixels too', async () => {
    const { page, close } = await dashboard.open('/system/kit', { width: 360, height: 740 })
    await page.locator('[data-component]').first().waitFor()

    const wide = await page
      .locator('[data-state].mantine-Card-root')
      .evaluateAll(cards =>
        cards
          .filter(card => card.scrollWidth > card.clientWidth + 1)
          .map(
            card =>
              `${card.closest('[data-component]')?.getAttribute('data-component')} ${card.getAttribute('data-state')}`,
          ),
      )

    expect(wide).toEqual([])
    await close()
  })
})
