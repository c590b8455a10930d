// SPDX-License-Identifier: Apache-2.0
/** From an empty controller to a proven audit, as an operator walks it, on a desk and on a phone, in light and in dark. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../arch/tree.ts'
import { findChromium, type Look, launchBrowser, openContext } from '../support/browser.ts'
import { freePort, until } from '../support/controller.ts'
import { PASSWORD } from '../support/dashboard.ts'
import { startFleet } from '../support/fleet.ts'
import { startFresh } from '../support/fresh.ts'
import { confirm } from '../support/oob-desk.ts'
import { oobHost } from '../support/oob-fleet.ts'
import { isShort } from '../support/short.ts'

const LOOKS: readonly (readonly [string, Look])[] = [
  ['desk-light', { width: 1_440, height: 900, scheme: 'light' }],
  ['desk-dark', { width: 1_440, height: 900, scheme: 'dark' }],
  ['phone-light', { width: 360, height: 640, scheme: 'light' }],
  ['phone-dark', { width: 360, height: 640, scheme: 'dark' }],
]

/** Each size and each scheme once. */
const SHORT: readonly string[] = ['desk-light', 'phone-dark']

/** Where the pictures are kept, for people to look at. */
const PICTURES = process.env.MUSTER_PICTURES ?? join(ROOT, 'pictures')

type Fleet = Awaited<ReturnType<typeof startFleet>>

class Tour {
  readonly page: Page
  readonly #folder: string
  #step = 0

