// SPDX-License-Identifier: Apache-2.0
/** `npm run bench`: prints what this machine measures. Names choose measurements: `npm run bench -- fleet start`. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { endDescendants } from './descendants.ts'
import { type Figure, shownValue } from './support.ts'

/** What it resolves with is looked at for figures that have an aim. */
type Bench = { run(): Promise<unknown> }
/** What runs when nothing is named must be through in half an hour on two cores. */
type Entry = { readonly load: () => Promise<Bench>; readonly always: boolean; readonly minutes: number }

const always = (load: Entry['load']): Entry => ({ load, always: true, minutes: 25 })
const named = (load: Entry['load'], minutes = 25): Entry => ({ load, always: false, minutes })

const BENCHES: Readonly<Record<string, Entry>> = {
  start: always(() => import('./controller-start.ts')),
  enroll: always(() => import('./enrollments.ts')),
  compare: always(() => import('./compare.ts')),
  stores: always(() => import('./stores.ts')),
  month: always(() => import('./month.ts')),
  hosts: always(() => import('./simulated-hosts.ts')),
  ingest: always(() => import('./ingest.ts')),
  scale: always(() => import('./scale.ts')),
  chaos: named(() => import('./chaos.ts'), 120),
  kills: named(() => import('./kills.ts')),
  containers: named(() => import('./containers.ts')),
  sizing: named(() => import('./sizing.ts')),
  fleet: named(() => import('./fleet.ts')),
  idle: named(() => import('./agent-idle.ts')),
  inventory: named(() => import('./inventory.ts')),
  dashboard: named(() => import('./dashboard.ts')),
  oob: named(() => import('./oob.ts')),
}

const wanted = process.argv.slice(2).filter(name => name !== '--')
const unknown = wanted.filter(name => BENCHES[name] === undefined)
if (unknown.length > 0) {
  process.stderr.write(`error: no measurement ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}\n`)
  process.exit(2)
}
cleanUpAtTheEnd()
process.stdout.write(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB\n`,
)
const began = performance.now()
const judged: Figure[] = []
for (const [name, { load, always: isUsual, minutes }] of Object.entries(BENCHES)) {
  if (wanted.length > 0 ? !wanted.includes(name) : !isUsual) continue
  process.stdout.write(`\n${name}\n`)
  const partBegan = performance.now()
  try {
    const figures: unknown = await inTime({ name, minutes }, (await load()).run())
    if (Array.isArray(figures)) judged.push(...figures)
  } catch (thrown) {
    // The others are worth having all the same; the run still ends in failure.
    process.stderr.write(`${name} failed: ${thrown instanceof Error ? thrown.stack : String(thrown)}\n`)
    process.exitCode = 1
    endDescendants('SIGKILL')
  }
  process.stdout.write(`${name} took ${Math.round((performance.now() - partBegan) / 1_000)} s\n`)
}
summarize()
process.exit()

/** A part that hangs must not take the others with it. */
function inTime<T>({ name, minutes }: { name: string; minutes: number }, part: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const end = (): void => late.reject(new Error(`${name} took longer than ${minutes} minutes`))
  const timer = setTimeout(end, minutes * 60_000)
  return Promise.race([part, late.promise]).finally(() => clearTimeout(timer))
}

function summarize(): void {
  const aims = judged.filter(({ met }) => met !== undefined)
  if (aims.length > 0) process.stdout.write('\naims\n')
  for (const { name, value, unit, aim, met } of aims) {
    process.stdout.write(`${met ? 'met   ' : 'MISSED'}  ${name}: ${shownValue(value)} ${unit} (${aim})\n`)
  }
  process.stdout.write(`\nall of it took ${Math.round((performance.now() - began) / 1_000)} s\n`)
}

/** Whatever the end: no child stays, and nothing of what they wrote. */
function cleanUpAtTheEnd(): void {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  // A database server among the peers refuses to run as root and must get through to its own folder.
  chmodSync(folder, 0o711)
  process.env.TMPDIR = folder
  process.on('exit', () => {
    endDescendants('SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))
}
