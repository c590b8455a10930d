// SPDX-License-Identifier: Apache-2.0
/** The doors: the first run, signing in with a password, a code or an identity provider, invitations, and being signed out. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeAt, stepAt } from '../../controller/modules/access/accounts/totp.ts'
import { seriousFaults } from '../support/axe.ts'
import { findChromium, launchBrowser, openContext } from '../support/browser.ts'
import { until } from '../support/controller.ts'
import { type Dashboard, openDashboard, PASSWORD } from '../support/dashboard.ts'
import { startFresh } from '../support/fresh.ts'
import { type HostileProvider, startHostileProvider } from '../support/provider.ts'

const NOTHING = { foreign: [], violations: [], errors: [] }
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What an authenticator makes of a secret, some steps of 30 s from now; each code is good once. */
function codeOf(secret: string, later = 0): string {
  const bits = [...secret.replaceAll(' ', '')].map(letter => ALPHABET.indexOf(letter).toString(2).padStart(5, '0'))
  const bytes = (bits.join('').match(/.{8}/g) ?? []).map(byte => Number.parseInt(byte, 2))
  return codeAt(Uint8Array.from(bytes), stepAt(Date.now()) + later)
}

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.locator('input[name=username]').fill(name)
  await page.locator('input[name=password]').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

const path = (page: Page): string => page.url().replace(/^https:\/\/[^/]+/, '')

