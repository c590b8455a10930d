// SPDX-License-Identifier: Apache-2.0
/** A real browser for tests: Debian's chromium, driven by playwright-core; without its own windows where that can be had. */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const PLACES = [
  process.env.MUSTER_CHROMIUM ?? '',
  // The same engine without the browser around it, which costs a fifth of the time of these tests.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** Path of a browser on this machine; `undefined` where there is none, and tests say so and are skipped. */
export function findChromium(): string | undefined {
  return PLACES.find(path => path !== '' && existsSync(path))
}

export const NO_CHROMIUM = 'there is no chromium here: `apt-get install chromium-headless-shell fonts-dejavu-core`'

export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error(NO_CHROMIUM)
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb', '--font-render-hinting=none'],
  })
}

export type Look = {
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
  readonly contrast?: 'more'
  readonly reducedMotion?: boolean
  readonly forcedColors?: boolean
}

export type Faults = {
  /** Requests that left the origin of the page. */
  readonly foreign: string[]
  /** What the policy of the page refused. */
  readonly violations: string[]
  /** Failures of scripts, and what was written to the console as one. */
  readonly errors: string[]
}

/** A context that takes the certificate of a test controller, and notes what no page may do. */
export async function openContext(
  browser: Browser,
  look: Look = {},
): Promise<{ context: BrowserContext; faults: Faults }> {
  const { width = 1_440, height = 900, scheme = 'light' } = look
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width, height },
    colorScheme: scheme,
    contrast: look.contrast ?? null,
    reducedMotion: look.reducedMotion === true ? 'reduce' : 'no-preference',
    forcedColors: look.forcedColors === true ? 'active' : 'none',
    hasTouch: width < 600,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  })
  const faults: Faults = { foreign: [], violations: [], errors: [] }
  await context.exposeFunction('musterViolation', (text: string) => void faults.violations.push(text))
  // As text, because it runs in the browser, whose names are not known here.
  await context.addInitScript(`addEventListener('securitypolicyviolation', event =>
    musterViolation(event.violatedDirective + ' ' + event.blockedURI + ' ' + (event.sourceFile ?? '')))`)
  context.on('page', page => watch(page, faults))
  return { context, faults }
}

function watch(page: Page, faults: Faults): void {
  page.on('request', request => {
    const url = request.url()
    if (/^(data|blob|about):/.test(url)) return
    const from = page.url() === 'about:blank' ? url : page.url()
    if (new URL(url).host !== new URL(from).host) faults.foreign.push(url)
  })
  page.on('pageerror', error => faults.errors.push(`${error.name}: ${error.message}`))
  page.on('console', message => {
    // The browser tells of every answer that is a failure; those are the page's own business.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.errors.push(message.text())
  })
}
