// SPDX-License-Identifier: Apache-2.0
/** The audit in a real browser: filters that the address keeps, what is new, one entry, and proofs of good and altered exports. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/browser.ts'
import { type Dashboard, openDashboard } from '../support/dashboard.ts'

const NO_FAULTS = { foreign: [], violations: [], errors: [] }

/** The machine may be busy with other things. */
const PATIENT = { timeout: 15_000 }

describe.skipIf(findChromium() === undefined)('the audit', () => {
  let dashboard: Dashboard
  let dir: string
  let exported: string
  const file = (name: string, lines: readonly string[]) => {
    const path = join(dir, name)
    writeFileSync(path, lines.join('\n'))
    return path
  }
  beforeAll(async () => {
    dashboard = await openDashboard()
    dir = mkdtempSync(join(tmpdir(), 'muster-audit-'))
    for (let at = 0; at < 12; at++) await dashboard.controller.joinToken(1)
    await dashboard.person('anna', 'admin')
    exported = (await dashboard.controller.call('GET', '/v1/audit/export?chain=project:default')).text
  })
  afterAll(async () => {
    await dashboard.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const rowsOf = (page: Page) => page.getByRole('grid', { name: 'Audit' }).getByRole('row')

  it('shows entries, newest first, and keeps its filters in the address', async () => {
    const { page, faults, close } = await dashboard.open('/audit?chain=installation')
    await rowsOf(page).filter({ hasText: 'person.create' }).first().waitFor()

    await page.getByRole('combobox', { name: 'Action' }).fill('person')
    await page.waitForURL(/action=person/)
    await page.getByRole('combobox', { name: 'Person' }).fill('tester')
    await page.waitForURL(/person=tester/)
    await expect.poll(() => rowsOf(page).filter({ hasText: 'session.open' }).count(), PATIENT).toBe(0)
    await rowsOf(page).filter({ hasText: 'person.' }).first().waitFor()
    const shown = await rowsOf(page).filter({ hasText: 'person.' }).allTextContents()

    const other = await dashboard.open(new URL(page.url()).pathname + new URL(page.url()).search)
    await rowsOf(other.page).filter({ hasText: 'person.' }).first().waitFor()
    expect(await rowsOf(other.page).filter({ hasText: 'person.' }).allTextContents()).toEqual(shown)
    expect(await other.page.getByRole('combobox', { name: 'Person' }).inputValue()).toBe('tester')
    expect(faults).toEqual(NO_FAULTS)
    await other.close()
    await close()
  })

  it('says that no entry fits, and clears the filters', async () => {
    const { page, close } = await dashboard.open('/audit?target=host-00000000')
    await page.getByRole('heading', { name: 'No entry fits' }).waitFor()

    await page.getByRole('button', { name: 'Clear filters' }).click()

    await rowsOf(page).nth(1).waitFor()
    expect(page.url()).not.toContain('target')
    await close()
  })

  it('offers what is new, and follows when it is told to', async () => {
    const { page, close } = await dashboard.open('/audit')
    await rowsOf(page).nth(1).waitFor()
    const before = await page.getByRole('grid').getAttribute('aria-rowcount')

    await dashboard.controller.joinToken(1)
    await page.getByRole('button', { name: '1 new entry' }).click()
    await expect
      .poll(() => page.getByRole('grid').getAttribute('aria-rowcount'), PATIENT)
      .toBe(String(Number(before) + 1))

    await page.getByRole('switch', { name: 'Follow' }).check({ force: true })
    await page.waitForURL(/follow=1/)
    await dashboard.controller.joinToken(1)
    await expect
      .poll(() => page.getByRole('grid').getAttribute('aria-rowcount'), PATIENT)
      .toBe(String(Number(before) + 2))
    await close()
  })

  it('shows one entry by its address, whose content fits its hash', async () => {
    const { page, close } = await dashboard.open('/audit?entry=3')
    const drawer = page.getByRole('dialog', { name: 'Entry 3' })

    await drawer.getByText('Its content fits its hash.').waitFor()
    await drawer.getByRole('button', { name: 'Newer' }).click()

    await page.waitForURL(/entry=4/)
    await page.getByRole('dialog', { name: 'Entry 4' }).getByText('"n": 4').waitFor()
    await close()
  })

  it('proves the chain of the page with the key of the controller', async () => {
    const { page, faults, close } = await dashboard.open('/audit?verify=1')
    const drawer = page.getByRole('dialog', { name: 'Verify the audit' })

    await drawer.getByRole('button', { name: 'Verify' }).click()

    await drawer.getByText(/All \d+ entries are whole and unchanged/).waitFor()
    const { kid } = (await dashboard.controller.call('GET', '/v1/audit/key')).body
    await drawer.getByRole('cell', { name: kid }).waitFor()
    expect(faults).toEqual(NO_FAULTS)
    await close()
  })

  const verifyFile = async (path: string, key?: string) => {
    const { page, close } = await dashboard.open('/audit?verify=1')
    const drawer = page.getByRole('dialog', { name: 'Verify the audit' })
    await drawer.getByText('A file', { exact: true }).click()
    await page.locator('input[type=file]').setInputFiles(path)
    if (key !== undefined) {
      await drawer.getByText('A key I kept').click()
      await drawer.getByLabel('Public key').fill(key)
    }
    await drawer.getByRole('button', { name: 'Verify' }).click()
    return { page, drawer, close }
  }

  it('proves a file with a key that was kept', async () => {
    const { pem } = (await dashboard.controller.call('GET', '/v1/audit/key')).body
    const { drawer, close } = await verifyFile(file('good.ndjson', exported.split('\n')), pem)

    await drawer.getByText(/All \d+ entries are whole and unchanged/).waitFor()
    await close()
  })

  it('names the entry that was altered in a file, in a red row', async () => {
    const lines = exported.split('\n')
    const altered = lines.with(5, lines[5]!.replace('"outcome":"done"', '"outcome":"none"'))
    const { drawer, close } = await verifyFile(file('altered.ndjson', altered))

    await drawer.getByRole('alert').getByText('Entry 5, line 6: Changed').waitFor()
    const red = drawer.locator('tr.mu-flawed')
    expect(await red.count()).toBe(1)
    expect(await red.textContent()).toContain('"outcome":"none"')
    await drawer.getByRole('link', { name: 'audit-altered' }).waitFor()
    await close()
  })

  it('sees what is missing, and an end that was cut off', async () => {
    const lines = exported.trimEnd().split('\n')
    const missing = await verifyFile(file('missing.ndjson', lines.toSpliced(7, 1)))
    await missing.drawer.getByRole('alert').getByText('entry 7 is missing').waitFor()
    await missing.close()

    const last = lines.findLastIndex(line => line.startsWith('{"n":'))
    const cut = await verifyFile(file('cut.ndjson', lines.toSpliced(last, 1)))
    await cut.drawer.getByRole('alert').getByText('End cut off').waitFor()
    await cut.close()
  })

  it('does not believe a wrong key, and says what is no key', async () => {
    const path = file('wrong.ndjson', exported.split('\n'))
    const wrong = await verifyFile(path, 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE')
    await wrong.drawer.getByRole('alert').getByText('Signature not valid').waitFor()
    await wrong.close()

    const { page, close } = await dashboard.open('/audit?verify=1')
    await page.getByText('A key I kept').click()
    await page.getByLabel('Public key').fill('not a key')
    await page.getByText(/This is no Ed25519 public key/).waitFor()
    expect(await page.getByRole('dialog').getByRole('button', { name: 'Verify' }).isDisabled()).toBe(true)
    await close()
  })

  it('gives the signed export and a spreadsheet of what the filters show', async () => {
    const { page, close } = await dashboard.open('/audit?chain=installation&action=person')
    await rowsOf(page).nth(1).waitFor()

    await page.getByRole('button', { name: 'Export' }).click()
    const whole = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /Whole chain/ }).click()
    const ndjson = readFileSync(await (await whole).path(), 'utf8')
    expect(ndjson.split('\n')[0]).toContain('"kind":"muster-audit"')

    await page.getByRole('button', { name: 'Export' }).click()
    const filtered = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: /CSV/ }).click()
    const csv = readFileSync(await (await filtered).path(), 'utf8')
      .trimEnd()
      .split('\r\n')
    expect(csv[0]).toMatch(/^n,at,chain/)
    expect(csv.length).toBeGreaterThan(1)
    expect(csv.slice(1).every(line => line.includes(',person.'))).toBe(true)
    await close()
  })

  it('is not for somebody who may not read it', async () => {
    await dashboard.person('vera', 'viewer')
    const { page, close } = await dashboard.open('/audit', { as: 'vera' })

    await page.getByRole('heading', { name: 'You may not see this' }).waitFor()
    await close()
  })

  it('says what happened when the controller fails, and asks again when it is told to', async () => {
    const { page, close } = await dashboard.open('/audit')
    await rowsOf(page).nth(1).waitFor()
    await page.route('**/v1/audit?**', route =>
      route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        body: JSON.stringify({ status: 500, code: 'internal', title: 'Something inside failed' }),
      }),
    )

    await page.getByLabel('Target').fill('host-1')

    await page.getByRole('alert').getByText('Something inside failed').waitFor()
    await page.unroute('**/v1/audit?**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'No entry fits' }).waitFor()
    await close()
  })
})
