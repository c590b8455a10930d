// SPDX-License-Identifier: Apache-2.0
/** Machines come in: the sheet that watches, the lobby, and join tokens. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { seriousFaults } from '../support/axe.ts'
import { findChromium } from '../support/browser.ts'
import { type Dashboard, openDashboard } from '../support/dashboard.ts'
import { startFleet } from '../support/fleet.ts'
import { askIn } from '../support/wire-host.ts'

const NOTHING = { foreign: [], violations: [], errors: [] }
const REQUESTS = '/v1/projects/default/enrollment/requests'

describe.skipIf(findChromium() === undefined)('machines that come in', () => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard()
    await dashboard.person('vera', 'viewer')
  }, 60_000)
  afterAll(() => dashboard.close())
  afterEach(async () => {
    for (const { id } of await waiting())
      await dashboard.controller.call('POST', `${REQUESTS}/${id}/reject`, { reason: 'the test is over' })
    for (const context of dashboard.browser.contexts()) await context.close()
  })

  const makeToken = async (page: Page): Promise<string> => {
    await page.getByRole('button', { name: 'Make the token and show the lines' }).click()
    const text = await page.getByText(/muster-join_1\./).innerText()
    return /muster-join_1\.[\w.-]+/.exec(text.replaceAll('\n', ''))?.[0] ?? ''
  }
  const facts = (name: string) => ({ hostname: name, serial: `SN-${name}`, uuid: crypto.randomUUID() })
  const waiting = async () => (await dashboard.controller.call('GET', REQUESTS)).body.requests as { id: string }[]

  it('are followed on the sheet from the token to the first report, by the right name', async () => {
    const { page, faults, close } = await dashboard.open('/?add=simulated')
    await page.getByText('Token options').click()
    await page.getByLabel('Machines that may use it').fill('1')
    await page.getByText('muster token create --uses 1 --expires 1h').waitFor()
    const token = await makeToken(page)
    await page.getByText(`npx muster-sim up 1 --url ${dashboard.url} --token ${token}`).waitFor()
    await page.getByText('Waiting for the machine').waitFor()
    await page.getByText(/^[1-9]\d* s$/).waitFor()
    // Somebody else comes in at the same time, and is none of this token's business.
    const other = await askIn(dashboard.controller, await dashboard.controller.joinToken(1), facts('other-1'))

    const fleet = await startFleet({ url: dashboard.url, token, count: 1, seed: 'sheet' })

    const [arrival] = [page.locator('[data-arrival]')]
    await arrival.getByText('Came from 127.0.0.1').waitFor()
    await arrival.getByText('First report').waitFor()
    const { hosts } = (await dashboard.controller.call('GET', '/v1/projects/default/compute/hosts')).body
    const mine = hosts.find((host: { resourceId: string }) => host.resourceId !== other.body.host)
    await arrival.getByText(`Enrolled as ${mine.resourceId}`).waitFor()
    expect(await page.locator('[data-arrival]').count()).toBe(1)
    expect(await seriousFaults(page, '[role=dialog]')).toEqual([])
    await arrival.getByRole('link', { name: 'Open' }).click()
    await page.waitForURL(`**/hosts/${mine.resourceId}*`)
    expect(faults).toEqual(NOTHING)
    await close()
    await fleet.stop()
  }, 60_000)

  it('wait in the lobby when their token asks for it, and come in with the key a', async () => {
    const sheet = await dashboard.open('/?add=command')
    await sheet.page.getByText('Token options').click()
    await sheet.page.getByLabel('Machines wait in the lobby until somebody accepts them').check()
    const token = await makeToken(sheet.page)
    expect(await sheet.page.locator('pre', { hasText: '/opt/muster-agent' }).count(), 'exactly three lines').toBe(3)
    await askIn(dashboard.controller, token, facts('press-04'))
    await sheet.page.getByText('Waits in the lobby: its join token asks for approval').waitFor()

    const { page, faults, close } = await dashboard.open('/')
    await page.getByText('One machine waits in the lobby').waitFor()
    await page.goto(`${dashboard.url}/lobby`)
    await page.getByRole('heading', { name: 'press-04' }).waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await page.keyboard.press('j')
    await page.keyboard.press('a')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name of the host').fill('press-four')
    await dialog.getByLabel('Labels').fill('line=4')
    await page.keyboard.press('Enter')
    await dialog.getByText(/muster lobby accept .* --name press-four --label line=4/).waitFor()
    await page.keyboard.press('Control+Enter')
    await page.getByRole('heading', { name: 'No strangers.' }).waitFor()

    const { hosts } = (await dashboard.controller.call('GET', '/v1/projects/default/compute/hosts?search=press-four'))
      .body
    expect(hosts[0]).toMatchObject({ name: 'press-four', metadata: [{ key: 'line', value: '4' }] })
    await sheet.page.getByText(`Enrolled as ${hosts[0].resourceId}`).waitFor()
    expect(faults).toEqual(NOTHING)
    await sheet.close()
    await close()
  }, 60_000)

  it('appear in the lobby as they come, and are sent away with a reason, in the order of the keys', async () => {
    const { controller } = dashboard
    const { page, close } = await dashboard.open('/lobby')
    await page.getByRole('heading', { name: 'No strangers.' }).waitFor()
    const asked = await askIn(controller, await controller.joinToken(1, { needsApproval: true }), facts('a-1'))
    await page.getByRole('heading', { name: 'a-1', exact: true }).waitFor()
    await askIn(controller, await controller.joinToken(1, { needsApproval: true }), facts('b-2'))
    await page.getByRole('heading', { name: 'b-2', exact: true }).waitFor()

    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('r')
    const dialog = page.getByRole('dialog', { name: 'Reject b-2' })
    expect(await dialog.getByRole('button', { name: 'Reject', exact: true }).isDisabled()).toBe(true)
    await dialog.getByLabel('Reason').fill('not ours')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('heading', { name: 'b-2', exact: true }).waitFor({ state: 'detached' })

    expect(await waiting()).toMatchObject([{ id: asked.body.request }])
    const { entries } = (await controller.call('GET', '/v1/audit?project=default')).body
    expect(entries.some((entry: { reason?: string }) => entry.reason === 'not ours')).toBe(true)
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('nor is this')
    await page.getByRole('dialog').getByRole('button', { name: 'Reject', exact: true }).click()
    await page.getByRole('heading', { name: 'No strangers.' }).waitFor()
    await close()
  }, 60_000)

  it('are compared with the host that they say they are', async () => {
    const { controller } = dashboard
    const machine = facts('twin')
    const first = await askIn(controller, await controller.joinToken(1), machine)
    await askIn(controller, await controller.joinToken(1), { ...machine, hostname: 'twin-b' })
    const { page, close } = await dashboard.open('/lobby')

    const twin = page.getByRole('region', { name: `It says it is ${first.body.host}` })
    await twin.getByRole('row', { name: /UUID/ }).getByText('same').waitFor()
    await twin.getByRole('row', { name: /Name/ }).getByText('differs').waitFor()

    await close()
  }, 60_000)

  it('show names literally, however hostile', async () => {
    const { controller } = dashboard
    const hostname = '<img src=x onerror=alert(1)>'
    await askIn(controller, await controller.joinToken(1, { needsApproval: true }), { hostname })
    const { page, faults, close } = await dashboard.open('/lobby')

    await page.getByRole('heading', { name: hostname }).waitFor()

    expect(faults).toEqual(NOTHING)
    await close()
  }, 60_000)

  it('are looked at by viewers, who have no buttons, no keys and no sheet', async () => {
    const { controller } = dashboard
    await askIn(controller, await controller.joinToken(1, { needsApproval: true }), facts('seen'))
    const { page, close } = await dashboard.open('/lobby?add=command', { as: 'vera' })

    await page.getByRole('heading', { name: 'seen' }).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('a')

    expect(await page.getByRole('main').getByRole('button').count()).toBe(0)
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.goto(`${dashboard.url}/join-tokens`)
    await page.getByText('token.read').waitFor()
    await close()
  }, 60_000)

  it('come in no more with a token that was revoked', async () => {
    const { controller } = dashboard
    const token = await controller.joinToken(3, { note: 'night shift', cidr: '127.0.0.0/8' })
    const { page, faults, close } = await dashboard.open('/join-tokens')
    const row = page.getByRole('row', { name: /night shift/ })
    await row.getByText('3 of 3').waitFor()
    await row.getByText('from 127.0.0.0/8').waitFor()
    expect(await seriousFaults(page)).toEqual([])

    await row.getByRole('button', { name: 'Revoke: night shift' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click()

    await row.waitFor({ state: 'detached' })
    expect((await askIn(controller, token, facts('late'))).status).toBe(401)
    await page.getByText('All', { exact: true }).click()
    await page
      .getByRole('row', { name: /night shift/ })
      .getByText('Revoked')
      .waitFor()
    expect(faults).toEqual(NOTHING)
    await close()
  }, 60_000)
})
