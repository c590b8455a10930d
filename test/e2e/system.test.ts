// SPDX-License-Identifier: Apache-2.0
/** The controller's own page in a real browser: how it is, what it keeps, what ends when, and its backup. */
import { readFileSync, statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/browser.ts'
import { type Dashboard, openDashboard } from '../support/dashboard.ts'

/** The machine may be busy with other things. */
const PATIENT = { timeout: 15_000 }

describe.skipIf(findChromium() === undefined)('the system', () => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard({ hosts: 2 })
  })
  afterAll(() => dashboard.close())

  it('says that nothing is wrong, with its figures', async () => {
    const { page, faults, close } = await dashboard.open('/system')

    await page.getByText('Nothing is wrong with the controller.').waitFor()
    await page.getByRole('region', { name: 'Readiness' }).getByText('Ready', { exact: true }).waitFor()
    await expect
      .poll(() => page.getByRole('region', { name: 'Hosts connected' }).textContent(), PATIENT)
      .toContain('of 2 hosts')
    // Two samples make a line, which is there as a table too.
    await page.getByRole('region', { name: 'Memory' }).getByText('As a table').waitFor({ timeout: 20_000 })
    expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
    await close()
  })

  it('says what is wrong and what to do about it', async () => {
    const { page, close } = await dashboard.open('/')
    await page.route('**/v1/system', async route => {
      const answer = await route.fetch()
      const concern = {
        code: 'disk-full',
        severity: 'failing',
        title: 'Only 1 % of the disk are free',
        next: 'make room',
      }
      await route.fulfill({ response: answer, json: { ...(await answer.json()), concerns: [concern] } })
    })

    await page.goto(`${dashboard.url}/system`)

    await page.getByText('Failing: Only 1 % of the disk are free').waitFor()
    await page.getByText('make room').waitFor()
    await close()
  })

  it('counts what takes room when it is asked', async () => {
    const { page, close } = await dashboard.open('/system?tab=database')
    await page.getByText('seal the audit').waitFor()

    await page.getByRole('button', { name: 'Count', exact: true }).click()

    await page.getByRole('table', { name: 'What takes room' }).getByText('kernel_audit', { exact: true }).waitFor()
    await page.getByRole('tab', { name: 'Modules' }).click()
    const kernel = page.getByRole('table', { name: 'Modules' }).getByRole('row').filter({ hasText: 'kernel' })
    await kernel.first().waitFor()
    expect(await kernel.first().textContent()).toMatch(/KiB|MiB/)
    await close()
  })

  it('shows when certificates end and which agents there are', async () => {
    const { page, close } = await dashboard.open('/system?tab=certificates')

    await page.getByText('Root: hosts pin it').waitFor()
    const hosts = page.getByRole('table', { name: 'These end first' })
    expect(await hosts.getByRole('link').count()).toBe(2)
    await page.getByRole('table', { name: 'Agents by version' }).getByText('0.1.0-test').waitFor()
    await close()
  })

  it('fetches a backup, and knows then how old the last one is', async () => {
    const { page, close } = await dashboard.open('/system?tab=backups')
    await page.getByText('No backup was ever fetched from here.').waitFor()

    const fetched = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Take a backup' }).click()
    const download = await fetched

    const path = await download.path()
    expect(download.suggestedFilename()).toMatch(/^muster-\d{4}-\d\d-\d\d\.db$/)
    expect(readFileSync(path).subarray(0, 15).toString()).toBe('SQLite format 3')
    await page.getByText(/fetched; the browser keeps it/).waitFor()
    await page.getByText('No backup was ever fetched from here.').waitFor({ state: 'detached' })
    const { lastBackup } = (await dashboard.controller.call('GET', '/v1/system')).body
    expect(lastBackup.sizeBytes).toBe(statSync(path).size)
    await close()
  })

  it('asks for a reason and the name before it restores, and shows why a file is no backup', async () => {
    const { page, close } = await dashboard.open('/system?tab=backups')
    const { installation } = (await dashboard.controller.call('GET', '/v1/system')).body
    await page.getByRole('button', { name: 'Restore a backup' }).click()
    const dialog = page.getByRole('dialog')
    const verb = dialog.getByRole('button', { name: 'Replace the database' })

    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'junk.db', mimeType: 'application/octet-stream', buffer: Buffer.from('junk') })
    await dialog.getByLabel('Reason').fill('to see')
    expect(await verb.isDisabled()).toBe(true)
    await dialog.getByLabel(`Type ${installation} to confirm`).fill(installation)
    await dialog.getByText('muster system restore -f junk.db').waitFor()
    await verb.click()

    await dialog.getByRole('alert').getByText('backup-unusable').waitFor()
    await close()
  })

  it('leaves out what somebody may not do, and is not for somebody who may not see it', async () => {
    await dashboard.person('vera', 'viewer')
    const { page, close } = await dashboard.open('/system', { as: 'vera' })
    await page
      .getByRole('heading', { level: 1 })
      .or(page.getByRole('heading', { level: 2 }))
      .first()
      .waitFor()
    const may = (await page.getByText('You may not see this').count()) === 0

    if (may) {
      await page.goto(`${dashboard.url}/system?tab=backups`)
      await page.getByRole('heading', { name: 'Last backup' }).waitFor()
      expect(await page.getByRole('button', { name: 'Take a backup' }).count()).toBe(0)
    }
    await close()
  })
})