  constructor(page: Page, name: string) {
    this.page = page
    this.#folder = join(PICTURES, name)
    mkdirSync(this.#folder, { recursive: true })
  }

  async picture(name: string): Promise<void> {
    this.#step += 1
    await until(
      () => this.page.locator('[aria-busy="true"]').count(),
      busy => busy === 0,
    )
    const file = `${String(this.#step).padStart(2, '0')}-${name}.png`
    await this.page.screenshot({ path: join(this.#folder, file), animations: 'disabled' })
  }
}

describe.skipIf(findChromium() === undefined)('the guided tour', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())

  it.each(LOOKS.filter(([name]) => !isShort || SHORT.includes(name)))(
    '%s',
    async (name, look) => {
      await using fresh = await startFresh({
        onboarding: {},
        inventory: {},
        tenancy: {},
        access: { signIn: { hashMiB: 19, perMinute: 1_000 } },
        webhooks: {},
        oob: { cira: { listen: `127.0.0.1:${await freePort()}` } },
      })
      const { context, faults } = await openContext(browser, look)
      const page = await context.newPage()
      const tour = new Tour(page, name)

      await firstRun(tour, await fresh.link())
      const { fleet, host } = await addHost(tour, fresh.url)
      try {
        await lookAt(tour, fresh.url, host)
        await activate(tour, fresh.url, host)
        await cyclePower(tour, fleet)
        await console_(tour, fresh.url, { fleet, host })
        await screen(tour, fresh.url, host)
        await revoke(tour, fresh.url, host)
        await prove(tour, fresh.url)
      } finally {
        await fleet.stop()
      }

      expect(faults).toEqual({ foreign: [], violations: [], errors: [] })
      await context.close()
    },
    240_000,
  )
})

async function firstRun(tour: Tour, link: string): Promise<void> {
  const { page } = tour
  await page.goto(link)
  await page.locator('input[name=username]').fill('anna')
  await page.locator('input[name=password]').fill(PASSWORD)
  await tour.picture('first-run')
  await page.getByRole('button', { name: 'Create the administrator' }).click()
  await page.getByText('You are anna, an administrator.').waitFor()
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByText(/^sha256:[0-9a-f]{64}$/).waitFor()
  await tour.picture('address')
  await page.getByRole('button', { name: 'Go on' }).click()
  await tour.picture('modules')
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('link', { name: 'To the overview' }).click()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  await page.getByText('No hosts yet').waitFor()
  await tour.picture('empty')
}

async function addHost(tour: Tour, url: string): Promise<{ readonly fleet: Fleet; readonly host: string }> {
  const { page } = tour
  await page.goto(`${url}/?add=simulated`)
  await page.getByRole('button', { name: 'Make the token and show the lines' }).click()
  const text = await page.getByText(/muster-join_1\./).innerText()
  const token = /muster-join_1\.[\w.-]+/.exec(text.replaceAll('\n', ''))?.[0] ?? ''
  await page.getByText('Waiting for the machine').waitFor()
  await tour.picture('waiting')
  const fleet = await startFleet({ url, token, count: 1, seed: 'tour', each: oobHost({ vpro: 1, ism: 0, none: 0 }) })
  const arrival = page.locator('[data-arrival]')
  await arrival.getByText('First report').waitFor()
  await tour.picture('came-in')
  await arrival.getByRole('link', { name: 'Open' }).click()
  await page.waitForURL('**/hosts/host-*')
  const host = /host-[0-9a-f]{8}/.exec(page.url())?.[0] ?? ''
  return { fleet, host }
}

async function lookAt(tour: Tour, url: string, host: string): Promise<void> {
  const { page } = tour
  await page.goto(`${url}/hosts/${host}`)
  await page.getByText('Online').first().waitFor()
  await tour.picture('host')
  await page.goto(`${url}/hosts/${host}?tab=inventory`)
  await page.getByText('Processor').first().waitFor()
  await tour.picture('inventory')
  await page.goto(`${url}/hosts`)
  await page.getByRole('grid').getByText('Online').first().waitFor()
  await tour.picture('hosts')
}

async function activate(tour: Tour, url: string, host: string): Promise<void> {
  const { page } = tour
  await page.goto(`${url}/hosts/${host}?tab=out-of-band`)
  await page.locator('[data-check=activated][data-state=open]').waitFor()
  await tour.picture('not-activated')
  await page.getByRole('button', { name: 'Activate' }).click()
  await page.getByRole('dialog').getByLabel('Control mode').selectOption('ccm')
  await tour.picture('activate')
  await confirm(page, { reason: 'new line' })
  await page.locator('[data-check=connected][data-state=met]').waitFor({ timeout: 60_000 })
  await tour.picture('activated')
}

async function cyclePower(tour: Tour, fleet: Fleet): Promise<void> {
  const { page } = tour
  const before = fleet.member(1).host.amt!.state.counters.powerActions
  await page.getByRole('button', { name: 'Power cycle' }).click()
  await confirm(page, { reason: 'fan swap' })
  await page.locator('[data-order=done]').waitFor({ timeout: 30_000 })
  await tour.picture('power')
  expect(fleet.member(1).host.amt!.state.counters.powerActions).toBeGreaterThan(before)
}

type Machine = { readonly fleet: Fleet; readonly host: string }

async function console_(tour: Tour, url: string, { fleet, host }: Machine): Promise<void> {
  const { page } = tour
  // Admin control mode with a policy that asks nobody, as a domain certificate gives it.
  const { state } = fleet.member(1).host.amt!
  state.controlMode = 2
  state.optIn.required = 0
  await page.goto(`${url}/out-of-band/hosts/${host}/console`)
  await page.getByLabel('Reason').fill('it does not boot')
  await tour.picture('console-before')
  await page.getByRole('button', { name: 'Open the serial console' }).click()
  await page.locator('[data-stand=connected]').waitFor({ timeout: 60_000 })
  const rows = () => page.locator('.xterm-rows').innerText()
  await until(rows, text => /login:|\$/.test(text), 20_000)
  await page.keyboard.type('tour42')
  await until(rows, text => text.includes('login: tour42'), 20_000)
  await tour.picture('console')
  await page.getByRole('button', { name: 'End', exact: true }).click()
  await page.locator('[data-stand=closed]').waitFor()
}

async function screen(tour: Tour, url: string, host: string): Promise<void> {
  const { page } = tour
  await page.goto(`${url}/out-of-band/hosts/${host}/screen`)
  await page.getByLabel('Reason').fill('it shows nothing')
  await page.getByRole('button', { name: 'Open the screen' }).click()
  await page.locator('[data-stand=connected]').waitFor({ timeout: 60_000 })
  // A picture, not a black field: more than a few colours.
  const colours = () =>
    page.evaluate<number>(`(() => {
      const canvas = document.querySelector('canvas[data-screen]')
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      const seen = new Set()
      for (let at = 0; at < data.length; at += 4 * 97) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2])
      return seen.size
    })()`)
  await until(colours, count => count > 8, 20_000)
  await tour.picture('screen')
  await page.getByRole('button', { name: 'End', exact: true }).click()
  await page.locator('[data-stand=closed]').waitFor()
}

async function revoke(tour: Tour, url: string, host: string): Promise<void> {
  const { page } = tour
  await page.goto(`${url}/hosts/${host}`)
  await page.getByRole('button', { name: 'More to do with this host' }).click()
  await page.getByRole('menuitem', { name: 'Revoke' }).click()
  const name = await page.getByRole('heading', { level: 1 }).innerText()
  await page.getByRole('dialog').getByLabel('Reason').fill('sold')
  await tour.picture('revoke')
  await confirm(page, { name })
  await page.getByText('Revoked').first().waitFor()
  await tour.picture('revoked')
}

async function prove(tour: Tour, url: string): Promise<void> {
  const { page } = tour
  await page.goto(`${url}/audit`)
  await page.getByText('host.revoke').first().waitFor()
  await tour.picture('audit')
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Verify', exact: true }).click()
  await page.locator('[data-verdict=whole]').waitFor({ timeout: 20_000 })
  await tour.picture('proved')
}
