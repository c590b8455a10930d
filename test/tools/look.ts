// SPDX-License-Identifier: Apache-2.0
/** Pictures of pages: starts a controller with simulated hosts, opens each address and writes what is seen. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openDashboard } from '../support/dashboard.ts'

const USAGE = `Usage: node test/tools/look.ts [options] PATH …

  --hosts N    simulated hosts (6)
  --width N    of the window; several with commas (1440,360)
  --dark       dark colours; both when left out is --both
  --both       light and dark
  --wait MS    before the picture (1200)
  --out DIR    where to (/tmp/look)
  --stay       print the address and a password, and stay until Ctrl-C

HOST in a path is the id of the first simulated host.
`
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    hosts: { type: 'string', default: '6' },
    width: { type: 'string', default: '1440,360' },
    dark: { type: 'boolean', default: false },
    both: { type: 'boolean', default: false },
    wait: { type: 'string', default: '1200' },
    out: { type: 'string', default: '/tmp/look' },
    stay: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help || positionals.length === 0) process.stdout.write(USAGE)
else {
  await using dashboard = await openDashboard({ hosts: Number(values.hosts) })
  const { controller } = dashboard
  const { body } = await controller.call('GET', '/v1/projects/default/compute/hosts?orderBy=name')
  const host = body.hosts[0]?.resourceId ?? ''
  mkdirSync(values.out, { recursive: true })
  for (const scheme of values.both ? (['light', 'dark'] as const) : ([values.dark ? 'dark' : 'light'] as const))
    for (const width of values.width.split(',').map(Number))
      for (const path of positionals) {
        const { page, faults, close } = await dashboard.open(path.replaceAll('HOST', host), {
          scheme,
          width,
          height: width < 600 ? 740 : 900,
        })
        await page.waitForTimeout(Number(values.wait))
        const name = `${path.replaceAll(/[^a-z0-9]+/gi, '-').replaceAll(/^-|-$/g, '') || 'overview'}-${width}-${scheme}.png`
        await page.screenshot({ path: join(values.out, name) })
        const trouble = [
          ...faults.errors,
          ...faults.violations.map(each => `policy: ${each}`),
          ...faults.foreign.map(each => `foreign: ${each}`),
        ]
        process.stdout.write(`${join(values.out, name)}${trouble.map(each => `\n  ! ${each}`).join('')}\n`)
        await close()
      }
  if (values.stay) {
    const { context } = await dashboard.open('/')
    await context.close()
    process.stdout.write(`${dashboard.url} as tester with: three red kettles sing\n`)
    await new Promise(resolve => process.once('SIGINT', resolve))
  }
}
