// SPDX-License-Identifier: Apache-2.0
/** The report as one page that asks nothing of any other address. */
import type { Held } from '../expectations.ts'
import type { ScenarioResult } from '../run.ts'
import { escaped, figureOf, type Plot, short } from './plot.ts'
import { intervalsOf, type RunReport, roundTripsOf } from './report.ts'
import { plotsOf } from './series.ts'
import { STYLE } from './style.ts'

export function htmlReport(report: RunReport): string {
  const { request, results } = report
  const passed = results.filter(each => each.passed).length
  const title = `${passed} of ${results.length} scenarios passed`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title} - Muster simulator</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="lead">${request.count} hosts in ${processes(request.processes)}, seed <code>${escaped(request.seed)}</code>, network ${networks(request.network)}, intervals of the agents ${escaped(intervalsOf(request))}.</p>
<p class="banner">These machines do not exist. Each ran the real agent against a real controller.</p>
${results.length > 1 ? overview(results) : ''}
${results.map(section).join('\n')}
</main>
</body>
</html>
`
}

function processes(count: number): string {
  return count === 1 ? 'one process' : `${count} processes`
}

function networks(shares: RunReport['request']['network']): string {
  return Object.entries(shares ?? { lan: 100 })
    .map(([name, share]) => `${name} ${share} %`)
    .join(', ')
}

function overview(results: readonly ScenarioResult[]): string {
  const rows = results.map(result => {
    const { scenario, verdict, hosts, unsettled, tookMs } = result
    const wrong = verdict.missing.length + verdict.twice.length + verdict.late.length + verdict.contradicted.length
    return `<tr><th scope="row"><a href="#${escaped(scenario)}">${escaped(result.title)}</a></th><td>${mark(result.passed)}</td><td>${hosts - unsettled.length} of ${hosts}</td><td>${verdict.accepted}</td><td>${wrong}</td><td>${short(tookMs / 1_000)} s</td></tr>`
  })
  return `<div class="scroll" role="region" tabindex="0" aria-label="All scenarios"><table><caption>All scenarios</caption><thead><tr><th scope="col">Scenario</th><th scope="col">Result</th><th scope="col">Settled</th><th scope="col">Commands</th><th scope="col">Violations</th><th scope="col">Time</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

function mark(isGood: boolean): string {
  return isGood ? '<span class="verdict good">✓ passed</span>' : '<span class="verdict bad">✗ failed</span>'
}

function section(result: ScenarioResult): string {
  const id = escaped(result.scenario)
  const plots: readonly Plot[] = plotsOf(result)
  return `<section class="scenario" id="${id}" aria-labelledby="${id}-h">
<div class="head"><h2 id="${id}-h">${escaped(result.title)}</h2>${mark(result.passed)}</div>
<dl class="facts">${facts(result)
    .map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`)
    .join('')}</dl>
${result.faults.length === 0 ? '' : `<p class="bad">${result.faults.slice(0, 20).map(escaped).join('<br>')}</p>`}
${expectations(result.expectations)}
<div class="plots">
${plots.map(figureOf).join('\n')}
</div>
<p class="soft">Event log <code>sha256:${result.log.digest}</code></p>
</section>`
}

function facts(result: ScenarioResult): readonly (readonly [string, string])[] {
  const { verdict, hosts, unsettled, tookMs } = result
  const { p50, p95, p99 } = roundTripsOf(result)
  const ends = Object.entries(verdict.ends).map(([state, count]) => `${count} ${state}`)
  const violations = `${verdict.missing.length} without outcome, ${verdict.twice.length} twice, ${verdict.late.length} late, ${verdict.contradicted.length} contradicted`
  return [
    ['Hosts settled', `${hosts - unsettled.length} of ${hosts}`],
    ['Commands', ends.length === 0 ? 'none' : ends.join(', ')],
    ['Violations', violations],
    ...(p50 === undefined
      ? []
      : [['Round trip p50, p95, p99, outages included', `${p50} ms, ${p95} ms, ${p99} ms`] as const]),
    ['Time', `${short(tookMs / 1_000)} s`],
  ]
}

function expectations(list: readonly Held[]): string {
  if (list.length === 0) return ''
  const rows = list.map(
    ({ that, group, hosts, held, tookMs, withinMs, detail }) =>
      `<tr><th scope="row">${escaped(that)}</th><td>${escaped(group)} (${hosts})</td><td>${mark(held)}</td><td>${short(tookMs / 1_000)} s of ${short(withinMs / 1_000)} s</td><td>${escaped(detail)}</td></tr>`,
  )
  return `<details open><summary>Expectations</summary><div class="scroll" role="region" tabindex="0" aria-label="Expectations"><table><thead><tr><th scope="col">What</th><th scope="col">Hosts</th><th scope="col">Result</th><th scope="col">After</th><th scope="col">Missing</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></details>`
}
