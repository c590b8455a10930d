// SPDX-License-Identifier: Apache-2.0
/** The Node that packages bring: the binary that the lockfile names, for each machine, without its symbols. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Architecture, MACHINES } from './package.ts'
import { has, run } from './run.ts'

export type Runtime = {
  readonly version: string
  /** Digest of the npm package it comes from. */
  readonly integrity: string
  /** The binary to ship. */
  readonly binary: string
  readonly license: string
  /** The tool that took the symbols away; without one they are still there. */
  readonly strippedBy: string | undefined
}

type Lockfile = { readonly packages: Readonly<Record<string, { version?: string; integrity?: string }>> }

/** Tools that take symbols away, best first. What the host's own `strip` knows is only the host's machine. */
const STRIPPERS: Readonly<Record<Architecture, readonly string[]>> = {
  amd64: ['x86_64-linux-gnu-strip', 'llvm-strip'],
  arm64: ['aarch64-linux-gnu-strip', 'llvm-strip'],
}

/** Finds the binary where npm installed it, or fetches the same package, whose digest the lockfile knows. */
export async function runtimeFor(root: string, architecture: Architecture, cache: string): Promise<Runtime> {
  const name = `node-${MACHINES[architecture].node}`
  const lockfile: Lockfile = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))
  const { version, integrity } = lockfile.packages[`node_modules/${name}`] ?? {}
  if (version === undefined || integrity === undefined) throw new Error(`the lockfile does not name ${name}`)
  const installed = join(root, 'node_modules', name)
  const folder = existsSync(join(installed, 'bin/node'))
    ? installed
    : await fetched({ name, version, integrity, cache })
  const license = await readFile(join(folder, 'LICENSE'), 'utf8')
  const { file, by } = await stripped({ file: join(folder, 'bin/node'), architecture, cache, as: `${name}-${version}` })
  return { version, integrity, binary: file, license, strippedBy: by }
}

export type Stripping = {
  readonly file: string
  readonly architecture: Architecture
  readonly cache: string
  /** Name below the cache; the same name stands for the same content. */
  readonly as: string
}

/** A copy without symbols, and the tool that took them; the file itself when there is no tool for its machine. */
export async function stripped({
  file,
  architecture,
  cache,
  as,
}: Stripping): Promise<{ readonly file: string; readonly by: string | undefined }> {
  const by = await firstOf(STRIPPERS[architecture])
  if (by === undefined) return { file, by }
  const copy = join(cache, `${as}-${by}`)
  if (!existsSync(copy)) {
    await mkdir(cache, { recursive: true })
    const draft = `${copy}.${process.pid}`
    await copyFile(file, draft)
    await run([by, '--strip-all', draft])
    await rename(draft, copy)
  }
  return { file: copy, by }
}

async function firstOf(tools: readonly string[]): Promise<string | undefined> {
  for (const tool of tools) if (await has(tool)) return tool
  return undefined
}

type Wanted = { readonly name: string; readonly version: string; readonly integrity: string; readonly cache: string }

/** npm leaves out packages for other machines, so they are fetched by name and held against the lockfile. */
async function fetched({ name, version, integrity, cache }: Wanted): Promise<string> {
  const folder = join(cache, `${name}-${version}`)
  if (existsSync(folder)) return folder
  const draft = `${folder}.${process.pid}`
  await mkdir(draft, { recursive: true })
  try {
    const archive = `${name}-${version}.tgz`
    await run(['npm', 'pack', `${name}@${version}`, '--pack-destination', draft], { cwd: draft })
    const digest = createHash('sha512')
      .update(await readFile(join(draft, archive)))
      .digest('base64')
    if (`sha512-${digest}` !== integrity) throw new Error(`${archive} is not what the lockfile says: sha512-${digest}`)
    await run(['tar', '-xzf', join(draft, archive), '-C', draft])
    await rename(join(draft, 'package'), folder)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return folder
}

/** Numbers among `process.versions` that name an interface and not a part. */
const INTERFACES: ReadonlySet<string> = new Set(['modules', 'napi', 'node'])

/** The bill of materials of the runtime: the libraries inside, as Node of this version names them. */
export function runtimeBom({ version, integrity }: Runtime): string {
  const own = { 'bom-ref': `node@${version}`, type: 'platform', name: 'node', version }
  const inside = version === process.versions.node ? Object.entries(process.versions) : []
  const components = inside.flatMap(([name, number]) =>
    number === undefined || INTERFACES.has(name)
      ? []
      : [{ 'bom-ref': `${name}@${number}`, type: 'library', name, version: number }],
  )
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { ...own, properties: [{ name: 'npm:integrity', value: integrity }] } },
    components,
  }
  return `${JSON.stringify(bom, null, 2)}\n`
}
