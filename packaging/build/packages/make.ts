// SPDX-License-Identifier: Apache-2.0
/** Builds the packages that were asked for into a folder. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { debName, makeDeb } from './deb.ts'
import { gather, machinery } from './ingredients.ts'
import { packagesFor, WITHOUT_RPC } from './list.ts'
import type { Architecture, Format, Package } from './package.ts'
import { provenance } from './provenance.ts'
import { makeRpm, rpmName } from './rpm.ts'
import { run } from './run.ts'
import type { Runtime } from './runtime.ts'

export type Order = {
  readonly root: string
  readonly out: string
  readonly architectures: readonly Architecture[]
  readonly formats: readonly Format[]
  /** Names; all when left out. */
  readonly only?: readonly string[]
  readonly fast: boolean
  /** Folder that packaging/build/rpc.sh has written. */
  readonly rpc?: string
  readonly version: string
  /** Seconds since 1970 that files carry; the time of the last commit when left out. */
  readonly epoch?: number
  readonly maintainer: string
  readonly say: (line: string) => void
}

export type Made = { readonly file: string; readonly sizeBytes: number; readonly sha256: string }

/** Builds one package after the other, because each is packed with all the cores there are. */
export async function makePackages(order: Order): Promise<readonly Made[]> {
  const { root, out, version, say } = order
  const cache = join(root, 'node_modules/.cache/muster-packages')
  const epoch = order.epoch ?? Number(await run(['git', 'log', '-1', '--format=%ct'], { cwd: root }))
  const rpc = order.rpc === undefined ? {} : { rpc: order.rpc }
  const from = await gather({ root, cache, version, epoch, maintainer: order.maintainer, say, ...rpc })
  if (order.rpc === undefined && order.only?.includes('muster-agent-oob') !== false)
    say(`NOTE  muster-agent-oob: ${WITHOUT_RPC}`)
  const work = await mkdtemp(join(tmpdir(), 'muster-packages-'))
  await mkdir(out, { recursive: true })
  const made: Made[] = []
  const runtimes: Runtime[] = []
  try {
    for (const architecture of order.architectures) {
      const on = await machinery(root, architecture, cache)
      runtimes.push(on.runtime)
      if (on.runtime.strippedBy === undefined)
        say(`no tool here strips Node for ${architecture}: it is shipped as it is`)
      for (const unit of await packagesFor(from, on)) {
        if (order.only !== undefined && !order.only.includes(unit.name)) continue
        for (const format of order.formats) {
          if (made.some(({ file }) => basename(file) === nameOf(unit, format))) continue
          const done = await make(unit, format, { work, out, fast: order.fast, maintainer: order.maintainer })
          made.push(done)
          say(
            `${done.sha256.slice(0, 12)}  ${String(Math.ceil(done.sizeBytes / 1_024)).padStart(6)} KiB  ${basename(done.file)}`,
          )
        }
      }
    }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  await seal(out)
  await writeFile(
    join(out, 'provenance.json'),
    `${JSON.stringify(await provenance({ order, epoch, runtimes, made }), null, 2)}\n`,
  )
  return made
}

function nameOf(unit: Package, format: Format): string {
  return format === 'deb' ? debName(unit) : rpmName(unit)
}

async function make(unit: Package, format: Format, making: Parameters<typeof makeDeb>[1]): Promise<Made> {
  const file = await (format === 'deb' ? makeDeb : makeRpm)(unit, making)
  return { file, sizeBytes: (await stat(file)).size, sha256: await digestOf(file) }
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}

/** Lists the digest of every package in the folder, of this build and earlier ones. */
async function seal(out: string): Promise<void> {
  const files = (await readdir(out)).filter(file => /\.(deb|rpm)$/.test(file)).sort()
  const lines = await Promise.all(files.map(async file => `${await digestOf(join(out, file))}  ${file}\n`))
  await writeFile(join(out, 'SHA256SUMS'), lines.join(''))
}
