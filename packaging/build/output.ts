// SPDX-License-Identifier: Apache-2.0
/** Writes built programs to a folder, with their addons, licences, bills of materials and checksums. */
import { createHash } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { ADDON, addonFile, TARGETS } from './adapt.ts'
import { bundle } from './bundle.ts'
import { installed, notices } from './notices.ts'
import type { Program } from './program.ts'
import { type Bom, lockfileBom, programBom } from './sbom.ts'

const SUMS = 'SHA256SUMS'

/** Folders beside the programs that have builds, and digests, of their own. */
export const OTHERS: ReadonlySet<string> = new Set(['packages', 'repository', 'images'])

/** Path below the output folder to content. */
type Files = Map<string, Uint8Array>

export type Built = { readonly path: string; readonly sizeBytes: number; readonly sha256: string }

/**
 * Builds programs into an existing or new folder. The same sources and lockfile give the same bytes, wherever and
 * whenever they are built. Returns what was written, sorted by path.
 */
export async function writePrograms(
  root: string,
  out: string,
  programs: readonly Program[],
): Promise<readonly Built[]> {
  const bom = await lockfileBom(root)
  const files: Files = new Map()
  for (const program of programs) await addProgram({ root, program, bom, files })
  const built = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, content]) => describe(path, content))
  for (const [path, content] of files) await write(join(out, path), content)
  return built
}

type Adding = { readonly root: string; readonly program: Program; readonly bom: Bom; readonly files: Files }

async function addProgram({ root, program, bom, files }: Adding): Promise<void> {
  const { folder, name } = program
  const bundled = await bundle(root, program)
  if (bundled.warnings.length > 0) throw new Error(`esbuild warns about ${name}:\n${bundled.warnings.join('\n')}`)
  for (const [file, content] of bundled.files) files.set(`${folder}/${file}`, content)
  const packages = await installed(root, Object.keys(bundled.metafile.inputs))
  if (packages.some(each => each.name === ADDON)) {
    for (const target of TARGETS) {
      const addon = await readFile(join(root, 'node_modules', ADDON, 'prebuilds', `${target}.node`))
      files.set(`${folder}/${addonFile(target)}`, addon)
    }
  }
  for (const [beside, source] of Object.entries(program.data ?? {}))
    for (const file of await readdir(join(root, source)))
      files.set(`${folder}/${beside}/${file}`, await readFile(join(root, source, file)))
  const contents = {
    program: name,
    packages: new Set(packages.map(each => `${each.name}@${each.version}`)),
    node: process.versions.node,
  }
  files.set(`${folder}/THIRD-PARTY-NOTICES.txt`, Buffer.from(await notices(root, packages)))
  files.set(`${folder}/sbom.cdx.json`, Buffer.from(`${JSON.stringify(programBom(bom, contents), null, 2)}\n`))
}

/** Lists the digest of every file below the folder, but for what others build. */
export async function seal(out: string): Promise<void> {
  const found = await readdir(out, { recursive: true, withFileTypes: true })
  const paths = found.filter(each => each.isFile()).map(each => relative(out, join(each.parentPath, each.name)))
  const lines: string[] = []
  for (const path of paths.filter(each => each !== SUMS && !OTHERS.has(each.split('/')[0] ?? '')).sort())
    lines.push(`${describe(path, await readFile(join(out, path))).sha256}  ${path}\n`)
  await writeFile(join(out, SUMS), lines.join(''))
}

function describe(path: string, content: Uint8Array): Built {
  return { path, sizeBytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }
}

async function write(path: string, content: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
  if (path.endsWith('.mjs')) await chmod(path, 0o755)
}
