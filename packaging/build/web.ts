// SPDX-License-Identifier: Apache-2.0
/** Builds the dashboard: static files, packed beforehand, with a listing that says which module each belongs to. */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, extname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { installed, notices } from './notices.ts'
import { bundleApp } from './web-bundle.ts'

const APP = 'controller/web/app'
const LISTING = 'dashboard.json'

export type WebBuild = {
  readonly root: string
  /** Folder to write to; what is there goes. */
  readonly out: string
  /** Modules whose pages are built in; all when left out. */
  readonly modules?: readonly string[]
  /** With the page that shows every component, for development and tests. */
  readonly kit?: boolean
}

type Asset = {
  readonly path: string
  readonly type: string
  readonly bytes: number
  readonly packed: Readonly<Record<string, number>>
  readonly module?: string
  /** Files a script fetches before it runs. */
  readonly imports?: readonly string[]
}

/** Whether the folder already holds what these sources give. */
export async function isBuilt({ root, out, modules, kit }: WebBuild): Promise<boolean> {
  const text = await readFile(join(out, LISTING), 'utf8').catch(() => '{}')
  return JSON.parse(text).sources === (await sourcesOf(root, { modules, kit }))
}

/** Builds, packs and lists. Returns the listing's assets. */
export async function buildWeb({ root, out, modules, kit = false }: WebBuild): Promise<readonly Asset[]> {
  const app = join(root, APP)
  const { files, owners, entries, imports, inputs, page } = await bundleApp(app, { modules, kit })
  for (const name of await readdir(join(app, 'public'))) files.set(name, await readFile(join(app, 'public', name)))
  await rm(out, { recursive: true, force: true })
  const assets: Asset[] = []
  for (const [path, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const owner = owners.get(path)
    const fetched = imports.get(path)
    assets.push({
      ...(await written(out, path, content)),
      ...(owner === undefined ? {} : { module: owner }),
      ...(fetched === undefined ? {} : { imports: fetched }),
    })
  }
  const own = inputs.map(id => relative(root, id.split('?')[0] ?? '')).filter(path => !path.startsWith('..'))
  await writeFile(join(out, 'THIRD-PARTY-NOTICES.txt'), await notices(root, await installed(root, own)))
  const listing = { v: 1, sources: await sourcesOf(root, { modules, kit }), page, assets, entries }
  await writeFile(join(out, LISTING), `${JSON.stringify(listing, null, 1)}\n`)
  return assets
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
}
const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

async function written(out: string, path: string, content: Uint8Array): Promise<Asset> {
  const file = join(out, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 }
  const [br, gz] = await Promise.all([brotli(content, { params }), zip(content, { level: 9 })])
  await writeFile(`${file}.br`, br)
  await writeFile(`${file}.gz`, gz)
  const type = TYPES[extname(path)] ?? 'application/octet-stream'
  return { path, type, bytes: content.length, packed: { br: br.length, gzip: gz.length } }
}

type Choice = { readonly modules?: readonly string[] | undefined; readonly kit?: boolean | undefined }

/** A digest of everything the build reads. */
export async function sourcesOf(root: string, { modules = ['all'], kit = false }: Choice): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([modules, kit]))
  for (const file of [
    'package-lock.json',
    'packaging/build/web.ts',
    'packaging/build/web-bundle.ts',
    'controller/modules/access/accounts/common.ts',
  ])
    hash.update(await readFile(join(root, file)))
  for (const folder of [APP, 'controller/query', 'controller/modules/dashboard', 'plugins/contract']) {
    const names = (await readdir(join(root, folder), { recursive: true, withFileTypes: true }))
      .filter(each => each.isFile())
      .map(each => join(each.parentPath, each.name))
      .sort()
    for (const name of names) hash.update(`${relative(root, name)}\0`).update(await readFile(name))
  }
  return hash.digest('hex')
}
