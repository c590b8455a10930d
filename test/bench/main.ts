// SPDX-License-Identifier: Apache-2.0
/** `npm run bench`: prints what this machine measures. Names choose measurements: `npm run bench -- fleet start`. */
import { cpus, totalmem } from 'node:os'

const BENCHES: Readonly<Record<string, () => Promise<{ run(): Promise<void> }>>> = {
  start: () => import('./controller-start.ts'),
  dashboard: () => import('./dashboard.ts'),
  enroll: () => import('./enrollments.ts'),
  fleet: () => import('./fleet.ts'),
  hosts: () => import('./simulated-hosts.ts'),
  idle: () => import('./agent-idle.ts'),
  inventory: () => import('./inventory.ts'),
  oob: () => import('./oob.ts'),
}

const wanted = process.argv.slice(2).filter(name => name !== '--')
const unknown = wanted.filter(name => BENCHES[name] === undefined)
if (unknown.length > 0) {
  process.stderr.write(`error: no measurement ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}\n`)
  process.exit(2)
}
process.stdout.write(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB\n`,
)
for (const [name, load] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  process.stdout.write(`\n${name}\n`)
  await (await load()).run()
}
