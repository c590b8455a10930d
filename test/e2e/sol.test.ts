// SPDX-License-Identifier: Apache-2.0
/** The serial console in a real browser, on a simulated machine. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findChromium } from '../support/browser.ts'
import { until } from '../support/controller.ts'
import { type OobDesk, openOobDesk } from '../support/oob-desk.ts'

const NONE = { foreign: [], violations: [], errors: [] }

describe.skipIf(findChromium() === undefined)('the serial console', () => {
  let desk: OobDesk
  let host = ''
  beforeAll(async () => {
    desk = await openOobDesk({ vpro: 1, ism: 0, none: 0 })
    host = await desk.activated(1)
    desk.nobodyAsked(1)
  }, 120_000)
  afterAll(() => desk?.close())
  afterEach(async () => {
    // A console that a failed test left open would keep the next one out.
    for (const context of desk.browser.contexts()) await context.close()
  })

  const preflight = async (page: Page, reason = 'it does not boot') => {
    await page.getByLabel('Reason').fill(reason)
    await page.getByRole('button', { name: 'Open the serial console' }).click()
    await page.locator('[data-stand=connected]').waitFor()
  }
  const rows = (page: Page) => page.locator('.xterm-rows').innerText()
  const shown = (page: Page, text: string) =>
    until(
      () => rows(page),
      all => all.includes(text),
    )
  const open = async (reason?: string) => {
    const opened = await desk.open(`/out-of-band/hosts/${host}/console`)
    await preflight(opened.page, reason)
    await until(
      () => rows(opened.page),
      all => /login:|\$/.test(all),
    )
    return opened
  }
  const end = async (page: Page) => {
    await page.getByRole('button', { name: 'End', exact: true }).click()
    await page.locator('[data-stand=closed]').waitFor()
  }
  const sessions = async () => (await desk.controller.call('GET', '/v1/projects/default/oob/redirections')).body

  it('says beforehand what is recorded, asks why, and shows the same as a command', async () => {
    const { page, faults, close } = await desk.open(`/out-of-band/hosts/${host}/console`)

    await page.getByText('What is shown is recorded').waitFor()
    await page.getByLabel('Reason').fill('it does not boot')

    await page.getByText(/muster oob sol \S+ --for 30m --reason 'it does not boot'/).waitFor()
    expect(faults).toEqual(NONE)
    await close()
  })

  it('gives back what is typed, and writes down who opened it and why', async () => {
    const { page, faults, close } = await open('fan swap')

    await page.keyboard.type('operator42')
    await shown(page, 'login: operator42')

    expect(desk.firmware(1).redirection.sol.typed).toContain('operator42')
    expect((await sessions()).redirections).toMatchObject([{ mode: 'sol', kind: 'terminal', recorded: true }])
    expect(await page.locator('[data-clock]').innerText()).toMatch(/30 min left/)
    expect(await page.locator('[data-latency]').innerText()).toMatch(/^\d+ ms$/)
    expect((await desk.controller.call('GET', '/v1/audit')).text).toContain('fan swap')
    await end(page)
    expect(faults).toEqual(NONE)
    await close()
  })

  it('searches, changes the size of its text and reads to a screen reader without breaking the policy', async () => {
    const { page, faults, close } = await open()

    await page.keyboard.press('Control+Shift+F')
    await page.getByRole('textbox', { name: 'Search in what was shown' }).fill('login')
    await page.getByRole('button', { name: 'Previous' }).click()
    await page.getByRole('textbox', { name: 'Search in what was shown' }).fill('not there')
    await page.getByRole('button', { name: 'Previous' }).click()
    await page.getByText('Not found').waitFor()
    await page.getByRole('button', { name: 'Bigger text' }).click()
    await page.getByRole('switch', { name: 'For a screen reader' }).click()
    await page.locator('.xterm-accessibility').waitFor({ state: 'attached' })

    await end(page)
    expect(faults).toEqual(NONE)
    await close()
  })

  it('shows hostile sequences in the terminal, and nowhere else', async () => {
    const { page, faults, close } = await open()
    const title = await page.title()
    const { sol } = desk.firmware(1).redirection

    sol.print('\x1b]0;owned\x07\x1b]2;owned\x07')
    sol.print('\x1b]8;;javascript:document.title="owned"\x07click here\x1b]8;;\x07')
    sol.print('\x1b]52;c;b3duZWQ=\x07\x1b[8;1;1t\x1b[22;0t\x1bP+q544e\x1b\\')
    sol.print('\x1b[38;2;1;2;3;48;2;9;8;7mcoloured\x1b[0m ')
    sol.print('<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>')
    sol.print('\x07\x00\x0e\x0f after')
    await shown(page, 'after')

    expect(await rows(page)).toContain('<img src=x')
    await page.getByText('click here').click({ force: true })
    expect(await page.title()).toBe(title)
    expect(await page.locator('.xterm-rows img, .xterm-rows script').count()).toBe(0)
    expect(page.context().pages()).toHaveLength(1)
    await end(page)
    expect(faults).toEqual(NONE)
    await close()
  })

  it('shows several pasted lines first, and sends them only when told', async () => {
    const { page, close } = await open()
    const before = desk.firmware(1).redirection.sol.typed
    // As text, because it runs in the browser, whose names are not known here.
    const paste = () =>
      page.evaluate(`(() => {
        const clipboardData = new DataTransfer()
        clipboardData.setData('text/plain', 'first line\\nrm -rf \\u202e/')
        const pasted = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
        document.querySelector('.xterm-helper-textarea').dispatchEvent(pasted)
      })()`)

    await paste()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('rm -rf \\u{202e}/').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(desk.firmware(1).redirection.sol.typed).toBe(before)
    await paste()
    await dialog.getByRole('button', { name: 'Paste 2 lines' }).click()

    await until(
      async () => desk.firmware(1).redirection.sol.typed,
      typed => typed.includes('first line\rrm -rf'),
    )
    await end(page)
    await close()
  })

  it('is ended by somebody else with a reason, and connects again where it was', async () => {
    const { page, close } = await open()
    // Whatever stands there: behind a password nothing is given back.
    desk.firmware(1).redirection.sol.print('kept')
    await shown(page, 'kept')

    const [session] = (await sessions()).redirections
    await desk.controller.call('DELETE', `/v1/projects/default/oob/redirections/${session.id}`)
    await page.getByText(/operator: tester/).waitFor()
    await page.getByRole('button', { name: 'Connect again' }).click()
    await page.locator('[data-stand=connected]').waitFor()

    expect(await rows(page)).toContain('kept')
    await page.keyboard.press('Control+Shift+E')
    await page.locator('[data-stand=closed]').waitFor()
    await until(sessions, ({ redirections }) => redirections.length === 0)
    await close()
  })

  it('is not offered to those who may only look', async () => {
    await desk.person('vera', 'viewer')
    const { page, close } = await desk.open(`/out-of-band/hosts/${host}/console`, { as: 'vera' })

    await page.getByText('You may not see this').waitFor()

    await close()
  })
})
