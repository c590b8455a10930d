// SPDX-License-Identifier: Apache-2.0
/** Two people write one section at the same time: both changes are brought together, and nothing is lost. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/browser.ts'
import { type Dashboard, openDashboard } from '../support/dashboard.ts'

describe.skipIf(findChromium() === undefined)('two browsers that write one section', { timeout: 60_000 }, () => {
  let dashboard: Dashboard
  let host = ''
  let desired = ''
  const night = { days: ['sat'], from: '01:00', to: '02:00' }
  const dawn = { days: ['sun'], from: '04:00', to: '05:00' }
  const noon = { days: ['mon'], from: '12:00', to: '13:00' }
  beforeAll(async () => {
    dashboard = await openDashboard({ hosts: 1 })
    host = (await dashboard.controller.call('GET', '/v1/projects/default/compute/hosts')).body.hosts[0].resourceId
    desired = `/v1/projects/default/compute/hosts/${host}/sections/maintenance/desired`
    await dashboard.person('ada', 'engineer')
    await dashboard.person('bob', 'engineer')
  }, 120_000)
  afterAll(() => dashboard?.close())

  const open = (as: string) => dashboard.open(`/hosts/${host}?tab=config&section=maintenance`, { as })
  const editor = (page: Page) => page.getByLabel('What maintenance should be, as JSON')
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  const write = async (page: Page, content: unknown) => editor(page).fill(JSON.stringify(content))
  const confirm = (page: Page) => page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  const read = async () => (await dashboard.controller.call('GET', desired)).body

  it('come together by choosing, and what only one of them changed is kept', async () => {
    await dashboard.controller.call('PUT', desired, { content: { timeZone: 'UTC', windows: [night] } })
    const ada = await open('ada')
    const bob = await open('bob')
    await editor(ada.page).waitFor()
    await editor(bob.page).waitFor()
    await write(bob.page, { timeZone: 'UTC', windows: [night, noon] })
    await write(ada.page, { timeZone: 'Europe/Berlin', windows: [night, dawn] })
    await button(ada.page, 'Save').click()
    await confirm(ada.page)
    await ada.page.getByText('revision 2', { exact: false }).first().waitFor()

    await bob.page.getByText('Somebody changed it while you did').waitFor()
    expect(await button(bob.page, 'Save what you chose').count()).toBe(0)
    await bob.page.getByRole('radio', { name: /^Both/ }).check()
    await button(bob.page, 'Save what you chose').click()
    await confirm(bob.page)
    await bob.page.getByText('revision 3', { exact: false }).first().waitFor()

    expect(await read()).toMatchObject({
      revision: 3,
      content: { timeZone: 'Europe/Berlin', windows: [night, dawn, noon] },
    })
    await ada.close()
    await bob.close()
  })

  it('are told even when the second saves before the news has come', async () => {
    await dashboard.controller.call('PUT', desired, { content: { timeZone: 'UTC', windows: [] } })
    const { revision } = await read()
    const bob = await open('bob')
    await bob.page.getByText(`revision ${revision}`, { exact: false }).first().waitFor()
    await write(bob.page, { timeZone: 'Europe/Rome', windows: [] })
    await button(bob.page, 'Save').click()
    // The page is cut off from events and from reading anew; only its own request goes through.
    await bob.page.route(/\/v1\/(events|projects\/.*\/desired)/, (route, request) =>
      request.method() === 'PUT' ? route.continue() : route.abort(),
    )
    await dashboard.controller.call('PUT', desired, { content: { timeZone: 'Europe/Paris', windows: [] } })
    await confirm(bob.page)
    await bob.page.getByText('Somebody changed it meanwhile').first().waitFor()

    expect((await read()).content.timeZone).toBe('Europe/Paris')
    await bob.page.unrouteAll()
    await bob.close()
  })

  it('lose nothing when the earlier revision is wanted back', async () => {
    const { revision } = await read()
    const ada = await open('ada')
    const first = ada.page.locator('[data-revision="1"]')
    await first.getByRole('button', { name: 'Put into the editor' }).click()
    await button(ada.page, 'Save').click()
    await confirm(ada.page)
    await ada.page
      .getByText(`revision ${revision + 1}`, { exact: false })
      .first()
      .waitFor()

    expect((await read()).content).toEqual({ timeZone: 'UTC', windows: [night] })
    await ada.close()
  })

  it('are not asked to save what is no JSON', async () => {
    const ada = await open('ada')
    await editor(ada.page).fill('{ "timeZone": ')

    await ada.page.getByText('This is not JSON yet', { exact: false }).waitFor()

    expect(await button(ada.page, 'Save').count()).toBe(0)
    await ada.close()
  })
})
