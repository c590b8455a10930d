// SPDX-License-Identifier: Apache-2.0
/** The page of a host: what it says is what the API says, what it does is done, and nobody is written over. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawWhy } from '../../controller/cli/views/why.ts'
import { findChromium } from '../support/browser.ts'
import { until } from '../support/controller.ts'
import { type Dashboard, openDashboard } from '../support/dashboard.ts'
import { enrollWire, messageId, openWire, type WireIdentity, type WireSession } from '../support/wire-host.ts'

const HOSTS = '/v1/projects/default/compute/hosts'
const now = () => new Date().toISOString()

describe.skipIf(findChromium() === undefined)('the page of a host', { timeout: 60_000 }, () => {
  let dashboard: Dashboard
  let sim = ''
  let press: WireIdentity
  let session: WireSession
  beforeAll(async () => {
    dashboard = await openDashboard({ hosts: 2 })
    const { body } = await dashboard.controller.call('GET', `${HOSTS}?orderBy=name`)
    sim = body.hosts[0].resourceId
    press = await enrollWire(dashboard.controller, { hostname: 'press-04', serial: 'SNPRESS04' })
    session = await openWire(dashboard.controller, press)
    await session.birth({ capabilities: [capability('os'), capability('power'), capability('maintenance')] })
    await report('os', system('13'))
  }, 120_000)
  afterAll(async () => {
    await session?.end()
    await dashboard?.close()
  })

  const api = async (path: string) => (await dashboard.controller.call('GET', path)).body
  const capability = (section: string) => ({ section, plugin: section, version: '1.0.0', supported: true })
  const system = (version: string) => ({
    release: { name: 'Debian', version },
    kernel: { release: '6.12.1' },
    packages: { manager: 'dpkg', count: 400 },
    hostname: 'press-04',
    bootedAt: '2026-11-21T04:00:00.000Z',
  })
  async function report(section: string, observed: unknown, more: object = {}): Promise<void> {
    await session.publish(`reported/${section}`, {
      id: messageId(),
      revision: 0,
      status: 'settled',
      observed,
      plugin: { name: section, version: '1.0.0' },
      at: now(),
      ...more,
    })
    await session.next('/receipt')
  }
  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  const button = (at: Page | Locator, name: string) => at.getByRole('button', { name, exact: true })
  const fromMenu = async (page: Page, menu: string, item: string | RegExp) => {
    await button(page, menu).click()
    await page.getByRole('menuitem', { name: item }).click()
  }

  it('tells in its summary what the API tells', async () => {
    const host = await api(`${HOSTS}/${sim}`)
    const { sections } = await api(`${HOSTS}/${sim}/sections`)
    const { page, faults, close } = await dashboard.open(`/hosts/${sim}`)

    await heading(page, host.name)
    await page.locator('[data-section]').first().waitFor()
    const rows = await page
      .locator('[data-section]')
      .evaluateAll(all => all.map(each => each.getAttribute('data-section')))
    const text = await page.locator('main').innerText()

    expect(rows).toEqual(sections.map(({ section }: any) => section))
    for (const part of [host.resourceId, host.serialNumber, host.uuid, host.cpuModel, host.presence.agent])
      expect(text).toContain(part)
    expect(text).toContain('Simulated')
    expect(text).toContain('Nothing keeps this host')
    expect(text).toContain('Enrolled')
    expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
    await close()
  })

  it('moves between its tabs by number keys, and the address says where', async () => {
    const { page, close } = await dashboard.open(`/hosts/${sim}`)
    await page.getByRole('tab', { name: 'Summary', selected: true }).waitFor()

    await page.keyboard.press('2')
    await page.getByRole('tab', { name: 'Inventory', selected: true }).waitFor()
    await page.keyboard.press('.')
    await page.getByRole('tab', { name: 'Raw', selected: true }).waitFor()
    expect(new URL(page.url()).searchParams.get('tab')).toBe('raw')
    await page.goBack()
    await page.getByRole('tab', { name: 'Inventory', selected: true }).waitFor()
    await close()
  })

  it('shows the inventory as it was, and what has changed since', async () => {
    const before = now()
    await until(
      async () => now(),
      at => at > before,
      1_000,
    )
    await report('os', system('14'))
    const { page, close } = await dashboard.open(
      `/hosts/${press.host}?tab=inventory&asof=${before}&with=self@${before}`,
    )

    const card = page.getByRole('region', { name: 'Operating system' })
    await card.getByText('13', { exact: true }).waitFor()
    await button(page, 'Back to now').click()
    await card.getByText('14', { exact: true }).waitFor()
    const row = page.getByRole('row', { name: /operatingSystem › version/ })
    await row.waitFor()

    expect((await api(`${HOSTS}/${press.host}?asOf=${before}`)).operatingSystem.version).toBe('13')
    expect(await row.innerText()).toMatch(/"13"[\s\S]*"14"/)
    await close()
  })

  it('compares with another host', async () => {
    const [a, b] = (await api(`${HOSTS}?orderBy=name`)).hosts.filter((each: any) => each.simulated)
    const { page, close } = await dashboard.open(`/hosts/${a.resourceId}?tab=inventory&with=${b.resourceId}`)

    const region = page.getByRole('region', { name: 'Compare' })
    await region
      .getByText(/differences?$|alike/)
      .first()
      .waitFor()

    // Identity is no difference: any two machines have serial numbers of their own.
    expect(await region.innerText()).not.toContain('serialNumber')
    await close()
  })

  it('searches the tree of the inventory, and the address keeps what was looked for', async () => {
    const { page, close } = await dashboard.open(`/hosts/${sim}?tab=inventory&find=memorybytes`)

    const tree = page.getByRole('region', { name: 'All of it' }).last()
    await tree.getByText('memoryBytes', { exact: false }).first().waitFor()

    expect(await tree.innerText()).not.toContain('hostNics')
    await close()
  })

  it('reboots a host and follows it to the end', async () => {
    const boot = (await api(`${HOSTS}/${sim}`)).presence.bootId
    const { page, close } = await dashboard.open(`/hosts/${sim}`)

    await fromMenu(page, 'Power', /^Reboot/)
    const dialog = page.getByRole('dialog')
    await dialog.getByText('via the agent', { exact: false }).first().waitFor()
    expect(await dialog.innerText()).toContain(`muster host reboot ${sim}`)
    expect(await dialog.locator('[data-deadline]').innerText()).toContain('2 minutes')
    await dialog.getByLabel('Reason').fill('a test')
    await button(dialog, 'Reboot').click()
    const ticks = page.locator('[data-command]').first()
    await ticks.waitFor()
    const id = (await ticks.getAttribute('data-command')) ?? ''
    await page.locator(`[data-command="${id}"][data-state="succeeded"]`).first().waitFor({ timeout: 40_000 })

    const states = await page
      .locator(`[data-command="${id}"]`)
      .first()
      .locator('[data-check]')
      .evaluateAll(all => all.map(each => `${each.getAttribute('data-check')} ${each.getAttribute('data-state')}`))
    expect(states).toEqual(['sent done', 'accepted done', 'applied done'])
    expect(new URL(page.url()).searchParams.get('command')).toBe(id)
    expect(await api(`/v1/projects/default/commands/${id}`)).toMatchObject({ state: 'succeeded', reason: 'a test' })
    expect((await api(`${HOSTS}/${sim}`)).presence.bootId).not.toBe(boot)
    await close()
  })

  it('has no power and no menu for who may only look', async () => {
    await dashboard.person('vera', 'viewer')
    const { page, close } = await dashboard.open(`/hosts/${sim}`, { as: 'vera' })

    await page.locator('[data-section]').first().waitFor()

    expect(await button(page, 'Power').count()).toBe(0)
    expect(await button(page, 'Rename').count()).toBe(0)
    expect(await button(page, 'More to do with this host').count()).toBe(0)
    await close()
  })

  it('writes a note and labels, and shows them', async () => {
    const { page, close } = await dashboard.open(`/hosts/${press.host}`)

    await fromMenu(page, 'More to do with this host', 'Write a note')
    await page.getByRole('dialog').getByLabel('Note').fill('fan is loud')
    await button(page.getByRole('dialog'), 'Keep the note').click()
    await page.getByText('fan is loud').first().waitFor()
    await fromMenu(page, 'More to do with this host', 'Change labels')
    await page.getByRole('dialog').getByLabel('Key').fill('line')
    await page.getByRole('dialog').getByLabel('Value').fill('4')
    expect(await page.getByRole('dialog').innerText()).toContain(`muster host label ${press.host} line=4`)
    await button(page.getByRole('dialog'), 'Change the labels').click()
    await page.locator('.mu-label', { hasText: 'line=4' }).waitFor()

    expect(await api(`${HOSTS}/${press.host}`)).toMatchObject({
      note: 'fan is loud',
      metadata: [{ key: 'line', value: '4' }],
    })
    await close()
  })

  it('does not write over a name that somebody else gave meanwhile', async () => {
    const { page, close } = await dashboard.open(`/hosts/${press.host}`)
    await heading(page, 'press-04')
    await button(page, 'Rename').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('New name').fill('press-mine')
    await dashboard.controller.call('PATCH', `${HOSTS}/${press.host}`, { name: 'press-theirs' })

    await dialog.getByText('Somebody changed it while this dialog was open.').waitFor()
    expect(await button(dialog, 'Rename').isDisabled()).toBe(true)
    await dialog.getByRole('radio', { name: 'Yours' }).check()
    await button(dialog, 'Go on with this').click()
    await button(dialog, 'Rename').click()
    await heading(page, 'press-mine')

    expect((await api(`${HOSTS}/${press.host}`)).name).toBe('press-mine')
    await dashboard.controller.call('PATCH', `${HOSTS}/${press.host}`, { name: 'press-04' })
    await close()
  })

  it.each([
    ['a section that failed', async () => report('os', system('14'), { status: 'failed', problem: failure })],
    [
      'a section that is behind',
      async () => {
        await report('os', system('14'))
        await dashboard.controller.call('PUT', `${HOSTS}/${press.host}/sections/maintenance/desired`, {
          content: { timeZone: 'UTC', windows: [] },
        })
      },
    ],
    [
      'a host that is gone',
      async () => {
        await session.end()
        await dashboard.controller.until(press.host, host => host.presence.online === false)
      },
    ],
  ])('names for %s the same first reason as the API and the command line', async (_, happen) => {
    await happen()
    const why = await api(`${HOSTS}/${press.host}/why`)
    const { page, close } = await dashboard.open(`/hosts/${press.host}`)

    const [first] = why.blockers
    const panel = page.getByRole('region', { name: 'Why not settled?' })
    await panel.locator(`[data-blocker="${first.code}"]`).first().waitFor()
    const codes = await panel
      .locator('[data-blocker]')
      .evaluateAll(all => all.map(each => each.getAttribute('data-blocker')))
    const shown = await panel.locator('li').first().innerText()
    const [spoken = ''] = drawWhy(why, Date.now()).split('\n')

    expect(codes).toEqual(why.blockers.map(({ code }: any) => code))
    expect(shown).toContain(first.title)
    expect(shown).toContain(first.next)
    expect(spoken).toContain(`1. ${first.title} [${first.code}]`)
    await close()
  })

  it('says what becomes of a reboot while the host is away, and takes it back', async () => {
    const { page, close } = await dashboard.open(`/hosts/${press.host}`)

    await fromMenu(page, 'Power', /^Reboot/)
    const dialog = page.getByRole('dialog')
    await dialog.getByText('The host is offline. It gets the order if it is back within 2 minutes').waitFor()
    await button(dialog, 'Reboot').click()
    const ticks = page.locator('[data-command]').first()
    await ticks.getByText('waits for the host', { exact: false }).waitFor()
    const id = await ticks.getAttribute('data-command')
    await button(ticks, 'Take it back').click()
    await button(page.getByRole('dialog'), 'Take it back').click()
    await page.locator(`[data-command="${id}"][data-state="cancelled"]`).first().waitFor()

    expect((await api(`/v1/projects/default/commands/${id}`)).state).toBe('cancelled')
    await close()
  })

  it('shows what hostile machines say, and runs none of it', async () => {
    const hostile = '<img src=x onerror=document.title="owned">\u202e$(reboot)'
    const other = await enrollWire(dashboard.controller, { hostname: 'evil', serial: 'SNEVIL' })
    const wire = await openWire(dashboard.controller, other)
    await wire.birth({ capabilities: [capability('os')] })
    await wire.publish('reported/os', {
      id: messageId(),
      revision: 0,
      status: 'failed',
      observed: { ...system('1'), release: { name: hostile, version: hostile } },
      problem: { ...failure, title: hostile, detail: hostile },
      plugin: { name: 'os', version: '1.0.0' },
      at: now(),
    })
    await wire.next('/receipt')
    const { page, faults, close } = await dashboard.open(`/hosts/${other.host}`)
    await page.getByText('<img src=x', { exact: false }).first().waitFor()
    await page.goto(`${dashboard.url}/hosts/${other.host}?tab=raw&document=reported:os`)
    await page.getByText('\\u202e', { exact: false }).first().waitFor()
    await page.goto(`${dashboard.url}/hosts/${other.host}?tab=inventory`)
    await page.getByText('<img src=x', { exact: false }).first().waitFor()

    expect(await page.locator('main img').count()).toBe(0)
    expect(await page.title()).not.toContain('owned')
    expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
    await wire.end()
    await close()
  })

  it('asks for the name before it retires a host, and then it is gone', async () => {
    const other = await enrollWire(dashboard.controller, { hostname: 'scrap-01', serial: 'SNSCRAP1' })
    const { page, close } = await dashboard.open(`/hosts/${other.host}`)
    await heading(page, 'scrap-01')

    await fromMenu(page, 'More to do with this host', 'Retire')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('scrapped')
    expect(await button(dialog, 'Retire').isDisabled()).toBe(true)
    await dialog.getByLabel('Type scrap-01 to confirm').fill('scrap-02')
    expect(await button(dialog, 'Retire').isDisabled()).toBe(true)
    await dialog.getByLabel('Type scrap-01 to confirm').fill('scrap-01')
    await button(dialog, 'Retire').click()
    await page.waitForURL(/\/hosts(\?|$)/)

    expect((await dashboard.controller.call('GET', `${HOSTS}/${other.host}`)).status).toBe(404)
    await close()
  })

  it('says so when there is no such host', async () => {
    const { page, faults, close } = await dashboard.open('/hosts/host-00000000')

    await page.getByRole('heading', { name: 'There is no such host' }).waitFor()
    await page.goto(`${dashboard.url}/hosts/%3Cscript%3E`)
    await page.getByRole('heading', { name: 'There is no such host' }).waitFor()

    expect(faults.errors).toEqual([])
    await close()
  })

  it('is not for who may not see hosts', async () => {
    const made = await dashboard.controller.call('POST', '/v1/access/roles', {
      name: 'watcher',
      permissions: ['event.read'],
    })
    expect(made.status, made.text).toBe(201)
    await dashboard.person('wim', 'watcher')
    const { page, close } = await dashboard.open(`/hosts/${sim}`, { as: 'wim' })

    await page.getByRole('heading', { name: 'You may not see this' }).waitFor()

    await close()
  })
})

const failure = {
  type: '/problems/disk-full',
  code: 'disk-full',
  title: 'The disk is full',
  status: 507,
  detail: 'nothing left on /',
  retry: 'never',
  next: 'make room on the disk',
}
