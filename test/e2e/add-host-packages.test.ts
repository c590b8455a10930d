// SPDX-License-Identifier: Apache-2.0
/** A controller that has packages shows the lines to install them, with the token in its place. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_MODULES } from '../../controller/config.ts'
import { seriousFaults } from '../support/axe.ts'
import { findChromium } from '../support/browser.ts'
import { type Dashboard, openDashboard } from '../support/dashboard.ts'
import { sketchRepository } from '../support/repository.ts'

describe.skipIf(findChromium() === undefined)('adding a host, where there are packages', () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-add-host-'))
  let dashboard: Dashboard
  beforeAll(async () => {
    sketchRepository(dir)
    dashboard = await openDashboard({ config: { modules: { ...DEFAULT_MODULES, packages: { dir } } } })
  })
  afterAll(async () => {
    await dashboard?.close()
    rmSync(dir, { recursive: true, force: true })
  })

  it('shows key, source and enrolling for apt, the same for dnf, and user data for cloud-init', async () => {
    const { page, faults, close } = await dashboard.open('/?add=command')
    await page.getByRole('button', { name: 'Make the token and show the lines' }).click()
    const lines = page.locator('.mu-copyline pre')

    await page.getByText('Fetch the key of the packages').waitFor()
    const apt = await lines.allInnerTexts()
    await page.getByRole('tab', { name: 'Fedora, RHEL' }).click()
    await page.getByText('sudo dnf install').waitFor()
    const dnf = await lines.allInnerTexts()

    const { join: told } = (await dashboard.controller.call('GET', '/v1/packages')).body
    expect([apt[0], apt[1], dnf[0], dnf[1]]).toEqual([told.apt[0], told.apt[1], told.dnf[0], told.dnf[1]])
    expect(apt[2]).toMatch(/^sudo apt-get update .* muster-agent enroll http\S+ muster-join_1\.[\w.-]+$/)
    expect(dnf[2]).toMatch(/^sudo dnf install -y muster-agent .* muster-join_1\.[\w.-]+$/)
    expect(await seriousFaults(page, '[role=dialog]')).toEqual([])
    expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
    await close()
  })

  it('shows user data for cloud-init with the token in it', async () => {
    const { page, close } = await dashboard.open('/?add=cloud-init')
    await page.getByRole('button', { name: 'Make the token and show the lines' }).click()
    const text = await page.getByText('#cloud-config').innerText()
    await close()

    expect(text).toMatch(/- path: \/run\/muster-join\n {4}permissions: '0600'\n {4}content: \|\n {6}muster-join_1\./)
    expect(text).not.toContain('JOIN_TOKEN')
  })
})
