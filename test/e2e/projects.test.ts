// SPDX-License-Identifier: Apache-2.0
/** Projects in a real browser: nothing of one is seen in another, quotas are told and deletion is followed to its end. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/browser.ts'
import { type Dashboard, openDashboard } from '../support/dashboard.ts'

const MANY = 50

describe.skipIf(findChromium() === undefined)('projects', () => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard({ hosts: 1 })
    for (const name of ['plant', 'berlin'])
      await api('PUT', `/v1/projects/${name}`, { description: `The hall ${name}` })
    await dashboard.person('bert', 'viewer')
    await dashboard.person('paula', 'viewer')
    // Paula sees the plant alone; what the support gave her everywhere goes.
    const { bindings } = await api('GET', '/v1/access/bindings?principal=paula')
    for (const { id } of bindings) await api('DELETE', `/v1/access/bindings/${id}`)
    await api('POST', '/v1/access/bindings', { principal: 'paula', role: 'manager', scope: { project: 'plant' } })
    await api('POST', '/v1/access/bindings', { principal: 'bert', role: 'operator', scope: { project: 'berlin' } })
  })
  afterAll(() => dashboard?.close())

  const api = async (method: string, path: string, body?: unknown) => {
    const answer = await dashboard.controller.call(method, path, body)
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.text}`)
    return answer.body
  }
  const rowOf = (page: Page, name: string) =>
    page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })

  it('are listed for who may enter them, and no other is named anywhere', async () => {
    const { page, close } = await dashboard.open('/projects?project=plant', { as: 'paula' })

    await page.getByRole('link', { name: 'plant', exact: true }).waitFor()

    await page.getByText('1 of 1 project').waitFor()
    const text = await page.locator('#root').innerText()
    expect(text).not.toContain('berlin')
    expect(text).not.toContain('default')
    expect(await page.getByRole('button', { name: 'Make a project' }).count()).toBe(0)
    await close()
  })

  it('do not exist for who may not enter them, on their own page either', async () => {
    const { page, close } = await dashboard.open('/projects/berlin?project=plant', { as: 'paula' })

    await page.getByText('not-found').first().waitFor()

    const text = await page.locator('#content').textContent()
    expect(text).not.toContain('The hall berlin')
    expect(text).not.toContain('bert')
    await close()
  })

  it('show those who are in them nothing that was given in another', async () => {
    const { page, close } = await dashboard.open('/projects/plant?project=plant', { as: 'paula' })

    await page.getByRole('gridcell', { name: 'paula' }).first().waitFor()

    expect(await page.locator('#content').textContent()).not.toContain('bert')
    expect(await page.getByRole('button', { name: 'Set quotas' }).count()).toBe(0)
    await close()
  })

  it('show the hosts of the project of the address, and another project’s there only', async () => {
    const { body } = await dashboard.controller.call('GET', '/v1/projects/default/compute/hosts')
    const { page, close } = await dashboard.open('/projects/default?project=plant')

    await page.locator('[data-quota="hosts"]').getByText('1 (no limit)').waitFor()
    await page.goto(`${dashboard.url}/projects/plant?project=plant`)
    await page.locator('[data-quota="hosts"]').getByText('0 (no limit)').waitFor()

    expect(body.hosts).toHaveLength(1)
    expect(await page.locator('#root').innerText()).not.toContain(body.hosts[0].name)
    await close()
  })

  it('are made here, and a name that is taken is refused without changing that project', async () => {
    const { page, faults, close } = await dashboard.open('/projects')
    const make = async (name: string, description: string): Promise<void> => {
      await page.getByRole('button', { name: 'Make a project' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Name').fill(name)
      await dialog.getByLabel('Description').fill(description)
      await dialog.getByText(`muster project create ${name} -d`).waitFor()
      await dialog.getByRole('button', { name: 'Make a project' }).click()
    }

    await make('lyon', 'Third hall')
    await rowOf(page, 'lyon').getByText('Third hall').waitFor()
    await make('plant', 'Overwritten')
    await page.getByRole('dialog').getByText('There is a project of that name already').waitFor()

    expect((await api('GET', '/v1/projects/plant')).spec.description).toBe('The hall plant')
    expect(faults.errors).toEqual([])
    await close()
  })

  it('have quotas that are set here and shown as bars, full ones in words', async () => {
    const { page, close } = await dashboard.open('/projects/default')
    await page.getByRole('button', { name: 'Set quotas' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Hosts').fill('1')
    await dialog
      .getByText(
        'muster project quota default --hosts 1 --join-tokens none --queued-commands none --regions none --sites none',
      )
      .waitFor()
    await dialog.getByLabel('Reason').fill('the contract')
    await dialog.getByRole('button', { name: 'Set quotas' }).click()

    const hosts = page.locator('[data-quota="hosts"]')
    await hosts.getByText('1 of 1').waitFor()
    await hosts.getByText('full').waitFor()
    expect((await api('GET', '/v1/projects/default/quotas')).quotas).toEqual({ hosts: 1 })
    const { entries } = await api('GET', '/v1/audit?project=default&limit=20')
    expect(entries.find(({ action }: { action: string }) => action === 'project.quotas')).toMatchObject({
      reason: 'the contract',
    })
    await close()
  })

  it('are deleted only by their typed name and with a reason, and followed until nothing is left', async () => {
    await api('PUT', '/v1/projects/old', { description: 'Sold' })
    const { page, close } = await dashboard.open('/projects/old?project=old')
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete the project old' })
    const remove = dialog.getByRole('button', { name: 'Delete old and everything in it' })
    await dialog.getByText('It has no hosts.').waitFor()
    await dialog.getByLabel('Type old to confirm').fill('olf')
    await dialog.getByLabel('Reason').fill('the plant was sold')
    expect(await remove.isDisabled()).toBe(true)
    await dialog.getByLabel('Type old to confirm').fill('old')
    await dialog.getByText("muster project rm old --reason 'the plant was sold' -y --wait").waitFor()

    await remove.click()

    await page.getByText('old is gone').first().waitFor({ timeout: 30_000 })
    expect((await dashboard.controller.call('GET', '/v1/projects/old')).status).toBe(404)
    const { entries } = await api('GET', '/v1/audit?chain=installation&limit=50')
    expect(entries.find(({ action }: { action: string }) => action === 'project.close')).toMatchObject({
      target: 'old',
      reason: 'the plant was sold',
    })
    await page.getByRole('link', { name: 'All projects' }).click()
    await page.getByRole('link', { name: 'default', exact: true }).waitFor()
    expect(new URL(page.url()).searchParams.get('project')).toBeNull()
    await close()
  })

  it('cannot be deleted when it is the default one', async () => {
    const { page, close } = await dashboard.open('/projects/default')
    await page.getByRole('button', { name: 'Describe' }).waitFor()

    expect(await page.getByRole('button', { name: 'Delete', exact: true }).count()).toBe(0)
    await close()
  })

  it('have owners, which are made here', async () => {
    const { page, close } = await dashboard.open('/projects?tab=orgs')
    await page.getByRole('button', { name: 'Make an organisation' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('plants')
    await page.getByRole('dialog').getByRole('button', { name: 'Make an organisation' }).click()

    await page.getByRole('gridcell', { name: 'plants' }).waitFor()
    await page.getByRole('row').filter({ hasText: 'plants' }).getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('gridcell', { name: 'plants' }).waitFor({ state: 'detached' })
    await close()
  })

  it('are found among fifty by a few letters, the last ones first, by keys alone', async () => {
    for (let at = 1; at <= MANY; at++) await api('PUT', `/v1/projects/hall-${String(at).padStart(2, '0')}`, {})
    const { page, close } = await dashboard.open('/projects?project=hall-33')
    const pick = page
      .getByRole('combobox', { name: 'Project' })
      .or(page.getByLabel('Project', { exact: true }))
      .first()
    await pick.click()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('hall-41')
    await page.getByRole('option', { name: 'hall-41' }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/project=hall-41/)

    await pick.click()
    const names = await page.getByRole('option').allTextContents()

    expect(names.slice(0, 2)).toEqual(['hall-41', 'hall-33'])
    expect(names).toContain('hall-02')
    expect(names.filter(name => name === 'hall-33')).toHaveLength(1)
    expect(names.at(-1)).toContain('All projects')
    await page.keyboard.press('Escape')
    await page.goBack()
    await page.waitForURL(/project=hall-33/)
    await close()
  })

  it('tell what is wrong when they cannot be read, and keep what was there', async () => {
    const { page, close } = await dashboard.open('/projects/plant?project=plant')
    await page.getByRole('heading', { level: 1, name: 'plant' }).waitFor()
    await page.locator('[data-quota="hosts"]').getByText('0 (no limit)').waitFor()
    await page.route(/\/v1\/projects\/plant\/quotas/, route => route.abort())

    await page.getByRole('button', { name: 'Describe' }).click()
    await page.getByRole('dialog').getByLabel('Description').fill('A new hall')
    await page.getByRole('dialog').getByRole('button', { name: 'Describe' }).click()

    await page.getByText('A new hall').first().waitFor()
    await page.getByText('The controller cannot be reached').first().waitFor({ timeout: 30_000 })
    expect(await page.locator('[data-quota="hosts"]').count()).toBe(1)
    await close()
  })
})
