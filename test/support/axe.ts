// SPDX-License-Identifier: Apache-2.0
/** Runs axe in a page under its own policy: what it finds that keeps people from using it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Finding = {
  readonly id: string
  readonly impact: string
  readonly nodes: { readonly html: string; readonly target: unknown[]; readonly failureSummary: string }[]
}

/** Serious and critical findings by the rules of WCAG 2.2 A and AA, one line for each place; `within` narrows it. */
export async function seriousFaults(page: Page, within = 'body'): Promise<readonly string[]> {
  // What playwright evaluates is not subject to the policy of the page, as a browser's own tools are not.
  await page.evaluate(source)
  const { violations } = (await page.evaluate(
    `axe.run(document.querySelector(${JSON.stringify(within)}), { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )) as { violations: Finding[] }
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ html, failureSummary }) =>
          `${id}: ${html.slice(0, 160)} (${failureSummary.split('\n').slice(1, 3).join(' ').trim().slice(0, 200)})`,
      ),
    )
}
