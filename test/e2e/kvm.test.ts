// SPDX-License-Identifier: Apache-2.0
/** The screen of a simulated machine in a real browser. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { colourAt } from '../../simulator/amt/redirection/kvm.ts'
import { findChromium } from '../support/browser.ts'
import { until } from '../support/controller.ts'
import { confirm, type OobDesk, openOobDesk } from '../support/oob-desk.ts'

const NONE = { foreign: [], violations: [], errors: [] }
type Pixel = readonly [number, number, number]

/** What 16 bits keep of a colour: five, six and five bits. */
const in16 = ([red, green, blue]: Pixel): Pixel => [red & 0xf8, green & 0xfc, blue & 0xf8]

describe.skipIf(findChromium() === undefined)('the screen', () => {
  let desk: OobDesk
  let host = ''
  beforeAll(async () => {
    desk = await openOobDesk({ vpro: 1, ism: 0, none: 0 })
    host = await desk.activated(1)
  }, 120_000)
  afterAll(() => desk?.close())
  afterEach(async () => {
    // A screen that a failed test left open would keep the next one out.
    for (const context of desk.browser.contexts()) await context.close()
  })

  const screen = () => desk.firmware(1).redirection.kvm
  // As text, because it runs in the browser, whose names are not known here.
  const pixels = (page: Page, points: readonly (readonly [number, number])[]): Promise<readonly Pixel[]> =>
    page.evaluate(`(() => {
      const context = document.querySelector('canvas[data-screen]').getContext('2d')
      return ${JSON.stringify(points)}.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)])
    })()`)
  const POINTS = [
    [0, 0],
    [17, 33],
    [320, 200],
    [639, 399],
    [63, 64],
  ] as const
  const open = async () => {
    const opened = await desk.open(`/out-of-band/hosts/${host}/screen`)
    const { page } = opened
    await page.getByLabel('Reason').fill('it shows nothing')
    await page.getByRole('button', { name: 'Open the screen' }).click()
    await page.locator('[data-stand=connected]').waitFor()
    return opened
  }
  const shows = async (page: Page, frame: number) => {
    const wanted = POINTS.map(([x, y]) => in16(colourAt(x, y, frame)))
    await until(
      () => pixels(page, POINTS),
      seen => JSON.stringify(seen) === JSON.stringify(wanted),
    )
  }
  const end = async (page: Page) => {
    await page.getByRole('button', { name: 'End', exact: true }).click()
    await page.locator('[data-stand=closed]').waitFor()
  }

  it('opens only once the person at the machine has consented', async () => {
    const { page, faults, close } = await desk.open(`/out-of-band/hosts/${host}/screen`)
    await page.getByLabel('Reason').fill('support')
    expect(await page.getByRole('button', { name: 'Open the screen' }).isDisabled()).toBe(true)

    await page.getByRole('button', { name: 'Show a code' }).click()
    await confirm(page)
    await page.locator('[data-consent=shown]').waitFor()
    const code = desk.firmware(1).screen.consentCode() ?? ''
    await page.getByLabel('Code on the screen').fill(code)
    await page.getByRole('button', { name: 'Send the code' }).click()
    await confirm(page)
    await page.getByRole('button', { name: 'Open the screen' }).click()
    await page.locator('[data-stand=connected]').waitFor()

    await shows(page, screen().frame)
    expect(faults).toEqual(NONE)
    await end(page)
    await close()
    desk.nobodyAsked(1)
  })

  it('shows what the machine shows, and follows it', async () => {
    const { page, faults, close } = await open()
    await shows(page, screen().frame)

    screen().repaint()

    await shows(page, screen().frame)
    await page.getByText('640 × 400').waitFor()
    await end(page)
    expect(faults).toEqual(NONE)
    await close()
  })

  it('passes keys, special keys, typed text and the mouse on to the machine', async () => {
    const { page, faults, close } = await open()
    await shows(page, screen().frame)
    const heard = (what: string | RegExp) =>
      until(
        async () => [...screen().events],
        events => events.some(event => (typeof what === 'string' ? event === what : what.test(event))),
      )

    await page.keyboard.press('a')
    await heard('key 61 down')
    await heard('key 61 up')
    await page.getByRole('button', { name: 'Special keys' }).click()
    await page.getByRole('menuitem', { name: 'Ctrl-Alt-Del' }).click()
    await heard('key ffff down')
    await page.getByRole('button', { name: 'Type text' }).click()
    await page.getByRole('textbox', { name: 'Text' }).fill('B!ü')
    await page.getByText('1 character has no key and is left out.').waitFor()
    await page.getByRole('button', { name: 'Type 2 characters' }).click()
    await heard('key 42 down')
    await heard('key 31 down')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    const box = (await page.locator('canvas[data-screen]').boundingBox())!
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    // Half a pixel may fall either way.
    await heard(/^pointer (319|320|321),(199|200|201) 1$/)

    await end(page)
    expect(faults).toEqual(NONE)
    await close()
  })

  it('saves the picture as a file, and says how it ended when it is ended elsewhere', async () => {
    const { page, faults, close } = await open()
    await shows(page, screen().frame)

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Screenshot' }).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/\.png$/)
    const { body } = await desk.controller.call('GET', '/v1/projects/default/oob/redirections')
    await desk.controller.call('DELETE', `/v1/projects/default/oob/redirections/${body.redirections[0].id}`)
    await page.getByText(/operator: tester/).waitFor()
    await page.getByRole('button', { name: 'Connect again' }).click()
    await page.locator('[data-stand=connected]').waitFor()
    await shows(page, screen().frame)

    await page.keyboard.press('Control+Shift+E')
    await page.locator('[data-stand=closed]').waitFor()
    expect(faults).toEqual(NONE)
    await close()
  })
})
