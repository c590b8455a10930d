// SPDX-License-Identifier: Apache-2.0
/** The dashboard begins: its page, its policy, and who may see it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/browser.ts'
import { type Dashboard, openDashboard } from '../support/dashboard.ts'

describe.skipIf(findChromium() === undefined)('the dashboard', () => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard({ hosts: 2 })
  })
  afterAll(() => dashboard.close())

  it('opens for somebody who is signed in, without a fault', async () => {
    const { page, faults, close } = await dashboard.open('/')

    await page.getByRole('heading', { level: 1 }).waitFor()

    expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
    await close()
  })

  it('is for people with a part of the rights too', async () => {
    await dashboard.person('vera', 'viewer')
    const { page, close } = await dashboard.open('/', { as: 'vera' })

    await page.getByRole('heading', { level: 1 }).waitFor()

    await close()
  })
})
