// SPDX-License-Identifier: Apache-2.0
/** The program behind `npm run check`: everything a commit must pass, one line for each part. */
import { type ChildProcess, spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { ROOT } from '../arch/tree.ts'

type Part = { readonly name: string; readonly command: readonly string[] }
type Outcome = { readonly part: Part; readonly ok: boolean; readonly seconds: number; readonly output: string }

const USAGE = `Usage: npm run check -- [options]

  --static   types, style, walls and dead code only, without tests
  --help     print this
`

const FOLDERS = ['agent', 'controller', 'plugins', 'provisioning', 'packaging', 'simulator', 'test']

const STATIC: readonly Part[] = [
  { name: 'types (tsc)', command: typesOf('.') },
  { name: 'types of the dashboard (tsc)', command: typesOf('controller/web/app') },
  { name: 'types of its tests (tsc)', command: typesOf('test/unit/dashboard') },
  { name: 'style (biome)', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'walls (dependency-cruiser)', command: ['depcruise', '--config', '.dependency-cruiser.mjs', ...FOLDERS] },
  { name: 'dead code (knip)', command: ['knip', '--no-progress', '--no-config-hints'] },
]

const TESTS: Part = {
  name: 'tests (vitest: unit, contract, arch)',
  command: ['vitest', 'run', '--reporter=dot', ...['unit', 'contract', 'arch'].map(name => `--project=${name}`)],
}

/** Remembers what it found, so that the next run looks at what has changed and what depends on it. */
function typesOf(project: string): readonly string[] {
  const known = `node_modules/.cache/types/${project.replaceAll('/', '-')}.tsbuildinfo`
  return ['tsc', '--noEmit', '-p', project, '--incremental', '--tsBuildInfoFile', known]
}

const children = new Set<ChildProcess>()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const child of children) child.kill(signal)
    process.exitCode = 130
  })
}

/** Runs one part; what it prints is kept, and shown when it fails. */
function run(part: Part): Promise<Outcome> {
  const [file = '', ...args] = part.command
  const started = performance.now()
  return new Promise(resolve => {
    const chunks: Buffer[] = []
    const child = spawn(file, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    children.add(child)
    const end = (ok: boolean): void => {
      children.delete(child)
      const seconds = (performance.now() - started) / 1_000
      const outcome = { part, ok, seconds, output: Buffer.concat(chunks).toString() }
      report(outcome)
      resolve(outcome)
    }
    child.stdout.on('data', chunk => chunks.push(chunk))
    child.stderr.on('data', chunk => chunks.push(chunk))
    child.on('error', error => {
      chunks.push(Buffer.from(`${file}: ${error.message}; run it through npm, which finds the tools\n`))
      end(false)
    })
    child.on('close', code => end(code === 0))
  })
}

/** Takes one part after the other from what is left, as others may do beside it. */
async function takeFrom(left: Part[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (let part = left.shift(); part !== undefined; part = left.shift()) outcomes.push(await run(part))
  return outcomes
}

function report({ part, ok, seconds, output }: Outcome): void {
  say(`${ok ? 'ok    ' : 'FAILED'}  ${seconds.toFixed(1).padStart(6)} s  ${part.name}\n`)
  if (!ok) say(`${output.trimEnd()}\n\n`)
}

function say(text: string): void {
  process.stdout.write(text)
}

const { values } = parseArgs({
  options: { static: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
})

if (values.help) say(USAGE)
else {
  const started = performance.now()
  // Two at once, for the cores of a small machine; the tests fill both for a while, and the other parts use one each.
  const left = values.static ? [...STATIC] : [TESTS, ...STATIC]
  const outcomes = (await Promise.all([takeFrom(left), takeFrom(left)])).flat()
  const failed = outcomes.filter(({ ok }) => !ok)
  say(
    `\n${outcomes.length - failed.length} of ${outcomes.length} parts passed in ${((performance.now() - started) / 1_000).toFixed(1)} s\n`,
  )
  if (failed.length > 0) process.exitCode ||= 1
}
