// SPDX-License-Identifier: Apache-2.0
/** The records of activation in a browser: checked while they are typed, refused with a reason beside the field, never showing a secret. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFaults } from '../support/axe.ts'
import { findChromium } from '../support/browser.ts'
import { until } from '../support/controller.ts'
import { type Dashboard, openDashboard } from '../support/dashboard.ts'
import { fleetPfx, oobHost, SUFFIX } from '../support/oob-fleet.ts'
import { makeProvisioningPfx } from '../support/pfx.ts'

const OOB = '/v1/projects/default/oob'
const RPS = `${OOB}/rps`

describe.skipIf(findChromium() === undefined)('the records of activation', () => {
  let dashboard: Dashboard
  const call: Dashboard['controller']['call'] = (...given) => dashboard.controller.call(...given)
  const open = (tab: string, as?: string) =>
    dashboard.open(`/out-of-band/records?tab=${tab}`, as === undefined ? {} : { as })
  const row = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) })
  const file = (name: string, content: string): string => {
    const path = join(dashboard.controller.dir, name)
    writeFileSync(path, Buffer.from(content, 'base64'))
    return path
  }
  beforeAll(async () => {
    dashboard = await openDashboard({ hosts: 2, fleet: { each: oobHost({ vpro: 1, ism: 1, none: 0 }) } })
    await until(
      () => call('GET', `${OOB}/detections`),
      ({ body }) => body.detections.length === 2,
    )
    await dashboard.person('vera', 'viewer')
  })
  afterAll(() => dashboard?.close())

  it('has the profiles that every project has, without a fault', async () => {
    const { page, faults, close } = await open('profiles')

    await row(page, 'default_acm').waitFor()
    await row(page, 'default_ccm').waitFor()

    expect(await seriousFaults(page)).toEqual([])
    expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
    await close()
  })

  it('tells of a certificate what it is good for before anything is kept', async () => {
    const { pfx, password } = fleetPfx()
    const { page, close } = await open('domains')
    await page.getByRole('heading', { name: 'There is no domain yet' }).waitFor()
    await page.getByRole('button', { name: 'Add a domain' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a domain' })
    const check = (id: string, state: string) => dialog.locator(`[data-check=${id}][data-state=${state}]`)
    await dialog.getByLabel('Name').fill('plant')
    await dialog.getByLabel('DNS suffix').fill(SUFFIX)
    await dialog.getByText(`2 hosts announce ${SUFFIX}`).waitFor()
    await dialog.locator('input[type=file]').setInputFiles(file('plant.pfx', pfx))
    await dialog.getByLabel('Password of the certificate').fill('wrong')

    await check('opens', 'failed').getByText('Please check that the password is correct').waitFor()
    await dialog.getByLabel('Password of the certificate').fill(password)
    await check('usage', 'done').waitFor()
    await dialog.getByLabel('DNS suffix').fill(`hall.${SUFFIX}`)
    await check('suffix', 'done').waitFor()
    await dialog.getByLabel('DNS suffix').fill('plant.test')
    await check('suffix', 'failed').getByText('FQDN not associated').waitFor()
    await dialog.getByLabel('DNS suffix').fill(SUFFIX)
    await check('valid', 'done')
      .getByText(/until \d{4}-\d{2}-\d{2}, in 36\d d/)
      .waitFor()

    expect((await call('GET', `${RPS}/domains`)).body).toEqual([])
    expect(await seriousFaults(page, '[role=dialog]')).toEqual([])
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await row(page, 'plant').getByText(SUFFIX).waitFor()
    await row(page, 'plant').getByText('2 hosts announce it').waitFor()
    await close()
  })

  it('says beside the field what the controller found wrong when it is saved', async () => {
    const { pfx, password } = makeProvisioningPfx({ suffix: 'other.test', eku: false })
    const { page, close } = await open('domains')
    await page.getByRole('button', { name: 'Add a domain' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a domain' })
    await dialog.getByLabel('Name').fill('other')
    await dialog.getByLabel('DNS suffix').fill('other.test')
    await dialog.locator('input[type=file]').setInputFiles(file('other.pfx', pfx))
    await dialog.getByLabel('Password of the certificate').fill(password)
    await dialog.locator('[data-check=usage][data-state=failed]').waitFor()

    await dialog.getByRole('button', { name: 'Save' }).click()

    const field = dialog.locator('.mantine-FileInput-root')
    await field.getByText('missing the Intel AMT Activation EKU').waitFor()
    await close()
  })

  it('shows no password, neither as a command nor as a call', async () => {
    const secret = 'Xy7!unseen'
    const { page, close } = await open('profiles')
    await page.getByRole('button', { name: 'Add a profile' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a profile' })
    await dialog.getByLabel('Name').fill('floor')
    await dialog.getByLabel('Give each machine a password of its own').uncheck()
    await dialog.getByText('Still to say: Password of the firmware').waitFor()
    await dialog.getByLabel('Password of the firmware').fill('short')
    await dialog.getByText('Eight to 32 characters').nth(1).waitFor()
    await dialog.getByLabel('Password of the firmware').fill(secret)
    await dialog.getByText('muster oob profile create -f floor.yaml').waitFor()
    await dialog.getByRole('tab', { name: 'API' }).click()

    expect(await dialog.innerText()).not.toContain(secret)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await row(page, 'floor').getByText('Given').waitFor()
    expect(await page.content()).not.toContain(secret)
    expect((await call('GET', `${RPS}/profiles/floor`)).body).toMatchObject({
      activation: 'ccmactivate',
      generateRandomPassword: false,
      ciraConfigName: 'default',
      userConsent: 'All',
    })
    await close()
  })

  it('keeps a password that is not typed again', async () => {
    const { page, close } = await open('profiles&record=floor')
    const dialog = page.getByRole('dialog', { name: 'Change floor' })
    await dialog.getByLabel('Tags').fill('line-4, hall 2')
    await dialog.getByLabel('Drives over the network (IDER)').check()

    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'hidden' })

    const { body } = await call('GET', `${RPS}/profiles/floor`)
    expect(body).toMatchObject({ tags: ['line-4', 'hall 2'], iderEnabled: true, generateRandomPassword: false })
    await close()
  })

  it('says that a name is taken before it is sent, and afterwards where only the controller knows', async () => {
    const { page, close } = await open('profiles')
    await page.getByRole('button', { name: 'Add a profile' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a profile' })
    await dialog.getByLabel('Name').fill('DEFAULT_ccm')
    await dialog.getByText('There is one of this name already.').waitFor()
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Name').fill('second')
    const { body: first } = await call('GET', `${RPS}/profiles/default_ccm`)
    const { version: _, ...copy } = first
    await call('POST', `${RPS}/profiles`, { ...copy, profileName: 'second' })

    await dialog.getByRole('button', { name: 'Save' }).click()

    await dialog.locator('.mantine-TextInput-root', { hasText: 'AMT profile second already exists' }).waitFor()
    await close()
  })

  it('brings two changes of one profile together, and loses neither', async () => {
    const { page, close } = await open('profiles&record=floor')
    const dialog = page.getByRole('dialog', { name: 'Change floor' })
    await dialog.getByLabel('Serial console (SOL)').uncheck()
    await dialog.getByLabel('Tags').fill('mine')
    const { body: present } = await call('GET', `${RPS}/profiles/floor`)
    const changed = await call('PATCH', `${RPS}/profiles`, { ...present, kvmEnabled: false, tags: ['theirs'] })
    expect(changed.status).toBe(200)

    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('Somebody changed it since you opened it').waitFor()
    await dialog
      .getByLabel(/Mine|Yours/i)
      .first()
      .check()
    await dialog.getByRole('button', { name: 'Go on with this' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'hidden' })

    expect((await call('GET', `${RPS}/profiles/floor`)).body).toMatchObject({
      kvmEnabled: false,
      solEnabled: false,
      tags: ['mine'],
    })
    await close()
  })

  it('makes every other kind of record', async () => {
    const { page, faults, close } = await open('8021x')
    const add = async (button: string) => {
      await page.getByRole('button', { name: button }).click()
      return page.getByRole('dialog', { name: button })
    }
    const save = async () => {
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
      await page.getByRole('dialog').waitFor({ state: 'hidden' })
    }
    let dialog = await add('Add an 802.1x configuration')
    await dialog.getByLabel('Name').fill('air8021x')
    await dialog.getByLabel('Of the wired port').uncheck()
    await save()
    await row(page, 'air8021x').getByText('EAP-TLS').waitFor()

    await page.getByRole('tab', { name: 'Wireless' }).click()
    dialog = await add('Add a wireless profile')
    await dialog.getByLabel(/^Name/).fill('floor')
    await dialog.getByLabel('Network name (SSID)').fill('Floor 1')
    await dialog.getByLabel('Passphrase').fill('three red kettles')
    await save()
    await row(page, 'floor').getByText('WPA2 PSK').waitFor()

    await page.getByRole('tab', { name: 'Proxies' }).click()
    dialog = await add('Add a proxy')
    await dialog.getByLabel('Name').fill('proxy1')
    await dialog.getByLabel('Address').fill('not an address')
    await dialog.getByLabel('DNS suffix of its network').fill('plant.example')
    await dialog.getByText('A full DNS name, or an IPv4 or IPv6 address.').waitFor()
    await dialog.getByLabel('Address').fill('proxy.plant.example')
    await save()
    await row(page, 'proxy1').getByText('proxy.plant.example:8080').waitFor()

    await page.getByRole('tab', { name: 'CIRA' }).click()
    dialog = await add('Add a CIRA configuration')
    await dialog.getByLabel('Name').first().fill('here')
    await dialog.getByRole('button', { name: 'Fill in those of this controller' }).click()
    await save()
    await row(page, 'here').waitFor()

    const [cira] = (await call('GET', `${RPS}/ciraconfigs`)).body.filter((each: any) => each.configName === 'here')
    const { body: endpoint } = await call('GET', `${OOB}/endpoint`)
    expect(cira).toMatchObject({ mpsServerAddress: endpoint.address, mpsPort: endpoint.port, authMethod: 2 })
    await page.getByRole('tab', { name: 'Profiles' }).click()
    await row(page, 'floor').click()
    dialog = page.getByRole('dialog', { name: 'Change floor' })
    await dialog.getByLabel('Add to Wireless profiles').click()
    await page.getByRole('option', { name: 'floor' }).click()
    await save()
    expect((await call('GET', `${RPS}/profiles/floor`)).body.wifiConfigs).toEqual([
      { priority: 1, profileName: 'floor' },
    ])
    expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
    await close()
  })

  it('does not delete what others refer to, and says which', async () => {
    const { page, close } = await open('wireless')
    await page.getByRole('button', { name: 'Actions for floor' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete floor' })
    await dialog.getByText('muster oob wireless delete floor').waitFor()

    await dialog.getByRole('button', { name: 'Delete floor' }).click()

    await dialog.getByText('Wireless profile: floor is associated with an AMT Profile.').waitFor()
    await close()
  })

  it('exports a profile, and shows its key this one time', async () => {
    const { page, close } = await open('profiles')
    await page.getByRole('button', { name: 'Actions for default_acm' }).click()
    await page.getByRole('menuitem', { name: 'Export for rpc' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('With the certificate of').click()
    await page.getByRole('option', { name: 'plant' }).click()
    await dialog.getByLabel('Reason').fill('machines without a network')
    await dialog.getByText('muster oob profile export default_acm --domain plant').waitFor()
    await dialog.getByRole('button', { name: 'Make the file' }).click()
    await dialog.getByText('shown this one time').waitFor()
    const saved = page.waitForEvent('download')
    await dialog.getByRole('button', { name: 'Save default_acm.enc' }).click()

    expect((await saved).suggestedFilename()).toBe('default_acm.enc')
    const audit = JSON.stringify((await call('GET', '/v1/audit?chain=project:default&limit=100')).body)
    expect(audit).toContain('machines without a network')
    await close()
  })

  it('shares passwords only after a reason and the words, and complains of it everywhere', async () => {
    const { page, close } = await open('passwords')
    await page.getByText('Each machine has passwords of its own').waitFor()
    await page.getByRole('button', { name: 'Share one password' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Password of the firmware').fill('Xy7!unseen')
    await dialog.getByLabel('Password of the setup screen').fill('Zz8!unseen')
    await dialog.getByLabel('Reason').fill('a test bench')
    await dialog.getByLabel('Type share passwords to confirm').fill('share passwords')
    await dialog.getByRole('tab', { name: 'API' }).click()
    expect(await dialog.innerText()).not.toContain('unseen')
    await dialog.locator('button[type=submit]').click()

    await page.getByText('All machines that the default profiles activate share one password').waitFor()
    await page.goto(`${dashboard.url}/out-of-band`)
    await page.getByText('whoever learns it from one has them all').waitFor()
    await page.goto(`${dashboard.url}/out-of-band/records?tab=passwords`)
    await page.getByRole('button', { name: 'Give each its own again' }).click()
    await page.getByRole('dialog').locator('button[type=submit]').click()
    await page.getByText('Each machine has passwords of its own').waitFor()
    await close()
  })

  it('shows what there is to who may only look, and nothing to change it with', async () => {
    const { page, close } = await open('profiles', 'vera')
    await row(page, 'default_acm').waitFor()

    await row(page, 'default_acm').click()

    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await page.getByRole('button', { name: /Add|Actions for/ }).count()).toBe(0)
    await close()
  })

  it('says what went wrong when the records cannot be read, and reads them again when asked', async () => {
    const { page, close } = await dashboard.open('/out-of-band')
    await page.route('**/rps/profiles*', route =>
      route.fulfill({
        status: 503,
        contentType: 'application/json',
        body: JSON.stringify({ message: 'Operation failed', code: 'store-down' }),
      }),
    )
    await page.getByRole('link', { name: 'Profiles and records' }).click()
    await page.locator('.mu-problem', { hasText: 'store-down' }).waitFor()
    await page.unroute('**/rps/profiles*')

    await page.getByRole('button', { name: 'Try again' }).click()

    await row(page, 'default_acm').waitFor()
    await close()
  })
})
