// SPDX-License-Identifier: Apache-2.0
/** Webhooks in a real browser, with a receiver that takes them or does not. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/browser.ts'
import { type Dashboard, openDashboard } from '../support/dashboard.ts'

describe.skipIf(findChromium() === undefined)('webhooks', () => {
  let dashboard: Dashboard
  let receiver: Server
  let url: string
  let status = 200
  const got: string[] = []
  beforeAll(async () => {
    receiver = createServer((request, response) => {
      got.push(String(request.headers['muster-event']))
      request.resume()
      response.writeHead(status).end()
    })
    await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/muster`
    dashboard = await openDashboard()
  })
  afterAll(async () => {
    await dashboard.close()
    receiver.close()
  })

  const create = async (name: string): Promise<string> => {
    const made = await dashboard.controller.call('POST', '/v1/projects/default/webhooks', {
      name,
      url,
      types: ['project'],
    })
    return made.body.resourceId
  }

  it('teaches what they are for when there are none', async () => {
    const { page, faults, close } = await dashboard.open('/webhooks')

    await page.getByText('Nothing is told anywhere yet').waitFor()
    await page.getByText('muster webhook create https://hooks.example.com/muster').waitFor()
    expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
    await close()
  })

  it('are made with types that are picked, and their secret is shown once', async () => {
    const { page, close } = await dashboard.open('/webhooks')
    await page.getByRole('button', { name: 'Create webhook' }).click()
    const dialog = page.getByRole('dialog', { name: 'Create a webhook' })
    await dialog.getByLabel('Name').fill('pager')
    await dialog.getByLabel('Address').fill(url)
    await dialog.getByLabel('Events').click()
    await page.getByRole('option', { name: 'host.offline' }).click()
    await page.keyboard.press('Escape')
    await dialog.getByText(`muster webhook create ${url} --name pager --type host.offline`).waitFor()

    await dialog.getByRole('button', { name: 'Create webhook' }).click()

    const secret = page.getByRole('dialog', { name: 'The secret of the webhook' })
    await secret.getByText(/^whsec_/).waitFor()
    await secret.getByRole('button', { name: 'I have it' }).click()
    await page.getByRole('heading', { level: 1, name: 'pager' }).waitFor()
    expect(await page.getByText(/whsec_/).count()).toBe(0)
    const { webhooks } = (await dashboard.controller.call('GET', '/v1/projects/default/webhooks')).body
    expect(webhooks).toMatchObject([{ name: 'pager', url, types: ['host.offline'] }])
    await close()
  })

  it('show what an address is refused for, beside the form', async () => {
    const { page, close } = await dashboard.open('/webhooks')
    await page.getByRole('button', { name: 'Create webhook' }).click()
    const dialog = page.getByRole('dialog', { name: 'Create a webhook' })
    await dialog.getByLabel('Address').fill('http://169.254.169.254/latest')

    await dialog.getByRole('button', { name: 'Create webhook' }).click()

    await dialog.getByRole('alert').getByText('webhook-address-refused').waitFor()
    await close()
  })

  it('are tested at once: what the receiver answers is told, and so is that it does not take it', async () => {
    const id = await create('log')
    const { page, close } = await dashboard.open(`/webhooks/${id}`)
    const ping = async () => {
      await page.getByRole('button', { name: 'Send a test' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Send a test' }).click()
    }

    await ping()
    await page.getByText('The receiver took it and answered 200.').waitFor()
    expect(got).toContain('webhook.ping')
    status = 500
    await ping()
    await page.getByRole('alert').getByText('The test was not taken').waitFor()
    const deliveries = page.getByRole('grid', { name: 'Deliveries' })
    await deliveries.getByText('Given up').first().waitFor()
    await deliveries.getByText('HTTP 500').first().waitFor()

    status = 200
    await page
      .getByRole('combobox', { name: 'Show' })
      .or(page.getByRole('textbox', { name: 'Show' }))
      .first()
      .click()
    await page.getByRole('option', { name: 'Given up' }).click()
    await page.waitForURL(/state=dead/)
    await deliveries.getByRole('button', { name: 'Try again' }).first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Try this delivery again' }).click()
    await page.getByText('No delivery is in this state.').waitFor()
    await close()
  })

  it('are changed, switched off, and given a new secret', async () => {
    const id = await create('mail')
    const { page, close } = await dashboard.open(`/webhooks/${id}`)
    await page.getByRole('button', { name: 'Edit' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('mailer')
    await dialog.getByText(`muster webhook set ${id} --name mailer`).waitFor()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { level: 1, name: 'mailer' }).waitFor()

    await page.getByRole('button', { name: 'Switch off' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click()
    await page.getByText('Off', { exact: true }).waitFor()

    await page.getByRole('button', { name: 'New secret' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('it was in a mail')
    await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click()
    await page.getByText(/^whsec_/).waitFor()
    const { entries } = (await dashboard.controller.call('GET', '/v1/audit?action=webhook.rotate')).body
    expect(entries).toMatchObject([{ target: id, reason: 'it was in a mail' }])
    await close()
  })

  it('are removed for a reason, which the audit keeps', async () => {
    const id = await create('old')
    const { page, close } = await dashboard.open(`/webhooks/${id}`)
    await page.getByRole('button', { name: 'Remove' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Remove old' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Reason').fill('the receiver is gone')

    await dialog.getByRole('button', { name: 'Remove old' }).click()

    await page.waitForURL(/\/webhooks$/)
    await page.getByRole('link', { name: 'old' }).waitFor({ state: 'detached' })
    const { entries } = (await dashboard.controller.call('GET', '/v1/audit?action=webhook.delete')).body
    expect(entries).toMatchObject([{ target: id, reason: 'the receiver is gone' }])
    await close()
  })

  it('have no buttons for somebody who may only look', async () => {
    await dashboard.person('vera', 'viewer')
    const { page, close } = await dashboard.open('/webhooks', { as: 'vera' })
    await page
      .getByRole('heading', { name: /Webhooks|You may not see this/ })
      .first()
      .waitFor()

    expect(await page.getByRole('button', { name: 'Create webhook' }).count()).toBe(0)
    await close()
  })
})
