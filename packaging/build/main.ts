// SPDX-License-Identifier: Apache-2.0
/** The program behind `npm run build`: writes the programs to dist/, or the ledger of what they consist of. */
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { measure, writeLedger } from './ledger.ts'
import { OTHERS, seal, writePrograms } from './output.ts'
import { packagesMain } from './packages/main.ts'
import { agentWithHelper, commandLine, controller, type Program, provision, simulator } from './program.ts'
import { profileModules } from './variants.ts'
import { buildWeb, isBuilt } from './web.ts'

const USAGE = `Usage: npm run build -- [options]

  --out DIR        where to write; its content is replaced (dist)
  --profile NAME   a controller with the modules of packaging/profiles/NAME.yaml only (full)
  --plugins A,B    an agent with these plugins only (all)
  --web            the dashboard only, unless it is there already
  --ledger         measure what every bundle consists of and write packaging/build/footprint.json instead
  --packages       packages of distributions instead; --packages --help says more
  --help           print this
`

const root = resolve(import.meta.dirname, '../..')

if (process.argv.includes('--packages')) {
  await packagesMain(root, process.argv.slice(2))
  process.exit()
}

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'dist' },
    profile: { type: 'string', default: 'full' },
    plugins: { type: 'string' },
    ledger: { type: 'boolean', default: false },
    web: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) say(USAGE)
else if (values.ledger) await writeLedger(root, await measure(root))
else if (values.web) await web()
else await build()

async function build(): Promise<void> {
  const out = resolve(root, values.out)
  const programs: readonly Program[] = [
    agentWithHelper(values.plugins?.split(',')),
    controller(await profileModules(root, values.profile)),
    commandLine(),
    provision(),
    simulator(),
  ]
  await clear(out)
  for (const { path, sizeBytes, sha256 } of await writePrograms(root, out, programs)) {
    say(`${sha256.slice(0, 12)}  ${String(Math.ceil(sizeBytes / 1_024)).padStart(6)} KiB  ${path}\n`)
  }
  await web(await profileModules(root, values.profile))
  await seal(out)
}

/** Builds the dashboard beside the controller, when the sources are others than those it was built from. */
async function web(modules?: readonly string[]): Promise<void> {
  if (modules !== undefined && !modules.includes('dashboard')) return
  const wanted = {
    root,
    out: resolve(root, values.out, 'controller/web'),
    ...(modules === undefined ? {} : { modules }),
  }
  if (await isBuilt(wanted)) return
  const assets = await buildWeb(wanted)
  const packed = assets.reduce((sum, asset) => sum + (asset.packed.br ?? asset.bytes), 0)
  say(`dashboard: ${assets.length} files, ${Math.ceil(packed / 1_024)} KiB packed\n`)
}

/** Empties a folder that an earlier build has written, but for what other builds put there; anything else that is not empty is left alone. */
async function clear(out: string): Promise<void> {
  const found = await readdir(out).catch((): string[] => [])
  const isOurs = found.includes('SHA256SUMS') || existsSync(resolve(out, 'controller/web/dashboard.json'))
  if (found.length > 0 && !isOurs) {
    throw new Error(`${out} is not empty and not an earlier build: choose another folder with --out`)
  }
  for (const name of found.filter(each => !OTHERS.has(each)))
    await rm(resolve(out, name), { recursive: true, force: true })
}

function say(text: string): void {
  process.stdout.write(text)
}
