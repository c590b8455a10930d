// SPDX-License-Identifier: Apache-2.0
/** The one page of the dashboard: its policy for the browser, and what it must know before it can ask. */
import type { Boot } from './boot.ts'

/**
 * Nothing from elsewhere, nothing inline but styles that carry the nonce: components and the terminal write `<style>`
 * elements. `blob:` are pictures and recordings made in the browser.
 */
export function policyOf(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Fills the built page: nonce, what it must know, and the files of the modules that run. */
export function fillPage(page: string, { nonce, boot, preload }: Filling): string {
  const links = preload.map(path => `<link rel="modulepreload" href="/${path}">`).join('')
  const metas =
    `<meta property="csp-nonce" nonce="${nonce}">` +
    `<meta name="muster-boot" content="${escaped(JSON.stringify(boot))}">${links}`
  // A function, because patterns in what is filled in would be read as references.
  return page.replace('<!--boot-->', () => metas)
}

type Filling = { readonly nonce: string; readonly boot: Boot; readonly preload: readonly string[] }

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
