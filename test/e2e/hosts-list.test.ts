// SPDX-License-Identifier: Apache-2.0
/** The list of hosts in a real browser: found, filtered, kept, and acted on. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFaults } from '../support/axe.ts'
import { findChromium } from '../support/browser.ts'
import { until } from '../support/controller.ts'
import { type Dashboard, type Opened, openDashboard } from '../support/dashboard.ts'

const P = '/v1/projects/default'
const COUNT = 12
const HOSTILE = 'press\u202Egpj\u200B<b>'

type Known = { readonly resourceId: string; readonly name: string }
const CLEAN = { foreign: [], violations: [], errors: [] }

describe.skipIf(findChromium() === undefined)('the list of hosts', () => {
  let dashboard: Dashboard
  let hosts: readonly Known[] = []
  const call = (method: string, path: string, body?: unknown) => dashboard.controller.call(method, path, body)
  const grid = (page: Page) => page.getByRole('grid', { name: 'Hosts of the project' })
  const row = (page: Page, name: string) => grid(page).getByRole('row').filter({ hasText: name })
  const total = (page: Page, text: string) => page.getByRole('status').filter({ hasText: new RegExp(`^${text}$`) })
  const search = (page: Page) => page.getByRole('combobox', { name: 'Find hosts' })
  const nameOf = (at: number): string => hosts[at]!.name

  const open = async (path: string, look?: Parameters<Dashboard['open']>[1]): Promise<Opened> => {
    const opened = await dashboard.open(path, look)
    opened.page.setDefaultTimeout(15_000)
    return opened
  }

  beforeAll(async () => {
    dashboard = await openDashboard({ hosts: COUNT })
    await until(
      () => call('GET', `${P}/compute/hosts?online=true&pageSize=1`),
      ({ body }) => body.totalElements === COUNT,
    )
    const region = (await call('POST', `${P}/regions`, { name: 'Europe' })).body.resourceId
    const sites: string[] = []
    for (const name of ['Berlin', 'Hall 2'])
      sites.push((await call('POST', `${P}/sites`, { name, regionId: region })).body.resourceId)
    hosts = (await call('GET', `${P}/compute/hosts?pageSize=100&orderBy=name`)).body.hosts
    for (const [at, { resourceId }] of hosts.entries()) {
      const metadata = [{ key: 'line', value: String(at % 3) }]
      const answer = await call('PATCH', `${P}/compute/hosts/${resourceId}`, { metadata, siteId: sites[at % 2] })
      expect(answer.status, answer.text).toBe(200)
    }
    for (const name of ['spare-1', 'spare-2'])
      await call('POST', `${P}/compute/hosts/register`, {
        name,
        serialNumber: `SN0000${name.slice(-1)}`,
        autoOnboard: true,
      })
  }, 120_000)
  afterAll(() => dashboard?.close())

  it('shows every host with its statuses, and how many there are', async () => {
    const { page, faults, close } = await open('/hosts')

    await total(page, '14 hosts').waitFor()
    const line = row(page, nameOf(0))
    expect(await line.innerText()).toMatch(/Berlin[\s\S]*Online[\s\S]*OK[\s\S]*Settled/)
    await row(page, 'spare-1').getByRole('button', { name: 'Never seen' }).waitFor()
    expect(faults).toEqual(CLEAN)
    await close()
  })

  it('completes a search with real values and their numbers, and the address says the same in another browser', async () => {
    const { page, close } = await open('/hosts')
    await search(page).fill('site:')
    await page.getByRole('option', { name: /site:"Hall 2"\s*6/ }).waitFor()
    await page.getByRole('option', { name: /site:Berlin\s*6/ }).click()
    await total(page, '6 hosts').waitFor()
    await search(page).pressSequentially('-line:0')
    await search(page).press('Enter')
    await total(page, '4 hosts').waitFor()
    const address = new URL(page.url())

    const other = await open(`${address.pathname}${address.search}`)
    await total(other.page, '4 hosts').waitFor()
    expect(await search(other.page).inputValue()).toBe('site:Berlin -line:0')
    await other.close()
    await page.goBack()
    await total(page, '6 hosts').waitFor()
    await close()
  })

  it('says with its place what it cannot answer, and keeps the rows', async () => {
    const { page, close } = await open('/hosts')
    await row(page, nameOf(0)).waitFor()

    await search(page).fill('press line:<4 ')

    await page.getByText(/column 7: line:<4/).waitFor()
    await row(page, nameOf(0)).waitFor()
    await close()
  })

  it('filters by a chip, and says why on hover and on focus', async () => {
    const { page, close } = await open('/hosts')
    const chip = row(page, 'spare-1').getByRole('button', { name: 'Never seen' })
    await chip.focus()
    await page.getByRole('tooltip').filter({ hasText: 'It has not connected yet' }).waitFor()

    await chip.click()

    await total(page, '2 hosts').waitFor()
    expect(new URL(page.url()).searchParams.get('q')).toBe('reachability:never')
    expect(await search(page).inputValue()).toBe('reachability:never')
    await close()
  })

  it('shows which word left out most, and takes it away', async () => {
    const { page, close } = await open(`/hosts?q=${encodeURIComponent('site:Berlin health:failing line:0')}`)
    await page.getByRole('heading', { name: 'No host fits' }).waitFor()
    await page.getByText('2 hosts', { exact: true }).waitFor()

    await page.getByRole('button', { name: 'Remove health:failing' }).click()

    await total(page, '2 hosts').waitFor()
    await close()
  })

  it('writes the same words from fields, operators and values', async () => {
    const { page, close } = await open('/hosts')
    await row(page, nameOf(0)).waitFor()
    await page.keyboard.press('f')
    const dialog = page.getByRole('dialog', { name: 'Add a filter' })
    await dialog.getByRole('combobox', { name: 'Field' }).click()
    await page.getByRole('option', { name: 'agent', exact: true }).click()
    await dialog.getByRole('combobox', { name: 'Operator' }).click()
    await page.getByRole('option', { name: 'is before' }).click()
    await dialog.getByLabel('Value').fill('99.1')
    await dialog.getByText('agent:<99.1').waitFor()

    await dialog.getByRole('button', { name: 'Add to the search' }).click()

    await total(page, '12 hosts').waitFor()
    expect(await search(page).inputValue()).toBe('agent:<99.1')
    await close()
  })

  it('counts by a label, and filters by a count', async () => {
    const { page, close } = await open('/hosts')
    await page.getByRole('button', { name: 'Group' }).click()
    await page.getByRole('menuitem', { name: /^line/ }).click()
    const groups = page.getByRole('region', { name: 'Grouped by line' })

    await groups.getByRole('button', { name: /^0 4$/ }).click()

    await total(page, '4 hosts').waitFor()
    await close()
  })

  it('is worked with keys alone', async () => {
    const { page, close } = await open('/hosts')
    await row(page, nameOf(0)).waitFor()
    const first = hosts[0]!
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Shift+X')
    await page.getByText('3 hosts selected').waitFor()
    await page.keyboard.press('k')
    await page.keyboard.press('k')
    await page.keyboard.press(' ')
    await page.getByRole('complementary', { name: `Host ${first.name}` }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('complementary', { name: `Host ${first.name}` }).waitFor({ state: 'detached' })

    await page.keyboard.press('Enter')

    await page.waitForURL(`**/hosts/${first.resourceId}**`)
    await close()
  })

  it('keeps a view for oneself and one for the project, which another finds', async () => {
    await dashboard.person('vera', 'viewer')
    const { page, close } = await open('/hosts?q=line:1&sort=-agent')
    for (const [name, shared] of [
      ['mine', false],
      ['ours', true],
    ] as const) {
      await page.getByRole('button', { name: /Views|mine/ }).click()
      await page.getByRole('menuitem', { name: /Save this view/ }).click()
      const dialog = page.getByRole('dialog', { name: 'Save this view' })
      await dialog.getByRole('textbox', { name: 'Name' }).fill(name)
      if (shared) await dialog.getByRole('switch', { name: 'Share it with the project' }).check()
      await dialog.getByRole('button', { name: 'Save this view' }).click()
      await dialog.waitFor({ state: 'detached' })
    }
    await close()

    const other = await open('/hosts', { as: 'vera' })
    await other.page.getByRole('button', { name: 'Views' }).click()
    expect(await other.page.getByRole('menuitem', { name: /mine/ }).count()).toBe(0)
    expect(await other.page.getByRole('button', { name: 'Remove the view ours' }).count()).toBe(0)
    await other.page.getByRole('menuitem', { name: /ours/ }).click()
    await total(other.page, '4 hosts').waitFor()
    expect(new URL(other.page.url()).searchParams.get('sort')).toBe('-agent')
    await other.close()
  })

  it('labels all hosts that fit, and each keeps the labels it had', async () => {
    const { page, close } = await open('/hosts?q=site:Berlin')
    await total(page, '6 hosts').waitFor()
    await page.getByRole('checkbox', { name: `Select ${nameOf(0)}` }).check()
    await page.getByRole('button', { name: 'Select all 6 that fit' }).click()
    await page.getByText('All 6 hosts that fit').waitFor()
    await page.getByRole('button', { name: 'Label', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Label 6 hosts' })
    await dialog.getByText('Labels 6 hosts on 1 site, 6 simulated.').waitFor()
    await dialog.getByRole('textbox', { name: 'Key' }).fill('shift')
    await dialog.getByRole('textbox', { name: 'Value' }).fill('late')
    await dialog.getByText('muster host set -q site:Berlin --metadata shift=late -y').waitFor()

    await dialog.getByRole('button', { name: 'Label 6 hosts' }).click()

    await dialog.waitFor({ state: 'detached' })
    const { body } = await call('GET', `${P}/compute/hosts?label=shift%3Dlate&pageSize=50`)
    expect(body.totalElements).toBe(6)
    for (const { metadata } of body.hosts)
      expect(metadata.map((each: { key: string }) => each.key).sort()).toEqual(['line', 'shift'])
    await row(page, nameOf(0)).getByText('shift=late').waitFor()
    await close()
  })

  it('reboots what is selected once it was said how many and where, with the reason', async () => {
    const { page, close } = await open('/hosts')
    for (const at of [1, 3]) await page.getByRole('checkbox', { name: `Select ${nameOf(at)}`, exact: true }).check()
    await page.getByRole('checkbox', { name: 'Select spare-1' }).check()
    await page.getByRole('button', { name: 'Reboot', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Reboot 3 hosts' })
    await dialog.getByText('Reboots 3 hosts on 1 site, 1 offline, 2 simulated.').waitFor()
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('fan swap')

    await dialog.getByRole('button', { name: 'Reboot 3 hosts' }).click()

    await until(
      () => call('GET', `${P}/commands?host=${hosts[1]!.resourceId}&limit=10`),
      ({ body }) => body.commands.some((each: any) => each.name === 'reboot' && each.reason === 'fan swap'),
    )
    await close()
  })

  it('keeps what is selected in the address', async () => {
    const { page, close } = await open('/hosts')
    await page.getByRole('checkbox', { name: `Select ${nameOf(2)}`, exact: true }).check()
    await page.waitForURL(/sel=host-/)
    const address = new URL(page.url())

    const other = await open(`${address.pathname}${address.search}`)
    await other.page.getByText('1 host selected').waitFor()
    expect(await other.page.getByRole('checkbox', { name: `Select ${nameOf(2)}`, exact: true }).isChecked()).toBe(true)
    await other.close()
    await close()
  })

  it('keeps the columns somebody chose', async () => {
    const { page, close } = await open('/hosts')
    await page.getByRole('button', { name: 'Columns' }).click()
    const dialog = page.getByRole('dialog', { name: 'Columns' })
    await dialog.getByRole('switch', { name: 'Serial number' }).check()
    await dialog.getByRole('button', { name: 'Move Health forward' }).click()
    await page.keyboard.press('Escape')

    await page.reload()

    await grid(page).getByRole('columnheader', { name: 'Serial number' }).waitFor()
    const titles = await grid(page).getByRole('columnheader').allInnerTexts()
    expect(titles.indexOf('Health')).toBeLessThan(titles.indexOf('Reach'))
    await close()
  })

  it('does not move rows under a pointer, and says what is new', async () => {
    const { page, close } = await open('/hosts')
    await row(page, nameOf(0)).waitFor()
    await row(page, nameOf(0)).hover()
    const made = await call('POST', `${P}/compute/hosts/register`, {
      name: 'aaa-1',
      serialNumber: 'SN00077',
      autoOnboard: true,
    })

    const bar = page.getByRole('button', { name: /1 new/ })
    await bar.waitFor()
    expect(await grid(page).getByText('aaa-1').count()).toBe(0)
    await bar.hover()
    await page.evaluate('new Promise(requestAnimationFrame)')
    expect(await bar.isVisible()).toBe(true)
    await bar.click()
    await grid(page).getByText('aaa-1').waitFor()

    await call('DELETE', `${P}/compute/hosts/${made.body.resourceId}`)
    await close()
  })

  it('shows names as they are, whatever hides in them', async () => {
    const { page, close, faults } = await open('/hosts')
    await page.route('**/compute/hosts?**', async route => {
      const answer = await route.fetch()
      const body = await answer.json()
      for (const host of body.hosts ?? []) host.name = HOSTILE
      await route.fulfill({ response: answer, json: body })
    })
    await page.reload()

    const first = grid(page).getByRole('row').nth(1)
    await first.getByText('U+202E').waitFor()
    expect(await first.innerText()).toContain('<b>')
    expect(await first.locator('b').count()).toBe(0)
    expect(faults.errors).toEqual([])
    await close()
  })

  it('keeps the rows, faded, when the controller cannot answer, and tries again', async () => {
    const { page, close } = await open('/hosts')
    await row(page, nameOf(0)).waitFor()
    let isDown = true
    await page.route('**/compute/hosts?**', route =>
      isDown
        ? route.fulfill({
            status: 503,
            contentType: 'application/problem+json',
            body: JSON.stringify({ status: 503, code: 'busy', title: 'Busy' }),
          })
        : route.continue(),
    )
    await search(page).fill('line:1')
    await search(page).press('Enter')

    await page.getByRole('alert').filter({ hasText: 'Busy' }).waitFor()
    isDown = false
    await page.getByRole('button', { name: 'Try again' }).click()
    await total(page, '4 hosts').waitFor()
    await close()
  })

  it('has no buttons for who may only look', async () => {
    const { page, close } = await open('/hosts', { as: 'vera' })
    await page.getByRole('checkbox', { name: `Select ${nameOf(0)}`, exact: true }).check()
    const bar = page.getByRole('region', { name: 'What is selected' })
    await bar.waitFor()

    expect(await bar.getByRole('button').allInnerTexts()).toEqual(
      expect.not.arrayContaining(['Reboot', 'Label', 'Revoke']),
    )
    await row(page, nameOf(0))
      .getByRole('button', { name: `Acts on ${nameOf(0)}` })
      .click()
    await page.getByRole('menuitem', { name: 'Open' }).waitFor()
    expect(await page.getByRole('menuitem', { name: /Reboot|Revoke/ }).count()).toBe(0)
    await close()
  })

  it('teaches when there is nothing yet', async () => {
    await call('PUT', '/v1/projects/bare', {})
    const { page, close } = await open('/hosts?project=bare')
    await page.getByRole('heading', { name: 'No hosts yet' }).waitFor()

    await page.getByRole('button', { name: 'Add a host' }).last().click()

    await page.waitForURL(/add=command/)
    await close()
  })

  it.each([
    ['light', 1_440],
    ['dark', 1_440],
    ['light', 360],
  ] as const)('can be used by everybody: %s, %i wide', async (scheme, width) => {
    const { page, faults, close } = await open('/hosts?group=site', { scheme, width })
    await row(page, nameOf(0)).waitFor()

    expect(await seriousFaults(page)).toEqual([])
    expect(faults).toEqual(CLEAN)
    if (width < 600) expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    await close()
  })
})
