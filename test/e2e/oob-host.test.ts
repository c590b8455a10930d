// SPDX-License-Identifier: Apache-2.0
/** The firmware of one host: what the tab says against what the controller says, and what is done from it. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/browser.ts'
import { until } from '../support/controller.ts'
import { confirm, type OobDesk, openOobDesk } from '../support/oob-desk.ts'

const NONE = { foreign: [], violations: [], errors: [] }
const TAB = 'out-of-band'

describe.skipIf(findChromium() === undefined)('the out-of-band tab of a host', () => {
  let desk: OobDesk
  beforeAll(async () => {
    desk = await openOobDesk({ vpro: 1, ism: 0, none: 1 })
    for (const number of [1, 2])
      await until(
        () => line(number),
        found => found !== undefined,
      )
  }, 120_000)
  afterAll(() => desk?.close())
  afterEach(async () => {
    for (const context of desk.browser.contexts()) await context.close()
  })

  const line = async (number: number) => {
    const host = await desk.hostId(number)
    return (await desk.controller.call('GET', `/v1/projects/default/oob/status?host=${host}`)).body.lines[0]
  }
  const readiness = async (number: number) => {
    const host = await desk.hostId(number)
    return (await desk.controller.call('GET', `/v1/projects/default/oob/hosts/${host}/readiness`)).body
  }
  const tab = async (number: number, part = '', as?: string) => {
    const host = await desk.hostId(number)
    const path = `/out-of-band/hosts/${host}${part === '' ? '' : `?part=${part}`}`
    return desk.open(path, as === undefined ? {} : { as })
  }
  const checks = (page: Page) =>
    page
      .locator('[data-check]')
      .evaluateAll(items => items.map(item => [item.getAttribute('data-check'), item.getAttribute('data-state')]))

  it('says of a machine without AMT why it cannot be managed', async () => {
    const { page, faults, close } = await tab(2)

    await page.getByText('No AMT').first().waitFor()

    const told = await readiness(2)
    await until(
      () => checks(page),
      seen => seen.length === told.checks.length,
    )
    expect(await checks(page)).toEqual(told.checks.map((each: any) => [each.check, each.state]))
    expect(await page.locator('[data-check=capable] .mu-oob-says').innerText()).toBe(told.checks[0].says)
    expect(await page.getByRole('button', { name: 'Activate' }).count()).toBe(0)
    await page.getByRole('tab', { name: 'Hardware' }).click()
    await page.getByText('The firmware cannot be asked').waitFor()
    expect(faults).toEqual(NONE)
    await close()
  })

  it('activates a machine through its checklist until its firmware has dialled in', async () => {
    const { page, faults, close } = await tab(1)
    await page.locator('[data-check=activated][data-state=open]').waitFor()

    await page.getByRole('button', { name: 'Activate' }).click()
    await page.getByRole('dialog').getByLabel('Control mode').selectOption('ccm')
    await page
      .getByRole('dialog')
      .getByText(/^muster oob activate \S+ --mode ccm$/)
      .waitFor()
    await confirm(page, { reason: 'new line' })

    await page.locator('[data-check=connected][data-state=met]').waitFor({ timeout: 60_000 })
    await page.locator('[data-check=password][data-state=met]').waitFor()
    await page.getByText('Client control mode').first().waitFor()
    expect(await line(1)).toMatchObject({ controlMode: 'ccm', connected: true })
    expect((await readiness(1)).ready).toBe(true)
    expect((await desk.controller.call('GET', '/v1/audit')).text).toContain('new line')
    expect(faults).toEqual(NONE)
    await close()
  }, 120_000)

  it('cuts the power, switches on again while the system is off, and cycles, each order followed until it is done', async () => {
    const { page, faults, close } = await tab(1)
    const power = () => desk.fleet!.member(1).host.power.on

    await page.getByRole('button', { name: 'Cut the power' }).click()
    await confirm(page, { reason: 'it hangs' })
    await page.locator('[data-order=done]').waitFor({ timeout: 30_000 })
    expect(power()).toBe(false)
    await page.locator('[data-power]', { hasText: 'Off' }).waitFor()
    await page.getByRole('button', { name: 'Switch on' }).click()
    await confirm(page)

    await until(
      async () => power(),
      on => on,
      30_000,
    )
    await page.locator('[data-power]', { hasText: 'On' }).waitFor({ timeout: 30_000 })
    const { powerActions } = desk.firmware(1).state.counters
    await page.getByRole('button', { name: 'Power cycle' }).click()
    await confirm(page, { reason: 'once more' })
    await page.locator('[data-order=done]', { hasText: 'power-cycle' }).waitFor({ timeout: 30_000 })
    expect(desk.firmware(1).state.counters.powerActions).toBeGreaterThan(powerActions)
    expect(faults).toEqual(NONE)
    await close()
  }, 120_000)

  it('asks the person at the machine, refuses a wrong code and takes the right one', async () => {
    const { page, faults, close } = await tab(1)
    await page.locator('[data-consent=none]').waitFor()

    await page.getByRole('button', { name: 'Show a code' }).click()
    await confirm(page)
    await page.locator('[data-consent=shown]').waitFor()
    const code = desk.firmware(1).screen.consentCode() ?? ''
    const wrong = code === '000000' ? '111111' : '000000'
    await page.getByLabel('Code on the screen').fill(wrong)
    await page.getByRole('button', { name: 'Send the code' }).click()
    await confirm(page)
    await page.getByRole('dialog').getByRole('alert').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await page.getByLabel('Code on the screen').fill(code)
    await page.getByRole('button', { name: 'Send the code' }).click()
    await confirm(page)

    await page.locator('[data-consent=given]').waitFor()
    expect(desk.firmware(1).state.optIn.state).toBe(3)
    expect(faults).toEqual(NONE)
    await close()
  })

  it('boots once from elsewhere, with its reason in the audit', async () => {
    const { page, close } = await tab(1)

    await page.getByRole('button', { name: 'Boot once from elsewhere' }).click()
    await page.getByRole('dialog').getByLabel('From', { exact: true }).selectOption('pxe')
    await page.getByText('Whatever answers on its network is started.').waitFor()
    await confirm(page, { reason: 'reinstall – größer' })

    await until(
      async () => desk.firmware(1).state.boot.last?.source ?? '',
      source => /Network|PXE/i.test(source),
    )
    const audit = (await desk.controller.call('GET', '/v1/audit')).text
    expect(audit).toContain('oob.boot')
    expect(audit).toContain('reinstall – größer')
    await close()
  })

  it('shows both logs as the firmware has them', async () => {
    const guid = desk.fleet!.member(1).host.facts.uuid.toLowerCase()
    const { body } = await desk.controller.call('GET', `/v1/projects/default/oob/mps/amt/log/event/${guid}`)
    const { page, faults, close } = await tab(1, 'logs')

    const table = page.getByRole('region', { name: 'Event log' }).last()
    await table.getByRole('row').nth(body.length).waitFor()
    expect(await table.getByRole('row').count()).toBe(body.length + 1)
    await page.getByText('Audit log', { exact: true }).click()
    await page.getByText('Provisioning Started').first().waitFor()
    expect(new URL(page.url()).searchParams.get('log')).toBe('audit')

    expect(faults).toEqual(NONE)
    await close()
  })

  it('tells what follows before a feature is switched, and switches it', async () => {
    const { page, faults, close } = await tab(1, 'features')
    const ider = page.getByRole('switch', { name: /IDER/ })
    await ider.waitFor()
    const was = await ider.isChecked()

    await ider.click()
    await page.getByText(was ? /If drives are off/ : /If drives are on/).waitFor()
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await confirm(page)

    await until(
      async () => (desk.firmware(1).state.features.redirection & 1) === 1,
      on => on !== was,
    )
    expect(faults).toEqual(NONE)
    await close()
  })

  it.each(['hardware', 'network', 'security', 'alarms', 'care'])('draws the part %s without a fault', async part => {
    const { page, faults, close } = await tab(1, part)

    await page.locator('section.mu-part').first().waitFor()
    await until(
      () => page.locator('[aria-busy=true]').count(),
      busy => busy === 0,
    )

    expect(await page.getByRole('alert').count()).toBe(0)
    expect(faults).toEqual(NONE)
    await close()
  })

  it('adds an alarm and removes it', async () => {
    const { page, close } = await tab(1, 'alarms')

    await page.getByRole('button', { name: 'Add an alarm' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('nightly')
    await dialog.getByLabel('First time').fill('2031-01-31T04:00')
    await confirm(page)
    await page.getByRole('cell', { name: 'nightly' }).waitFor()
    expect(desk.firmware(1).state.alarms).toMatchObject([{ name: 'nightly' }])
    await page.getByRole('button', { name: 'Remove' }).click()
    await confirm(page)

    await page.getByText('No alarm is set.').waitFor()
    expect(desk.firmware(1).state.alarms).toEqual([])
    await close()
  })

  it('has no buttons for those who may only look', async () => {
    await desk.person('vera', 'viewer')
    const { page, close } = await tab(1, '', 'vera')

    await page.locator('[data-check=connected][data-state=met]').waitFor()

    for (const name of ['Deactivate', 'Cut the power', 'Open the serial console', 'Show a code'])
      expect(await page.getByRole('button', { name }).count()).toBe(0)
    await close()
  })

  it('keeps what it showed, and says so, when the controller fails', async () => {
    const { page, close } = await tab(1)
    await page.locator('[data-check=connected]').waitFor()

    await page.route('**/oob/**', route =>
      route.fulfill({
        status: 503,
        contentType: 'application/json',
        body: '{"title":"Busy","code":"overloaded","status":503}',
      }),
    )
    await page.evaluate(`dispatchEvent(new Event('visibilitychange'))`)
    await desk.controller.call('POST', `/v1/projects/default/oob/devices/${(await line(1)).guid}/drift`, {})

    await page.getByRole('alert').first().waitFor({ timeout: 20_000 })
    expect(await page.locator('[data-check=connected]').count()).toBe(1)
    await close()
  })

  it('is the tab of the host page too', async () => {
    const host = await desk.hostId(1)
    const { page, close } = await desk.open(`/hosts/${host}?tab=${TAB}`)

    await page.locator('[data-check=connected][data-state=met]').waitFor()

    await close()
  })
})
