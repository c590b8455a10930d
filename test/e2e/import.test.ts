// SPDX-License-Identifier: Apache-2.0
/** The import of hosts in a real browser: files that cannot be read, rows that are corrected here, thousands of rows, hostile cells. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/browser.ts'
import { type Dashboard, type Opened, openDashboard } from '../support/dashboard.ts'

const PROJECT = '/v1/projects/default'
const HEAD =
  'Serial,UUID,OSProfile,Site,Secure,RemoteUser,Metadata,LVMSize,CloudInitMeta,K8sEnable,K8sClusterTemplate,K8sConfig,Error - do not fill'
/** A row by the cells that are filled. */
const line = (
  serial: string,
  more: { readonly uuid?: string; readonly site?: string; readonly labels?: string } = {},
) =>
  [
    serial,
    more.uuid ?? '',
    '',
    more.site ?? '',
    '',
    '',
    more.labels ?? '',
    ...Array.from({ length: 6 }, () => ''),
  ].join(',')
const csv = (...lines: readonly string[]): string => `${[HEAD, ...lines].join('\n')}\n`

describe.skipIf(findChromium() === undefined)('an import', () => {
  let dashboard: Dashboard
  let admin: Opened
  beforeAll(async () => {
    dashboard = await openDashboard()
    await api('POST', '/sites', { name: 'Lyon' })
    admin = await dashboard.open('/import')
  })
  afterAll(() => dashboard?.close())

  const api = async (method: string, path: string, body?: unknown) => {
    const answer = await dashboard.controller.call(method, `${PROJECT}${path}`, body)
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.text}`)
    return answer.body
  }
  const begin = async (): Promise<Page> => {
    const { page } = admin
    await page.goto(`${dashboard.url}/import`)
    await page.getByRole('button', { name: 'Choose a file' }).waitFor()
    return page
  }
  const give = (page: Page, name: string, content: string | Buffer): Promise<void> =>
    page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) })
  const hostCount = async (): Promise<number> => (await api('GET', '/compute/hosts/summary')).total
  const cell = (page: Page, column: string, row: number) =>
    page.getByRole('textbox', { name: `${column}, row ${row.toLocaleString('en')}`, exact: true })

  it('begins with a template that can be filled', async () => {
    const page = await begin()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download the template' }).click(),
    ])

    expect(readFileSync(await download.path(), 'utf8')).toBe(`${HEAD}\n`)
    expect(download.suggestedFilename()).toBe('hosts.csv')
  })

  it.each([
    ['a workbook', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), 'It is a workbook of a spreadsheet.'],
    ['something binary', Buffer.from([7, 0, 1, 2]), 'It is no text.'],
    ['text in another encoding', Buffer.from([0x53, 0xe9, 0x72]), 'It is no text in UTF-8.'],
    ['nothing', '', 'It is empty.'],
    ['another table', 'name,serial\nx,y\n', 'Column 1 of its header must be “Serial”, and is “name”.'],
    ['rows with cells missing', csv('SN001,x'), 'line 2 has 2'],
    ['a quote that is never closed', `${HEAD}\n"SN001,,\n`, 'A quote in line 2 is never closed.'],
    ['a header alone', csv(), 'It has a header and no rows.'],
  ])('says of %s why it cannot be read', async (_, content, words) => {
    const page = await begin()

    await give(page, 'wrong.csv', content)

    await page.getByRole('alert').getByText(words).waitFor()
    await page.getByRole('alert').getByText('wrong.csv cannot be read').waitFor()
  })

  it('does not even read a file that is far too large', async () => {
    const page = await begin()
    const path = join(dashboard.controller.dir, 'huge.csv')
    writeFileSync(path, Buffer.alloc(17 * 2 ** 20, 'a'))

    await page.locator('input[type=file]').setInputFiles(path)

    await page.getByRole('alert').getByText('It has 17 MB; at most 16 MB are taken.').waitFor()
  })

  it('registers the hosts of a good file, and shows what became of each', async () => {
    const page = await begin()
    await give(page, 'good.csv', csv(line('GOOD01', { site: 'Lyon', labels: 'line=4' }), line('GOOD02')))
    await page.getByText('All 2 rows are good. Nothing was created yet.').waitFor()
    expect(await hostCount()).toBe(0)
    await page.getByText('muster host import good.csv').waitFor()
    await page.getByRole('button', { name: 'Import 2 hosts' }).click()

    await page.getByText('2 registered, 0 failed').waitFor()

    await page.getByRole('row', { name: /GOOD01 Registered host-/ }).waitFor()
    const { hosts } = await api('GET', '/compute/hosts?orderBy=serialNumber')
    expect(hosts.map((host: any) => [host.serialNumber, host.site?.name ?? '', host.metadata])).toEqual([
      ['GOOD01', 'Lyon', [{ key: 'line', value: '4' }]],
      ['GOOD02', '', []],
    ])
  })

  it('can be done again: what is there is passed over', async () => {
    const page = await begin()
    await page.getByLabel('Or paste a table with its header').fill(csv(line('GOOD01'), line('GOOD03')))
    await page.getByRole('button', { name: 'Read what is pasted' }).click()
    await page.getByRole('button', { name: 'Import 2 hosts' }).click()

    await page.getByText('1 registered, 1 there already, 0 failed').waitFor()
  })

  it('shows findings at their cells, which are corrected here and checked again', async () => {
    const page = await begin()
    const before = await hostCount()
    await give(
      page,
      'flawed.csv',
      csv(
        line('x'),
        line('FLAW01', { site: 'Atlantis' }),
        line('FLAW02'),
        line('FLAW02'),
        line('', { uuid: 'nonsense' }),
        line('FLAW03', { labels: 'Line=4' }),
      ),
    )
    await page.getByText('5 rows of 6 must be corrected. Nothing was created.').waitFor()
    await page.getByText('Invalid Serial number', { exact: true }).waitFor()
    expect(await cell(page, 'Site', 2).getAttribute('aria-invalid')).toBe('true')
    expect(await cell(page, 'Serial', 3).getAttribute('aria-invalid')).toBe('false')
    await page.getByText('Duplicate Serial number : Row 3').waitFor()
    expect(await page.getByRole('button', { name: /^Import \d/ }).count()).toBe(0)
    await page.getByLabel('Only rows with findings').check()
    await expect.poll(() => cell(page, 'Serial', 3).count()).toBe(0)
    await page.getByLabel('Only rows with findings').uncheck()

    await cell(page, 'Serial', 1).fill('FLAW00')
    await cell(page, 'Site', 2).fill('Lyon')
    await page.getByRole('button', { name: 'Leave row 4 out' }).click()
    await cell(page, 'UUID', 5).fill('6a1f2c3d-0000-4000-8000-00000000abcd')
    await cell(page, 'Labels', 6).fill('line=4')
    await page.getByText('4 rows changed since the check.').waitFor()
    await page.getByRole('button', { name: 'Check again' }).click()
    await page.getByText('All 5 rows are good. Nothing was created yet.').waitFor()
    expect(await hostCount()).toBe(before)
    await page.getByRole('button', { name: 'Import 5 hosts' }).click()

    await page.getByText('5 registered, 0 failed').waitFor()

    expect(await hostCount()).toBe(before + 5)
  })

  it('is checked anew when what holds for all rows changes', async () => {
    const page = await begin()
    await give(page, 'plain.csv', csv(line('PLAIN1')))
    await page.getByText('The row is good. Nothing was created yet.').waitFor()
    await page.getByRole('switch', { name: 'Refuse rows without an OS profile or a site' }).check({ force: true })
    await page.getByText('What holds for all rows was changed since the check.').waitFor()
    expect(await page.getByRole('button', { name: /^Import \d/ }).count()).toBe(0)
    await page.getByRole('button', { name: 'Check again' }).click()

    await page.getByText('OS Profile is required').waitFor()
    await page.getByText('Site is required').waitFor()
  })

  it('reads semicolons, and takes out errors of an earlier check', async () => {
    const page = await begin()
    await give(page, 'excel.csv', `\uFEFF${csv(line('SEMI01')).replaceAll(',', ';').trimEnd()}Invalid Site\r\n`)

    await page.getByText('separated by something other than commas').waitFor()
    await page.getByText('they were taken out').waitFor()
    await page.getByRole('button', { name: 'Import 1 host', exact: true }).waitFor()
  })

  it('shows hostile cells as they are, runs nothing, and lets the controller refuse them', async () => {
    const page = await begin()
    const evil = ['=cmd|calc', '<img src=x onerror=alert(1)>', '"><script>alert(1)</script>', '\u202eevil']
    await give(page, 'evil.csv', csv(...evil.map(text => line(`"${text.replaceAll('"', '""')}"`))))

    await page.getByText('4 rows of 4 must be corrected.').waitFor()

    expect(await Promise.all(evil.map((_, at) => cell(page, 'Serial', at + 1).inputValue()))).toEqual(evil)
    expect(await page.locator('img').count()).toBe(0)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download as it stands' }).click(),
    ])
    // A spreadsheet that opens it sees a text, not a formula.
    expect(readFileSync(await download.path(), 'utf8')).toContain("\n'=cmd|calc,")
  })

  it('goes through thousands of rows, of which only those in view are drawn', async () => {
    const page = await begin()
    const before = await hostCount()
    const rows = Array.from({ length: 2_000 }, (_, at) => line(`BULK${String(at).padStart(5, '0')}`, { site: 'Lyon' }))
    await give(page, 'bulk.csv', csv(...rows.with(1_998, line('bad serial'))))
    await page.getByText('1 row of 2,000 must be corrected.').waitFor()
    expect(await page.getByRole('row').count()).toBeLessThan(60)
    await page.getByLabel('Only rows with findings').check()
    await cell(page, 'Serial', 1_999).fill('BULK01998')
    await page.getByRole('button', { name: 'Check again' }).click()
    await page.getByText('All 2,000 rows are good.').waitFor()
    await page.getByRole('button', { name: 'Import 2,000 hosts' }).click()

    await page.getByText('2,000 registered, 0 failed').waitFor({ timeout: 60_000 })

    expect(await hostCount()).toBe(before + 2_000)
  })

  it('gives the rows that failed as a file, to be corrected and imported again', async () => {
    const page = await begin()
    const { resourceId } = (await api('GET', '/compute/hosts?search=GOOD01')).hosts[0]
    await give(page, 'clash.csv', csv(line('GOOD01', { labels: 'line=5' }), line('CLASH1')))
    await page.getByRole('button', { name: 'Import 2 hosts' }).click()
    await page.getByText('1 registered, 1 failed').waitFor()
    await page.getByText('Host already registered with mismatching details').waitFor()

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the failed rows' }).click(),
    ])

    const text = readFileSync(await download.path(), 'utf8')
    expect(text.split('\n').slice(0, 2)).toEqual([HEAD, expect.stringMatching(/^GOOD01,.*mismatching details;?$/)])
    expect((await api('GET', `/compute/hosts/${resourceId}`)).metadata).toEqual([{ key: 'line', value: '4' }])
  })

  it('says what failed at the check, and checks again', async () => {
    const page = await begin()
    await page.route('**/hosts/import?*', route => route.abort())
    await give(page, 'later.csv', csv(line('LATER1')))
    await page.getByRole('alert').getByText('The controller cannot be reached').waitFor()
    expect(await cell(page, 'Serial', 1).inputValue()).toBe('LATER1')
    await page.unroute('**/hosts/import?*')
    await page.getByRole('button', { name: 'Try again' }).click()

    await page.getByRole('button', { name: 'Import 1 host', exact: true }).waitFor()
  })

  it('waits for its turn while another one runs', async () => {
    const page = await begin()
    let asked = 0
    await page.route('**/hosts/import?*', route =>
      asked++ > 1
        ? route.continue()
        : route.fulfill({
            status: 409,
            contentType: 'application/problem+json',
            body: JSON.stringify({
              code: 'import-running',
              status: 409,
              title: 'Another import is running',
              retry: 'never',
            }),
          }),
    )
    await give(page, 'turn.csv', csv(line('TURN01')))

    await page.getByRole('button', { name: 'Import 1 host', exact: true }).waitFor()

    expect(asked).toBe(3)
    await page.unroute('**/hosts/import?*')
  })

  it('is not for who may only look, and says which permission is missing', async () => {
    await dashboard.person('vera', 'viewer')
    const { page, close } = await dashboard.open('/import', { as: 'vera' })

    await page.getByText('It takes the permission host.admit.').waitFor()

    expect(await page.getByRole('link', { name: 'Import hosts' }).count()).toBe(0)
    await close()
  })

  it('is corrected row by row on a narrow screen', async () => {
    const { page, faults, close } = await dashboard.open('/import', { width: 360, height: 740 })
    await page.getByRole('button', { name: 'Choose a file' }).waitFor()
    await give(page, 'narrow.csv', csv(line('x')))
    await page.getByText('Invalid Serial number').waitFor()
    await page.getByRole('button', { name: 'Edit row 1' }).click()
    await page.getByRole('dialog').getByLabel('Serial').fill('NARROW1')
    await page.getByRole('dialog').getByRole('button', { name: 'Keep' }).click()
    await page.getByRole('button', { name: 'Check again' }).click()

    await page.getByRole('button', { name: 'Import 1 host', exact: true }).waitFor()

    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
    expect(admin.faults).toEqual({ foreign: [], violations: [], errors: [] })
    await close()
  })
})