describe.skipIf(findChromium() === undefined)('a controller that nobody has been to', () => {
  it('makes whoever has the link the administrator, and leads to the overview', async () => {
    await using fresh = await startFresh()
    const browser = await launchBrowser()
    const { context, faults } = await openContext(browser)
    const page = await context.newPage()
    await page.goto(`${fresh.url}/`)
    await page.getByRole('heading', { name: 'Nobody is administrator yet' }).waitFor()
    const link = await fresh.link()
    await page.goto(link)
    await page.locator('input[name=username]').fill('Anna Berg')
    await page.locator('input[name=password]').fill('too short')
    await page.getByText('It has fewer than 12 characters.').waitFor()
    expect(await page.getByRole('button', { name: 'Create the administrator' }).isDisabled()).toBe(true)

    await page.locator('input[name=password]').fill(PASSWORD)
    await page.getByRole('button', { name: 'Create the administrator' }).click()
    await page.getByText('You are Anna Berg, an administrator.').waitFor()
    expect(await seriousFaults(page)).toEqual([])
    expect(path(page)).toBe('/setup?step=1')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByText(/^sha256:[0-9a-f]{64}$/).waitFor()
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('region', { name: 'oob' }).getByText('oob: {}').waitFor()
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('button', { name: 'Make the token and show the lines' }).waitFor()
    await page.getByRole('link', { name: 'To the overview' }).click()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()

    const { tokens } = (await (await context.request.get(`${fresh.url}/v1/access/tokens`)).json()) as {
      tokens: unknown[]
    }
    expect(tokens, 'the token of the link opens nothing any more').toEqual([])
    expect(faults).toEqual(NOTHING)

    const other = await openContext(browser)
    const late = await other.context.newPage()
    await late.goto(link)
    await late.getByText('This installation has an administrator already.').waitFor()
    await late.locator('input[name=username]').fill('otto')
    await late.locator('input[name=password]').fill(PASSWORD)
    await late.getByRole('button', { name: 'Create the administrator' }).click()
    await late.getByRole('heading', { name: 'This link is no longer good' }).waitFor()
    await late.getByText('muster-controller admin link').waitFor()
    await browser.close()
  }, 60_000)

  it('gives a token where people have no passwords, and says at the door what to do', async () => {
    await using fresh = await startFresh({ onboarding: {} })
    const browser = await launchBrowser()
    const { context } = await openContext(browser)
    const page = await context.newPage()
    await page.goto(`${fresh.url}/sign-in`)
    await page.getByRole('heading', { name: 'Signing in from a browser is off' }).waitFor()
    await page.getByText('access: {}').waitFor()

    await page.goto(await fresh.link())
    await page.locator('input[name=username]').fill('anna')
    expect(await page.locator('input[name=password]').count()).toBe(0)
    await page.getByRole('button', { name: 'Create the administrator' }).click()

    const token = await page.getByText(/^muster_pat_/).innerText()
    const me = await context.request.get(`${fresh.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })
    expect(await me.json()).toMatchObject({ name: 'anna', role: 'admin' })
    await browser.close()
  }, 60_000)
})

describe.skipIf(findChromium() === undefined)('the door', () => {
  let dashboard: Dashboard
  let provider: HostileProvider
  beforeAll(async () => {
    provider = await startHostileProvider()
    const map = [{ group: 'edge-*', as: 'viewer', project: 'default' }]
    const access = { oidc: [{ name: 'plant', issuer: provider.issuer, clientId: 'muster', map }] }
    dashboard = await openDashboard({
      config: { modules: { onboarding: {}, inventory: {}, tenancy: {}, access, dashboard: {} } },
    })
    for (const name of ['vera', 'tom', 'rita', 'lea', 'paul', 'mona']) await dashboard.person(name, 'viewer')
  }, 60_000)
  afterAll(async () => {
    await dashboard.close()
    await provider.stop()
  })

  const knock = async (at: string) => {
    const { context, faults } = await openContext(dashboard.browser)
    const page = await context.newPage()
    await page.goto(`${dashboard.url}${at}`)
    return { page, context, faults, [Symbol.asyncDispose]: () => context.close() }
  }

  it('says that name or password is wrong, and then leads to where somebody wanted to be', async () => {
    await using there = await knock('/me?locale=en')
    const { page } = there
    await page.waitForURL('**/sign-in?to=*')
    await page.locator('input[name=username]').waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await signIn(page, 'vera', 'not my password')
    await page.getByRole('alert').getByText('Name or password is wrong.').waitFor()

    await signIn(page, 'Vera', PASSWORD)

    await page.getByRole('heading', { level: 1, name: 'You' }).waitFor()
    expect(path(page)).toBe('/me?locale=en')
  })

  it('is passed at once by who is signed in', async () => {
    const { page, close } = await dashboard.open('/sign-in?to=%2Fme', { as: 'vera' })

    await page.getByRole('heading', { level: 1, name: 'You' }).waitFor()

    await close()
  })

  it.each(['https://evil.example/', '//evil.example/', '/\\evil.example', '/\t/evil.example', '/.//evil.example', 'x'])(
    'leads nowhere else: %s',
    async to => {
      await using there = await knock(`/sign-in?to=${encodeURIComponent(to)}`)

      await signIn(there.page, 'vera', PASSWORD)

      await there.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
      expect(path(there.page)).toBe('/')
      expect(there.faults.foreign).toEqual([])
    },
  )

  it('says how long to wait after many failures, and lets in afterwards', async () => {
    await using there = await knock('/sign-in')
    const { page } = there
    await page.locator('input[name=username]').fill('paul')
    await page.locator('input[name=password]').fill(PASSWORD)
    // Long enough a wait that a busy machine still sees it.
    const guess = { name: 'paul', password: 'not my password' }
    await until(
      () => dashboard.controller.call('POST', '/v1/session', guess),
      answer => answer.status === 429 && Number(answer.headers.get('retry-after')) >= 8,
      40_000,
    )

    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('Too many failed attempts for this name.').waitFor()
    await page.getByText(/Try again in \d+ s/).waitFor()
    expect(await page.getByRole('button', { name: 'Sign in', exact: true }).isDisabled()).toBe(true)
    await page.getByText(/Try again in \d+ s/).waitFor({ state: 'detached' })
    await signIn(page, 'paul', PASSWORD)
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  }, 60_000)

  it('asks for the code of a second factor, takes a recovery code once, and neither when it was taken away', async () => {
    const { page, context, close } = await dashboard.open('/me', { as: 'tom' })
    await page.getByRole('button', { name: 'Set it up' }).click()
    await page.getByLabel('Your password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Set up an authenticator' }).click()
    const secret = await page.getByText(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/).innerText()
    await page.getByLabel('The code it shows now').fill('000000')
    await page.getByRole('button', { name: 'Switch it on' }).click()
    await page.getByText('The code does not fit.').waitFor()
    await page.getByLabel('The code it shows now').fill(codeOf(secret))
    await page.getByRole('button', { name: 'Switch it on' }).click()
    const codes = (await page.getByText(/^([a-z2-7]{4}-){3}[a-z2-7]{4}/).innerText()).split('\n')
    expect(codes).toHaveLength(10)
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByText('Signing in asks for a code.').waitFor()
    await close()
    expect(context.pages()).toEqual([])

    await using first = await knock('/sign-in')
    await signIn(first.page, 'tom', PASSWORD)
    await first.page.getByLabel('Code of your authenticator').fill('000000')
    await first.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await first.page.getByText('The code does not fit, or was used already.').waitFor()
    await first.page.getByLabel('Code of your authenticator').fill(codeOf(secret, 1))
    await first.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await first.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()

    for (const [again, says] of [
      [false, 'Overview'],
      [true, 'Sign in'],
    ] as const) {
      await using other = await knock('/sign-in')
      await signIn(other.page, 'tom', PASSWORD)
      await other.page.getByRole('button', { name: 'Use a recovery code' }).click()
      await other.page.getByLabel('Recovery code').fill(codes[0] ?? '')
      await other.page.getByRole('button', { name: 'Sign in', exact: true }).click()
      if (again) await other.page.getByText('The code does not fit, or was used already.').waitFor()
      await other.page.getByRole('heading', { level: 1, name: says }).waitFor()
    }

    const { people } = (await dashboard.controller.call('GET', '/v1/access/people')).body
    const tom = people.find((each: { name: string }) => each.name === 'tom')
    await dashboard.controller.call('DELETE', `/v1/access/people/${tom.id}/totp`)
    await using last = await knock('/sign-in')
    await signIn(last.page, 'tom', PASSWORD)
    await last.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  }, 60_000)

  it('lets in by way of an identity provider, to where somebody wanted to be', async () => {
    await using there = await knock('/me?locale=en')
    provider.welcome(nonce => ({ nonce, preferred_username: 'ada', groups: ['edge-people'] }))

    await there.page.getByRole('link', { name: 'Sign in with plant' }).click()

    await there.page.getByRole('heading', { level: 1, name: 'You' }).waitFor()
    expect(path(there.page)).toBe('/me?locale=en')
    await there.page.getByText('You sign in with an identity provider').waitFor()
  })

  it('says why an identity provider did not let somebody in', async () => {
    await using there = await knock('/sign-in?to=%2Fme')
    provider.welcome(() => ({ nonce: 'of another sign-in', preferred_username: 'ada' }))

    await there.page.getByRole('link', { name: 'Sign in with plant' }).click()

    await there.page.getByText('The identity provider did not let you in').waitFor()
    expect(path(there.page)).toBe('/sign-in?failed=provider-refused&to=%2Fme')
  })

  it('is where a session leads that ended elsewhere, and leads back', async () => {
    const { page, context, close } = await dashboard.open('/me', { as: 'rita' })
    await page.getByText('This one', { exact: true }).waitFor()
    await using other = await knock('/sign-in?to=%2Fme')
    await signIn(other.page, 'rita', PASSWORD)
    await other.page.getByRole('button', { name: 'End the other session' }).click()
    const asked = other.page.getByRole('dialog')
    await asked.getByRole('button', { name: 'End the other session' }).click()
    await asked.waitFor({ state: 'detached' })
    await other.page.getByRole('button', { name: 'End the other session' }).waitFor({ state: 'detached' })

    // Whatever is asked next finds out.
    await page.getByRole('link', { name: 'Sites' }).click()

    await page.locator('input[name=username]').waitFor()
    expect((await context.request.get(`${dashboard.url}/v1/me`)).status()).toBe(401)
    await signIn(page, 'rita', PASSWORD)
    await page.getByRole('heading', { level: 1, name: 'Sites' }).waitFor()
    await close()
  }, 60_000)

  it('is where signing out leads, and what was open is not there any more', async () => {
    const { page, context, close } = await dashboard.open('/me', { as: 'lea' })

    await page.getByRole('button', { name: 'You: lea' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()

    await page.locator('input[name=username]').waitFor()
    expect((await context.request.get(`${dashboard.url}/v1/me`)).status()).toBe(401)
    await page.goBack()
    await page.locator('input[name=username]').waitFor()
    await close()
  })

  it('takes an invitation once', async () => {
    const { controller } = dashboard
    const made = (await controller.call('POST', '/v1/access/people', { name: 'nils', role: 'viewer' })).body
    const { secret } = (await controller.call('POST', `/v1/access/people/${made.id}/invite`)).body
    await using there = await knock(`/invite#${secret}`)
    const { page } = there
    await page.getByLabel('New password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByText('You sign in as nils.').waitFor()
    await page.getByRole('link', { name: 'Sign in' }).click()
    await signIn(page, 'nils', PASSWORD)
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()

    await using late = await knock(`/invite#${secret}`)
    await late.page.getByLabel('New password').fill(PASSWORD)
    await late.page.getByRole('button', { name: 'Set the password' }).click()
    await late.page.getByRole('heading', { name: 'This invitation is no longer good' }).waitFor()
  })

  it('takes the new password once it was changed, and the old one no more', async () => {
    const { page, close } = await dashboard.open('/me', { as: 'mona' })
    await page.getByRole('button', { name: 'Change the password' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Present password').fill('not mine at all')
    await dialog.getByLabel('New password').fill('four blue spoons dance')
    expect(await dialog.getByText('muster person password').count()).toBe(1)
    await dialog.getByRole('button', { name: 'Change the password' }).click()
    await dialog.getByText('the present password is another').waitFor()
    await dialog.getByLabel('Present password').fill(PASSWORD)
    await dialog.getByRole('tab', { name: 'API' }).click()
    const shown = await dialog.getByRole('tabpanel').innerText()
    expect(shown).not.toContain('spoons')
    expect(shown).not.toContain('kettles')
    await dialog.getByRole('button', { name: 'Change the password' }).click()

    await page.getByText('Your password is changed.').waitFor()
    await close()
    await using old = await knock('/sign-in')
    await signIn(old.page, 'mona', PASSWORD)
    await old.page.getByText('Name or password is wrong.').waitFor()
    await signIn(old.page, 'mona', 'four blue spoons dance')
    await old.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  }, 60_000)

  it('hands out an API token once, and takes it back', async () => {
    const { page, faults, close } = await dashboard.open('/me', { as: 'vera' })
    await page.getByText('This one', { exact: true }).waitFor()
    expect(await seriousFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Make a token' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('nightly')
    await dialog.getByText('What a role may').click()
    await dialog.getByRole('button', { name: 'Make a token' }).click()
    const secret = await page.getByText(/^muster_pat_/).innerText()
    const asToken = () => dashboard.controller.call('GET', '/v1/me', undefined, { authorization: `Bearer ${secret}` })
    expect((await asToken()).status).toBe(200)
    await page.keyboard.press('Escape')
    await page.getByText('nightly').waitFor()
    expect(await page.getByText(secret).count()).toBe(0)

    await page.getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()

    await page.getByText('You have none.').waitFor()
    expect((await asToken()).status).toBe(401)
    expect(faults).toEqual(NOTHING)
    await close()
  })
})
