// SPDX-License-Identifier: Apache-2.0
/** Without out-of-band management the dashboard knows nothing of it: no menu, no page, no file. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/browser.ts'
import { type Dashboard, openDashboard, webFolder } from '../support/dashboard.ts'

describe.skipIf(findChromium() === undefined)('a controller without out-of-band management', () => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard({ config: { modules: { onboarding: {}, access: {}, dashboard: {} } } })
  })
  afterAll(() => dashboard?.close())

  it('has no menu, no page and no file of it', async () => {
    const { page, faults, close } = await dashboard.open('/')
    await page.getByRole('heading', { level: 1 }).waitFor()

    expect(await page.getByRole('link', { name: 'Out-of-band' }).count()).toBe(0)
    for (const path of ['/out-of-band', '/out-of-band/activations', '/out-of-band/records']) {
      await page.goto(`${dashboard.url}${path}`)
      await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
    }
    const { assets } = JSON.parse(readFileSync(join(await webFolder(), 'dashboard.json'), 'utf8'))
    const own: readonly string[] = assets
      .filter(({ module }: { module?: string }) => module === 'oob')
      .map(({ path }: { path: string }) => path)
    expect(own.length).toBeGreaterThan(5)
    for (const path of own) {
      const answer = await page.request.get(`${dashboard.url}/${path}`)
      expect(answer.status(), path).toBe(404)
    }
    expect(faults.errors).toEqual([])
    await close()
  })
})
