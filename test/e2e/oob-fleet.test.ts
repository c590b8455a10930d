// SPDX-License-Identifier: Apache-2.0
/** The fleet below its operating systems in a browser: counted as the API does, activated from the page, followed live. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFaults } from '../support/axe.ts'
import { findChromium } from '../support/browser.ts'
import { until } from '../support/controller.ts'
import { type Dashboard, openDashboard } from '../support/dashboard.ts'
import { oobHost } from '../support/oob-fleet.ts'
import { keptRecording } from '../support/recording.ts'

const OOB = '/v1/projects/default/oob'
const MIX = { vpro: 2, ism: 2, none: 1 }

describe.skipIf(findChromium() === undefined)('the fleet out of band', () => {
  let dashboard: Dashboard
  const call: Dashboard['controller']['call'] = (...given) => dashboard.controller.call(...given)
  const lines = async () => (await call('GET', `${OOB}/status`)).body.lines as any[]
  const rows = (page: Page) => page.getByRole('grid', { name: 'Out-of-band' }).locator('.mu-tbody [role=row]')
  const step = (page: Page, name: string) => page.locator(`[data-step=${name}]`)
  beforeAll(async () => {
    dashboard = await openDashboard({ hosts: 5, fleet: { each: oobHost(MIX) } })
    await until(lines, found => found.length === 5)
    await dashboard.person('vera', 'viewer')
    await call('PUT', '/v1/projects/quiet', { description: 'Nothing in it' })
  })
  afterAll(() => dashboard?.close())

  it('counts machines as the API tells of them', async () => {
    const { page, faults, close } = await dashboard.open('/out-of-band')

    await rows(page).nth(4).waitFor()
    const told = await lines()
    const capable = told.filter(each => each.sku === 'amt' || each.sku === 'ism').length

    expect(await step(page, 'capable').locator('strong').textContent()).toBe(String(capable))
    expect(await step(page, 'capable').textContent()).toContain(`${told.length - capable} have neither`)
    expect(await step(page, 'activated').locator('strong').textContent()).toBe('0')
    expect(await step(page, 'connected').locator('strong').textContent()).toBe('0')
    expect(await seriousFaults(page)).toEqual([])
    expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
    await close()
  })

  it('filters by a step, and keeps that in an address that says it elsewhere', async () => {
    const { page, close } = await dashboard.open('/out-of-band')
    await rows(page).nth(4).waitFor()

    await page.getByText('1 have neither AMT nor ISM').click()
    await page.getByText('1 of 5 machines').waitFor()
    const address = new URL(page.url())
    const other = await dashboard.open(address.pathname + address.search)
    await other.page.getByText('1 of 5 machines').waitFor()

    expect(address.search).toBe('?step=not-capable')
    expect(await rows(other.page).count()).toBe(1)
    await page.goBack()
    await page.getByText('5 of 5 machines').waitFor()
    await close()
    await other.close()
  })

  it('finds machines by words, and says when none fits', async () => {
    const { page, close } = await dashboard.open('/out-of-band?sku=ism')
    await page.getByText('2 of 5 machines').waitFor()

    await page.getByLabel('Find a machine').fill('no such machine')
    await page.getByRole('heading', { name: 'No machine fits these filters' }).waitFor()
    await page.locator('.mu-empty').getByRole('button', { name: 'Clear filters' }).click()

    await page.getByText('5 of 5 machines').waitFor()
    await close()
  })

  it('activates with a profile from the page, followed step by step without a reload', async () => {
    const [first] = (await lines()).filter(each => each.sku === 'ism')
    const { page, faults, close } = await dashboard.open('/out-of-band')
    await page.getByLabel(`Select ${first.name}`).check()
    await page.getByRole('button', { name: 'Activate', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Activate 1 machine' })
    await dialog.getByLabel('Profile').click()
    await page.getByRole('option', { name: 'default_ccm (CCM)' }).click()
    await dialog.getByText(`muster oob activate ${first.name} --profile default_ccm`).waitFor()

    await dialog.getByRole('button', { name: 'Activate 1 machine' }).click()
    await page.getByRole('link', { name: 'Activations' }).click()
    const attempt = page.getByRole('grid', { name: 'Attempts' }).getByRole('row', { name: new RegExp(first.name) })
    await attempt.getByText('Succeeded').waitFor({ timeout: 60_000 })
    await attempt.click()
    const drawer = page.getByRole('dialog', { name: `Activate ${first.name}` })
    await drawer.getByText('Add server').waitFor()

    const steps = await drawer.locator('[data-check]').count()
    expect(steps).toBeGreaterThan(4)
    expect(await drawer.locator('[data-check]:not([data-state=done])').count()).toBe(0)
    expect(new URL(page.url()).searchParams.get('attempt')).toMatch(/^[0-9A-Z]{26}$/)
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Machines', exact: true }).click()
    await page.waitForFunction(`document.querySelector('[data-step=connected] strong')?.textContent === '1'`)
    expect(await step(page, 'activated').textContent()).toContain('0 ACM · 1 CCM')
    expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
    await close()
  })

  it('reads the power of what is connected from the firmware itself', async () => {
    const { page, close } = await dashboard.open('/out-of-band?step=connected')

    await page.getByRole('button', { name: 'Read power of 1 machine' }).click()

    await rows(page).first().getByText('On', { exact: true }).waitFor()
    await close()
  })

  it('orders power for many, and leaves out what was never activated', async () => {
    const [first] = (await lines()).filter(each => each.connected)
    const { page, close } = await dashboard.open('/out-of-band')
    await rows(page).nth(4).waitFor()
    await page.getByLabel('Select what is loaded').check()
    await page
      .getByRole('region', { name: /What to do/ })
      .getByRole('button', { name: 'Power' })
      .click()
    await page.getByRole('menuitem', { name: 'Cycle power' }).click()
    const dialog = page.getByRole('dialog', { name: 'Cycle power: 1 machine' })
    await dialog.getByText('4 machines were never activated here').waitFor()
    await dialog.getByLabel('Reason').fill('hangs')
    await dialog.getByText('muster oob power').first().waitFor()

    await dialog.getByRole('button', { name: 'Cycle power: 1 machine' }).click()
    await dialog.waitFor({ state: 'hidden' })

    const { body } = await call('GET', '/v1/audit?chain=project:default&limit=100')
    const acts = JSON.stringify(body)
    expect(acts).toContain(first.guid)
    expect(acts).toContain('hangs')
    await close()
  })

  it('says why an order failed, and lets it be tried again', async () => {
    const [, second] = (await lines()).filter(each => each.sku === 'ism')
    await call('POST', `${OOB}/hosts/${second.host}/activation`, { state: 'provisioned', profile: 'nothere' })
    const { page, close } = await dashboard.open('/out-of-band/activations')

    const orders = page.getByRole('region', { name: 'Orders under way and failed' })
    await orders.getByText('there is no profile nothere').waitFor()
    await orders.getByRole('button', { name: 'Try again' }).click()

    await page.getByRole('dialog', { name: 'Activate 1 machine' }).waitFor()
    await close()
    const overview = await dashboard.open('/')
    await overview.page.getByText('Activation failed on a host').waitFor()
    await overview.close()
  })

  it('asks for the reason and the words before it deactivates', async () => {
    const [first] = (await lines()).filter(each => each.connected)
    const { page, close } = await dashboard.open('/out-of-band')
    await page.getByLabel(`Select ${first.name}`).check()
    await page.getByRole('button', { name: 'Deactivate' }).click()
    const dialog = page.getByRole('dialog', { name: 'Deactivate 1 machine' })
    const button = dialog.getByRole('button', { name: 'Deactivate 1 machine' })

    expect(await button.isDisabled()).toBe(true)
    await dialog.getByLabel('Reason').fill('moves')
    expect(await button.isDisabled()).toBe(true)
    await dialog.getByLabel(`Type ${first.name} to confirm`).fill(first.name)

    expect(await button.isDisabled()).toBe(false)
    await close()
  })

  it('tells other tools where they find MPS and RPS', async () => {
    const { page, close } = await dashboard.open('/out-of-band')
    const { body } = await call('GET', `${OOB}/endpoint`)
    await page.getByText(`${body.address}:${body.port}`).first().waitFor()

    await page.getByRole('button', { name: 'Addresses for firmware and tools' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/).waitFor()

    expect(await dialog.textContent()).toContain(`${dashboard.url}${OOB}/rps`)
    await close()
  })

  it('teaches what to do where there is nothing', async () => {
    for (const [path, heading] of [
      ['/out-of-band', 'No machine has told what it has yet'],
      ['/out-of-band/activations', 'Nothing was tried yet'],
      ['/out-of-band/drift', 'Nothing was compared yet'],
      ['/out-of-band/playbooks', 'No playbook has run yet'],
      ['/out-of-band/sessions', 'Nothing is open'],
      ['/out-of-band/sessions?tab=recordings', 'There are no recordings'],
      ['/out-of-band/records?tab=wireless', 'There is no wireless profile yet'],
    ] as const) {
      const { page, close } = await dashboard.open(`${path}${path.includes('?') ? '&' : '?'}project=quiet`)

      await page.getByRole('heading', { name: heading }).waitFor()

      await close()
    }
  })

  it('keeps what it knew, faded, while the controller fails, and says how it is called', async () => {
    const { page, close } = await dashboard.open('/out-of-band')
    await rows(page).nth(4).waitFor()
    const body = JSON.stringify({ type: 'about:blank', status: 503, code: 'overloaded', title: 'It is overloaded' })
    await page.route('**/oob/status*', route =>
      route.fulfill({ status: 503, contentType: 'application/problem+json', body }),
    )
    // Something that happens to a machine has the page read anew; the activated one is needed further down.
    const one = (await lines()).find(each => each.guid === undefined)
    await call('POST', `${OOB}/hosts/${one.host}/activation`, { state: 'unprovisioned', reason: 'for a test' })

    await page.locator('#content .mu-problem', { hasText: 'It is overloaded' }).waitFor()
    expect(await rows(page).count()).toBe(5)
    expect(await page.locator('.mu-table.mu-faded').count()).toBe(1)
    await page.unroute('**/oob/status*')
    await page.getByRole('button', { name: 'Try again' }).first().click()

    await page.locator('#content .mu-problem').waitFor({ state: 'detached' })
    await close()
  })

  it('has no button for who may only look', async () => {
    const { page, close } = await dashboard.open('/out-of-band', { as: 'vera' })
    await rows(page).nth(4).waitFor()

    expect(await page.getByRole('checkbox').count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Activate' }).count()).toBe(0)
    await page.goto(`${dashboard.url}/out-of-band/rules`)
    await page.getByText('There are no rules: what the firmware can do decides.').waitFor()
    expect(await page.getByRole('button', { name: 'Add a rule' }).count()).toBe(0)
    await page.goto(`${dashboard.url}/out-of-band/sessions?tab=recordings`)
    await page.getByText('Recordings are shown to who may read the audit').waitFor()
    await close()
  })

  it('changes rules, and refuses to undo what somebody else did meanwhile', async () => {
    const { page, close } = await dashboard.open('/out-of-band/rules?tab=drift')
    const areas = page.getByRole('radiogroup', { name: 'Network and wireless' })
    await areas.getByText('Put it right').click()
    await page.getByRole('button', { name: 'Save the rules' }).click()
    const { body: kept } = await call('GET', `${OOB}/drift-policy`)
    const { version, ...rules } = kept
    await call('PUT', `${OOB}/drift-policy`, { ...rules, clock: 'off' })
    await page.getByRole('dialog').getByRole('button', { name: 'Save the rules' }).click()

    await page.getByRole('dialog').locator('.mu-problem').waitFor()
    expect((await call('GET', `${OOB}/drift-policy`)).body).toMatchObject({ clock: 'off', network: 'report' })
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Undo changes' }).click()
    await page.getByText(`Revision ${version + 1}`).waitFor()
    await areas.getByText('Put it right').click()
    await page.getByRole('button', { name: 'Save the rules' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Save the rules' }).click()
    await page.getByText(`Revision ${version + 2}`).waitFor()

    expect((await call('GET', `${OOB}/drift-policy`)).body).toMatchObject({ clock: 'off', network: 'repair' })
    await close()
  })

  it('shows what a playbook would do before it is run, and how it went', async () => {
    const machine = (await lines()).find(each => each.guid !== undefined)
    const { page, close } = await dashboard.open('/out-of-band/playbooks?tab=list')
    await page.getByRole('button', { name: 'Run: diagnose' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Machine').click()
    await page.getByRole('option', { name: machine.name }).click()
    await dialog.getByText('What it would do now').waitFor()

    await dialog.getByRole('button', { name: 'Run' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.getByRole('tab', { name: 'Runs' }).click()
    await page.getByRole('row', { name: /diagnose/ }).click()

    await page.getByRole('dialog').getByText('read the power state').waitFor()
    await close()
  })

  it('plays a recording in a terminal, and says when somebody changed it', async () => {
    const whole = await keptRecording(dashboard.controller.dir, { device: 'press-04', said: ['login: ', 'anna\r\n'] })
    const broken = await keptRecording(dashboard.controller.dir, { device: 'x', said: ['secret'], forged: true })
    const { page, faults, close } = await dashboard.open('/out-of-band/sessions?tab=recordings')

    await page.getByRole('link', { name: whole }).click()
    await page.getByText(/chunks?, unbroken/).waitFor()
    await page.getByRole('button', { name: 'Play' }).click()
    await page.locator('.xterm-rows').getByText('login: anna').waitFor()
    await page.getByRole('button', { name: 'From the beginning' }).waitFor()
    await page.getByLabel('Position').fill('0')
    await page.waitForFunction(`!document.querySelector('.xterm-rows').textContent.includes('anna')`)
    await page.goto(`${dashboard.url}/out-of-band/recordings/${broken}`)
    await page.getByText('Broken at chunk 0').waitFor()

    expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
    await close()
  })

  it('fits a telephone', async () => {
    const { page, close } = await dashboard.open('/out-of-band', { width: 360, height: 740 })
    await step(page, 'capable').waitFor()

    const width = await page.evaluate('document.documentElement.scrollWidth')

    expect(width).toBeLessThanOrEqual(360)
    expect(await seriousFaults(page)).toEqual([])
    await close()
  })
})
