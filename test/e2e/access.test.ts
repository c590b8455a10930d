// SPDX-License-Identifier: Apache-2.0
/** People, roles, tokens and sessions in a real browser: what is given in the page holds, and nothing else is shown. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PERMISSIONS, ROLES } from '../../controller/kernel/permissions.ts'
import { seriousFaults } from '../support/axe.ts'
import { findChromium, openContext } from '../support/browser.ts'
import { type Dashboard, type Opened, openDashboard } from '../support/dashboard.ts'

const THEIRS = 'four grey herons listen'

describe.skipIf(findChromium() === undefined)('access', () => {
  let dashboard: Dashboard
  let admin: Opened
  beforeAll(async () => {
    dashboard = await openDashboard({ hosts: 1 })
    admin = await dashboard.open('/access')
  })
  afterAll(() => dashboard?.close())

  const api = async (method: string, path: string, body?: unknown) => {
    const answer = await dashboard.controller.call(method, path, body)
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.text}`)
    return answer.body
  }
  const visit = (page: Page, path: string): Promise<unknown> => page.goto(`${dashboard.url}${path}`)
  const choose = async (page: Page, label: string, option: string): Promise<void> => {
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: label }).or(dialog.getByLabel(label)).first().click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }
  const personNamed = async (name: string): Promise<{ id: string }> =>
    (await api('GET', '/v1/access/people')).people.find((each: { name: string }) => each.name === name)

  it('adds a person whose invitation lets them in, from another browser', async () => {
    const { page } = admin
    await visit(page, '/access?tab=people')
    await page.getByRole('button', { name: 'Add a person' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('brera')
    await choose(page, 'First role', 'viewer')
    await dialog.getByText('muster person create brera --role viewer -p default').waitFor()
    await dialog.getByRole('button', { name: 'Add a person' }).click()
    const shown = page.getByRole('dialog', { name: 'Invitation for brera' })
    const link = (await shown.locator('pre').first().textContent()) ?? ''

    const other = await openContext(dashboard.browser)
    const theirs = await other.context.newPage()
    await theirs.goto(link)
    await theirs.getByLabel('New password').first().fill(THEIRS)
    await theirs.keyboard.press('Enter')
    await theirs
      .getByRole('link', { name: 'Sign in' })
      .or(theirs.getByRole('button', { name: 'Sign in' }))
      .click()
    await theirs.getByLabel('Name').fill('brera')
    await theirs.locator('input[type=password]').fill(THEIRS)
    await theirs.keyboard.press('Enter')
    await theirs.locator('#content h1').waitFor()

    expect(new URL(link).pathname).toBe('/invite')
    expect(other.faults).toEqual({ foreign: [], violations: [], errors: [] })
    await shown.getByRole('button', { name: 'I have copied it' }).click()
    await page.getByText('viewer in project default').waitFor()
    await other.context.close()
  })

  it('shows a viewer their own tokens, no people, and no button that they may not use', async () => {
    await dashboard.person('vera', 'viewer')
    const { page, close } = await dashboard.open('/access?tab=people', { as: 'vera' })

    await page.getByText('It takes the permission access.read').waitFor()
    expect(await page.getByRole('button', { name: 'Add a person' }).count()).toBe(0)
    await page.getByRole('tab', { name: 'Roles' }).click()
    await page.getByRole('heading', { name: 'operator' }).waitFor()
    expect(await page.getByRole('button', { name: 'Make a role' }).count()).toBe(0)
    await page.getByRole('tab', { name: 'API tokens' }).click()
    await page.getByText('You see your own tokens').waitFor()
    expect(await page.getByText('first sign-in').count()).toBe(0)
    await close()
  })

  it('has a sentence for every permission of every role', async () => {
    const { page } = admin
    await visit(page, '/access?tab=roles&view=matrix')
    const table = page.getByRole('region', { name: 'Permissions of roles' })

    await table.getByRole('columnheader', { name: 'security' }).waitFor()
    const heads = await table.locator('th[scope=row]').allTextContents()
    expect(heads).toHaveLength(PERMISSIONS.length)
    for (const permission of PERMISSIONS) {
      const head = heads.find(each => each.endsWith(permission)) ?? ''
      expect(head.length, permission).toBeGreaterThan(permission.length + 5)
    }
    const row = table.getByRole('row').filter({ has: page.getByText('host.access', { exact: true }) })
    const cells = await row.getByRole('cell').allTextContents()
    const roles = (await table.locator('thead th').allTextContents()).slice(1)
    for (const [name, permissions] of Object.entries(ROLES))
      expect([name, cells[roles.indexOf(name)]]).toEqual([
        name,
        permissions.some(each => each === 'host.access') ? 'yes' : 'no',
      ])
  })

  it('explains as the API does, and lets a denial win over what allows', async () => {
    const { page } = admin
    await api('PUT', '/v1/projects/plant', { description: '' })
    const vera = await personNamed('vera')
    await visit(page, '/access?tab=roles&view=given')
    await page.getByRole('button', { name: 'Give a role' }).click()
    await choose(page, 'Who', 'vera')
    await page.getByRole('dialog').getByText('may never').click()
    await choose(page, 'Do what this role may', 'operator')
    await choose(page, 'Project', 'plant')
    await page.getByText('vera may never do what operator may, in project plant.').waitFor()
    await page.getByText('muster role bind vera operator --deny -p plant').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Give a role' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })

    for (const place of ['default', 'plant']) {
      await visit(page, `/access?tab=explain&who=${vera.id}&in=${place}`)
      await page.locator('[data-permission="host.read"]').waitFor()
      for (const permission of PERMISSIONS) {
        const { allowed } = await api(
          'GET',
          `/v1/access/explain?principal=${vera.id}&permission=${permission}&project=${place}`,
        )
        const said = await page.locator(`[data-permission="${permission}"] .mu-chip`).textContent()
        expect([place, permission, said]).toEqual([place, permission, allowed ? 'Yes' : 'No'])
      }
    }
    const because = page.locator('[data-permission="host.read"]')
    expect(await because.textContent()).toMatch(
      /denied what operator may in project plant.*Elsewhere, or overruled: viewer/,
    )
  })

  it('keeps what is asked in the address', async () => {
    const vera = await personNamed('vera')
    const { page, close } = await dashboard.open(`/access?tab=explain&who=${vera.id}&in=plant&right=host.read`)

    await page.locator('[data-permission="host.read"]').waitFor()

    expect(await page.locator('[data-permission]').count()).toBe(1)
    await page.getByText(`muster access explain host.read --who ${vera.id} -p plant`).waitFor()
    await close()
  })

  it('shows a token once, which works until it is revoked and no longer', async () => {
    const { page } = admin
    await visit(page, '/access?tab=tokens')
    await page.getByRole('button', { name: 'Make a token' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('nightly')
    await choose(page, 'Permissions', 'look at hosts')
    await page.keyboard.press('Escape')
    await dialog.getByText('muster access token create --name nightly --permission host.read --expires 30d').waitFor()
    await dialog.getByRole('button', { name: 'Make a token' }).click()
    const shown = page.getByRole('dialog', { name: 'Copy the token now' })
    const token = (await shown.locator('pre').textContent()) ?? ''
    const ask = (path: string) =>
      dashboard.controller.call('GET', path, undefined, { authorization: `Bearer ${token}` })
    const before = await Promise.all([ask('/v1/projects/default/compute/hosts'), ask('/v1/access/sessions?all=true')])
    await shown.getByRole('button', { name: 'I have copied it' }).click()

    expect(before.map(({ status }) => status)).toEqual([200, 403])
    expect(await page.getByText(token).count()).toBe(0)
    await page.getByRole('checkbox', { name: 'Select nightly' }).click()
    await page.getByRole('button', { name: 'Revoke token' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('only a test')
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke token' }).click()
    await page.getByRole('gridcell', { name: 'nightly', exact: true }).waitFor({ state: 'detached' })
    expect((await ask('/v1/me')).status).toBe(401)
    const { entries } = await api('GET', '/v1/audit?chain=installation&limit=50')
    const entry = entries.find(({ action }: { action: string }) => action === 'token.revoke')
    expect(entry).toMatchObject({ reason: 'only a test' })
  })

  it('removes somebody only when their name is typed, with the reason', async () => {
    const { page } = admin
    await api('POST', '/v1/access/people', { name: 'gone' })
    const { id } = await personNamed('gone')
    await visit(page, `/access?tab=people&person=${id}`)
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Remove gone' })
    const remove = dialog.getByRole('button', { name: 'Remove gone' })
    await dialog.getByLabel('Reason').fill('left us')
    expect(await remove.isDisabled()).toBe(true)
    await dialog.getByLabel('Type gone to confirm').fill('gone')

    await remove.click()

    await page.getByRole('gridcell', { name: 'gone', exact: true }).first().waitFor({ state: 'detached' })
    expect(await personNamed('gone')).toBeUndefined()
  })

  it('disables somebody, whose session ends at once', async () => {
    await dashboard.person('theo', 'viewer')
    const theirs = await dashboard.open('/access', { as: 'theo' })
    await theirs.page.locator('#content h1').waitFor()
    const { id } = await personNamed('theo')
    const { page } = admin
    await visit(page, `/access?tab=people&person=${id}`)
    await page.getByRole('button', { name: 'Disable' }).click()
    await page.getByRole('dialog', { name: 'Disable theo' }).getByRole('button', { name: 'Disable' }).click()
    await page.getByRole('dialog', { name: 'About theo' }).getByText('Disabled').waitFor()

    expect((await theirs.context.request.get(`${dashboard.url}/v1/me`)).status()).toBe(401)
    await theirs.close()
  })

  it('finds administrators without a second factor by the address the overview links to', async () => {
    const { page } = admin
    await visit(page, '/access?tab=people&factor=none&role=admin')

    await page.getByRole('gridcell', { name: 'tester (you)' }).waitFor()

    expect(await page.getByRole('row').count()).toBe(2)
  })

  it('makes a role, and gives it back to nobody', async () => {
    const { page } = admin
    await visit(page, '/access?tab=roles')
    await page.getByRole('button', { name: 'Make a role' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('doorman')
    await dialog.getByLabel('let machines in').check()
    await dialog.getByRole('button', { name: 'Make a role' }).click()
    const card = page.getByRole('region', { name: 'doorman' })

    await card.getByText(/^Can let machines in\./).waitFor()
    await card.getByRole('button', { name: 'Remove role' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove role' }).click()
    await card.waitFor({ state: 'detached' })
  })

  it('keeps old rows when asking again fails, and says what is wrong', async () => {
    const { page, close } = await dashboard.open('/access?tab=people')
    await page.getByRole('gridcell', { name: 'vera', exact: true }).first().waitFor()
    await page.route(/\/v1\/access\/people$/, route =>
      route.fulfill({ status: 503, json: { code: 'overloaded', status: 503, title: 'The controller is busy' } }),
    )

    await page.evaluate("dispatchEvent(new Event('visibilitychange'))")
    await page.getByRole('tab', { name: 'Sessions' }).click()
    await page.getByRole('tab', { name: 'People' }).click()

    await page.getByText('The controller is busy').first().waitFor({ timeout: 40_000 })
    expect(await page.getByRole('gridcell', { name: 'vera', exact: true }).count()).toBeGreaterThan(0)
    await close()
  })

  it('can be used by everybody, in each of its tabs and colours', async () => {
    const vera = await personNamed('vera')
    const tabs = [
      'people',
      `people&person=${vera.id}`,
      'roles',
      'roles&view=matrix',
      'roles&view=given',
      'tokens',
      'sessions',
      'explain',
      'providers',
    ]
    for (const scheme of ['light', 'dark'] as const) {
      const { page, close } = await dashboard.open('/access', { scheme })
      for (const tab of tabs) {
        await visit(page, `/access?tab=${tab}`)
        await page.locator('#content h1').waitFor({ state: 'attached' })
        await expect.poll(() => page.locator('[aria-busy="true"]').count()).toBe(0)
        expect([scheme, tab, await seriousFaults(page)]).toEqual([scheme, tab, []])
      }
      await close()
    }
  })

  it('needs no fault to do all that', () => {
    expect(admin.faults).toEqual({ foreign: [], violations: [], errors: [] })
  })
})
