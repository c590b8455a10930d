// SPDX-License-Identifier: Apache-2.0
/** Sites in a real browser: the tree, the board, one site, hosts that move, and a place that goes dark. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/browser.ts'
import { type Dashboard, type Opened, openDashboard } from '../support/dashboard.ts'
import { enrollWire, openWire } from '../support/wire-host.ts'

const PROJECT = '/v1/projects/default'

describe.skipIf(findChromium() === undefined)('sites', () => {
  let dashboard: Dashboard
  let admin: Opened
  beforeAll(async () => {
    dashboard = await openDashboard()
    admin = await dashboard.open('/sites')
  })
  afterAll(() => dashboard?.close())

  const api = async (method: string, path: string, body?: unknown) => {
    const answer = await dashboard.controller.call(method, `${PROJECT}${path}`, body)
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.text}`)
    return answer.body
  }
  const visit = (page: Page, path: string): Promise<unknown> => page.goto(`${dashboard.url}${path}`)
  const place = async (kind: 'regions' | 'sites', name: string): Promise<any> =>
    (await api('GET', `/${kind}?pageSize=500`))[kind].find((each: { name: string }) => each.name === name)
  const choose = async (page: Page, label: string, option: string): Promise<void> => {
    await page.getByRole('dialog').getByRole('combobox', { name: label }).click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }
  const row = (page: Page, name: RegExp) => page.getByRole('treeitem', { name })

  it('teach what they are for while there is none', async () => {
    const { page } = admin

    await page.getByRole('heading', { name: 'No site yet' }).waitFor()

    await page.getByText('muster site create plant-1').waitFor()
  })

  it('are made in regions, with the command line that does the same', async () => {
    const { page } = admin
    await page.getByRole('button', { name: 'New region' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('EMEA')
    await dialog.getByLabel('Labels').fill('zone=eu')
    await dialog.getByText('muster region create EMEA --metadata zone=eu').waitFor()
    await dialog.getByRole('button', { name: 'Create the region' }).click()
    await row(page, /^Region EMEA/).click()
    await page.getByRole('button', { name: 'New region' }).click()
    await dialog.getByLabel('Name').fill('France')
    await dialog.getByRole('button', { name: 'Create the region' }).click()
    await row(page, /^Region France/).click()
    await page.getByRole('button', { name: 'New site' }).click()
    await dialog.getByLabel('Name').fill('Lyon')
    await dialog.getByLabel('Latitude').fill('45.76')
    await dialog.getByLabel('Longitude').fill('4,84')
    await dialog.getByLabel('Labels').fill('line=4')
    await dialog.getByRole('button', { name: 'Create the site' }).click()

    await page.getByRole('heading', { level: 1, name: 'Lyon' }).waitFor()

    await page.getByText('45.76° N, 4.84° E').waitFor()
    await page.getByRole('row', { name: 'zone=eu from region EMEA' }).waitFor()
    await page.getByRole('row', { name: 'line=4 its own' }).waitFor()
    expect((await place('sites', 'Lyon')).region.name).toBe('France')
  })

  it('say what is wrong beside the field, and send nothing', async () => {
    const { page } = admin
    await visit(page, '/sites?new=site')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Zürich')
    await dialog.getByLabel('Latitude').fill('95')
    await dialog.getByLabel('Labels').fill('Line=4')

    await dialog.getByText('Only letters, digits, spaces').waitFor()
    await dialog.getByText('A number from -90 to 90').waitFor()
    await dialog.getByText('“Line=4” is not key=value').waitFor()
    expect(await dialog.getByRole('button', { name: 'Create the site' }).isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
  })

  it('are found in the tree, which opens and closes by keys alone', async () => {
    const { page } = admin
    await visit(page, '/sites')
    await row(page, /^Region EMEA/).waitFor()
    await row(page, /^Region EMEA/).focus()
    await page.keyboard.press('ArrowLeft')
    await expect.poll(() => row(page, /^Region France/).count()).toBe(0)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')

    await page.getByRole('heading', { level: 1, name: 'Lyon' }).waitFor()

    await visit(page, '/sites?q=ly')
    await row(page, /^Site Lyon/).waitFor()
    await page.getByLabel('Find a region or a site').fill('nothing of the kind')
    await page.getByText('No region and no site has “nothing of the kind”').waitFor()
  })

  it('take hosts, whose labels and counts follow', async () => {
    const { page } = admin
    const { resourceId: host } = await api('POST', '/compute/hosts/register', {
      name: 'press-01',
      serialNumber: 'PRESS01',
    })
    const lyon = await place('sites', 'Lyon')
    await visit(page, `/sites/${lyon.resourceId}`)
    await page.getByRole('heading', { name: 'No host stands here' }).waitFor()
    await page.getByRole('button', { name: 'Put hosts here' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Find hosts' }).fill('press')
    await page.getByRole('option', { name: 'press-01 (now at no site)' }).click()
    await dialog.getByText(`muster host set ${host} --site-id ${lyon.resourceId}`).waitFor()
    await dialog.getByRole('button', { name: 'Move 1 host' }).click()

    await page.getByRole('gridcell', { name: 'press-01', exact: true }).waitFor()

    await page.getByText('1 host: 1 not come yet').waitFor()
    const read = await api('GET', `/compute/hosts/${host}`)
    expect(read.siteId).toBe(lyon.resourceId)
    expect(read.inheritedMetadata).toContainEqual({ key: 'zone', value: 'eu' })
  })

  it('go dark on the board while somebody looks, and stand in what needs people', async () => {
    const { page } = admin
    const oslo = await api('POST', '/sites', { name: 'Oslo' })
    const lost = await enrollWire(dashboard.controller, { hostname: 'lost-01', serial: 'LOST01' })
    await api('PATCH', `/compute/hosts/${lost.host}`, { siteId: oslo.resourceId })
    const session = await openWire(dashboard.controller, lost)
    await session.birth()
    await visit(page, '/sites')
    await page.getByRole('link', { name: /^Oslo: 1 host, 1 online/ }).waitFor()

    session.client.stream.destroy()

    await page.getByRole('link', { name: /^Oslo: 1 host, Dark for/ }).waitFor()
    await row(page, /^Site Oslo ?, 1 host, 1 offline/).waitFor()
    await page.getByRole('link', { name: /^Oslo: / }).click()
    await page.getByRole('heading', { level: 1, name: 'Oslo' }).waitFor()
  })

  it('are a list too, and the address says which', async () => {
    const { page } = admin
    await visit(page, '/sites')
    await page.getByText('List', { exact: true }).click()
    await page.getByRole('grid', { name: 'Sites' }).waitFor()

    expect(new URL(page.url()).searchParams.get('as')).toBe('list')
    const copy = await dashboard.open(`/sites${new URL(page.url()).search}`)
    await copy.page.getByRole('gridcell', { name: 'Lyon', exact: true }).waitFor()
    await copy.close()
  })

  it('move with their region', async () => {
    const { page } = admin
    const france = await place('regions', 'France')
    await visit(page, `/sites?region=${france.resourceId}`)
    await page.getByRole('button', { name: 'Rename or move' }).click()
    await page.getByRole('dialog').getByLabel('Name').waitFor()
    await choose(page, 'Region above it', 'None: it stands at the top')
    await page.getByRole('dialog').getByText(`muster region set ${france.resourceId} --parent ''`).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()

    await expect.poll(async () => (await place('regions', 'France')).parentId).toBe('')

    await expect.poll(() => row(page, /^Region France/).getAttribute('aria-level')).toBe('1')
  })

  it('cannot go while hosts stand there', async () => {
    const { page } = admin
    const france = await place('regions', 'France')
    await visit(page, `/sites?region=${france.resourceId}`)
    await page.getByRole('button', { name: 'Delete', exact: true }).click()

    await page.getByRole('dialog').getByText('1 host stands there. Move them away first').waitFor()

    expect(
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Delete 1 region/ })
        .isDisabled(),
    ).toBe(true)
  })

  it('go with their region, once its name and a reason are given', async () => {
    const { page } = admin
    const host = (await api('GET', '/compute/hosts?search=press-01')).hosts[0]
    await api('PATCH', `/compute/hosts/${host.resourceId}`, { siteId: '' })
    const france = await place('regions', 'France')
    await visit(page, `/sites?region=${france.resourceId}`)
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Site Lyon').waitFor()
    await dialog.getByLabel('Reason').fill('the plant is sold')
    await dialog.getByLabel('Type France to confirm').fill('France')
    await dialog.getByRole('button', { name: 'Delete 1 region and 1 site' }).click()

    await expect.poll(() => place('regions', 'France')).toBeUndefined()

    await expect.poll(() => row(page, /^Site Lyon/).count()).toBe(0)
    const { body } = await dashboard.controller.call('GET', '/v1/audit?project=default&limit=1000')
    const removed = body.entries.filter(({ action }: { action: string }) => /^(site|region)\.delete$/.test(action))
    expect(removed.map(({ reason }: { reason: string }) => reason)).toEqual(['the plant is sold', 'the plant is sold'])
  })

  it('have no buttons for who may only look', async () => {
    await dashboard.person('vera', 'viewer')
    const { page, close } = await dashboard.open('/sites', { as: 'vera' })
    await page.getByRole('link', { name: /^Oslo: / }).waitFor()

    expect(await page.getByRole('button', { name: /New (site|region)/ }).count()).toBe(0)
    await close()
  })

  it('say which permission is missing', async () => {
    const made = await dashboard.controller.call('POST', '/v1/access/roles', {
      name: 'lookout',
      permissions: ['host.read', 'project.read'],
    })
    expect(made.status, made.text).toBeLessThan(300)
    await dashboard.person('lou', 'lookout')
    const { page, close } = await dashboard.open('/sites', { as: 'lou' })

    await page.getByText('It takes the permission inventory.read.').waitFor()

    await close()
  })

  it('keep what was read when the controller fails, and try again', async () => {
    const { page } = admin
    await visit(page, '/sites')
    await page.getByRole('link', { name: /^Oslo: / }).waitFor()
    await page.route('**/locations*', route =>
      route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          code: 'internal',
          status: 500,
          title: 'The controller stumbled',
          retry: 'backoff',
          type: 'x',
        }),
      }),
    )
    await api('POST', '/sites', { name: 'Rome' })

    await page.getByRole('alert').getByText('The controller stumbled').waitFor()
    await page.getByRole('link', { name: /^Oslo: / }).waitFor()

    await page.unroute('**/locations*')
    await page.getByRole('button', { name: 'Try again' }).first().click()
    await page.getByRole('link', { name: /^Rome: / }).waitFor()
  })

  it('fit on a narrow screen, without a fault anywhere', async () => {
    const { page, faults, close } = await dashboard.open('/sites', { width: 360, height: 740 })

    await page.getByRole('grid', { name: 'Sites' }).waitFor()

    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
    expect(admin.faults.violations).toEqual([])
    expect(admin.faults.foreign).toEqual([])
    await close()
  })
})
