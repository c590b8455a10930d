// SPDX-License-Identifier: Apache-2.0
/** Operating systems in a real browser: profiles, policies, runs and instances. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/browser.ts'
import { type Dashboard, type Opened, openDashboard } from '../support/dashboard.ts'

const PROJECT = '/v1/projects/default'
const DIGEST = 'a1'.repeat(32)

describe.skipIf(findChromium() === undefined)('operating systems', () => {
  let dashboard: Dashboard
  let admin: Opened
  beforeAll(async () => {
    dashboard = await openDashboard()
    admin = await dashboard.open('/os')
  })
  afterAll(() => dashboard?.close())

  const api = async (method: string, path: string, body?: unknown) => {
    const answer = await dashboard.controller.call(method, `${PROJECT}${path}`, body)
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.text}`)
    return answer.body
  }
  const visit = (page: Page, path: string): Promise<unknown> => page.goto(`${dashboard.url}${path}`)
  const systems = async (): Promise<any[]> => (await api('GET', '/compute/os')).OperatingSystemResources
  const policies = async (): Promise<any[]> => (await api('GET', '/os-update-policies')).osUpdatePolicies

  it.each([
    ['/os', 'No operating system yet', /^muster os create/],
    ['/os?tab=policies', 'No update policy yet', /^muster update-policy create/],
    ['/os?tab=instances', 'No instance yet', /^muster instance create/],
  ])('teach on %s while there is none', async (path, heading, line) => {
    const { page } = admin
    await visit(page, path)

    await page.getByRole('heading', { name: heading }).waitFor()

    await page.getByText(line).waitFor()
  })

  it('say honestly that nothing writes runs yet', async () => {
    await visit(admin.page, '/os?tab=runs')

    await admin.page.getByText('nothing writes runs yet').waitFor()
  })

  it('get a profile, whose digest is looked at while it is typed', async () => {
    const { page } = admin
    await visit(page, '/os')
    await page.getByRole('button', { name: 'New profile' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Name', exact: false }).first().fill('Ubuntu 24.04 (LTS)')
    await dialog.getByLabel('SHA-256 of the image').fill('abc')
    await dialog.getByText('this has 3.').waitFor()
    expect(await dialog.getByRole('button', { name: 'Create the profile' }).isDisabled()).toBe(true)
    await dialog.getByLabel('SHA-256 of the image').fill(DIGEST)
    await dialog.getByLabel('Profile name').fill('ubuntu')
    await dialog
      .getByText(
        `muster os create 'Ubuntu 24.04 (LTS)' --profile-name ubuntu --sha256 ${DIGEST} --type mutable --security none`,
      )
      .waitFor()
    await dialog.getByRole('button', { name: 'Create the profile' }).click()

    await page.getByRole('gridcell', { name: 'Ubuntu 24.04 (LTS)', exact: true }).waitFor()

    expect(await systems()).toMatchObject([{ sha256: DIGEST, osType: 'OS_TYPE_MUTABLE', profileName: 'ubuntu' }])
  })

  it('show the clash of a second profile with the same image, and keep what was typed', async () => {
    const { page } = admin
    await page.getByRole('button', { name: 'New profile' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Name', exact: false }).first().fill('twin')
    await dialog.getByLabel('Address of the image').fill('https://images.example/u.img')
    await dialog.getByLabel('SHA-256 of the image').fill('b2'.repeat(32))
    await dialog.getByRole('button', { name: 'Create the profile' }).click()
    await page.getByRole('gridcell', { name: 'twin', exact: true }).waitFor()
    await page.getByRole('button', { name: 'New profile' }).click()
    await dialog.getByRole('textbox', { name: 'Name', exact: false }).first().fill('triplet')
    await dialog.getByLabel('Address of the image').fill('https://images.example/u.img')
    await dialog.getByLabel('SHA-256 of the image').fill('b2'.repeat(32))
    await dialog.getByRole('button', { name: 'Create the profile' }).click()

    await dialog.getByRole('alert').getByText('There is one already').waitFor()

    expect(await dialog.getByRole('textbox', { name: 'Name', exact: false }).first().inputValue()).toBe('triplet')
    await page.keyboard.press('Escape')
  })

  it('send only what was changed', async () => {
    const { page } = admin
    await page.getByRole('button', { name: 'Acts on twin' }).click()
    await page.getByRole('menuitem', { name: 'Change' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Description').fill('for lines 1 to 4')
    const { resourceId } = (await systems()).find(({ name }) => name === 'twin')
    await dialog.getByText(`muster os set ${resourceId} --description 'for lines 1 to 4'`).waitFor()
    await dialog.getByRole('button', { name: 'Save' }).click()

    await page.getByRole('gridcell', { name: 'for lines 1 to 4' }).waitFor()
  })

  it('get policies of each way', async () => {
    const { page } = admin
    await visit(page, '/os?tab=policies')
    await page.getByRole('button', { name: 'New policy' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Name' }).fill('weekly')
    await dialog.getByText('muster update-policy create weekly --policy latest').waitFor()
    await dialog.getByRole('button', { name: 'Create the policy' }).click()
    await page.getByRole('gridcell', { name: 'weekly', exact: true }).waitFor()
    await page.getByRole('button', { name: 'New policy' }).click()
    await dialog.getByRole('textbox', { name: 'Name' }).fill('to twin')
    await dialog.getByRole('combobox', { name: 'Brings it' }).click()
    await page.getByRole('option', { name: 'to another image' }).click()
    expect(await dialog.getByRole('button', { name: 'Create the policy' }).isDisabled()).toBe(true)
    await dialog.getByRole('combobox', { name: 'Image to go to' }).click()
    await page.getByRole('option', { name: 'twin' }).click()
    await dialog.getByRole('button', { name: 'Create the policy' }).click()

    await page.getByRole('gridcell', { name: 'To a target' }).waitFor()

    expect((await policies()).map(({ updatePolicy }) => updatePolicy).sort()).toEqual([
      'UPDATE_POLICY_LATEST',
      'UPDATE_POLICY_TARGET',
    ])
  })

  it('say what uses a profile before it is deleted, and delete it once nothing does', async () => {
    const { page } = admin
    await visit(page, '/os')
    await page.getByRole('button', { name: 'Acts on twin' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('1 update policy: to twin').waitFor()
    expect(await dialog.getByRole('button', { name: 'Delete twin' }).isDisabled()).toBe(true)
    await page.keyboard.press('Escape')
    await visit(page, '/os?tab=policies')
    await page.getByRole('button', { name: 'Acts on to twin' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await dialog.getByText('No instance uses it.').waitFor()
    await dialog.getByRole('button', { name: 'Delete to twin' }).click()
    await expect.poll(async () => (await policies()).length).toBe(1)
    await visit(page, '/os')
    await page.getByRole('button', { name: 'Acts on twin' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await dialog.getByText('No instance and no policy uses it.').waitFor()
    await dialog.getByRole('button', { name: 'Delete twin' }).click()

    await expect.poll(async () => (await systems()).map(({ name }) => name)).toEqual(['Ubuntu 24.04 (LTS)'])
  })

  it('show instances with their host', async () => {
    const { page } = admin
    const host = await api('POST', '/compute/hosts/register', { name: 'press-01', serialNumber: 'PRESS01' })
    const [os] = await systems()
    const body = {
      name: 'press-os',
      kind: 'INSTANCE_KIND_METAL',
      hostID: host.resourceId,
      osID: os.resourceId,
      securityFeature: 'SECURITY_FEATURE_NONE',
    }
    await api('POST', '/compute/instances', body)
    await visit(page, '/os?tab=instances')

    await page.getByRole('row', { name: /press-os press-01 Ubuntu 24\.04/ }).waitFor()

    await page.getByLabel('Find by name').fill('nothing')
    await page.getByText('Nothing fits.').waitFor()
  })

  it('have no buttons for who may only look, and say which permission is missing', async () => {
    await dashboard.person('vera', 'viewer')
    const made = await dashboard.controller.call('POST', '/v1/access/roles', {
      name: 'lookout',
      permissions: ['host.read'],
    })
    expect(made.status, made.text).toBeLessThan(300)
    await dashboard.person('lou', 'lookout')
    const vera = await dashboard.open('/os', { as: 'vera' })
    await vera.page.getByRole('gridcell', { name: 'Ubuntu 24.04 (LTS)', exact: true }).waitFor()
    expect(await vera.page.getByRole('button', { name: /New profile|Acts on/ }).count()).toBe(0)
    const lou = await dashboard.open('/os', { as: 'lou' })

    await lou.page.getByText('It takes the permission inventory.read.').waitFor()

    await Promise.all([vera.close(), lou.close()])
  })

  it('say what failed, and ask again', async () => {
    const { page, close } = await dashboard.open('/help')
    await page.route('**/compute/os?*', route => route.abort())
    await visit(page, '/os')
    await page.getByRole('alert').getByText('The controller cannot be reached').waitFor()
    await page.unroute('**/compute/os?*')
    await page.getByRole('button', { name: 'Try again' }).click()

    await page.getByRole('gridcell', { name: 'Ubuntu 24.04 (LTS)', exact: true }).waitFor()

    await close()
  })

  it('raise no fault', () => {
    expect(admin.faults).toEqual({ foreign: [], violations: [], errors: [] })
  })
})
