// SPDX-License-Identifier: Apache-2.0
/** Builds the dashboard: static files, packed beforehand, with a listing that says which module each belongs to. */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, extname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin, Rollup } from 'vite'

const APP = 'controller/web/app'
const LISTING = 'dashboard.json'
const KERNEL = 'kernel'
const KIT = 'kit'

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
  const all = await moduleNames(app)
  const wanted = modules === undefined ? all : [KERNEL, KIT, ...modules]
  const kept = all.filter(name => wanted.includes(name) && (kit || name !== KIT))
  const { build } = await import('vite')
  const { default: react } = await import('@vitejs/plugin-react')
  const outputs = (await inProduction(() =>
    build({
      root: app,
      configFile: false,
      logLevel: 'error',
      publicDir: 'public',
      plugins: [react(), chosenModules(app, kept)],
      build: {
        outDir: out,
        emptyOutDir: true,
        write: false,
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        reportCompressedSize: false,
        // The listing is ours; three letters of a hash would do, eight are the default.
        rolldownOptions: {
          output: {
            entryFileNames: 'assets/[name]-[hash].js',
            chunkFileNames: 'assets/[name]-[hash].js',
            assetFileNames: 'assets/[name]-[hash][extname]',
          },
        },
      },
    }),
  )) as Rollup.RollupOutput
  const files = new Map<string, Uint8Array>()
  const owners = new Map<string, string>()
  const entries: Record<string, string[]> = {}
  const imports = new Map<string, readonly string[]>()
  let page = ''
  for (const output of outputs.output) {
    if (output.fileName === 'index.html') {
      page = String((output as { source: string | Uint8Array }).source)
      continue
    }
    files.set(output.fileName, Buffer.from(output.type === 'chunk' ? output.code : output.source))
    if (output.type !== 'chunk') continue
    imports.set(output.fileName, output.imports)
    const owner = ownerOf({ app, modules: new Set(all.filter(name => name !== KIT)) }, output.moduleIds)
    if (owner !== undefined) owners.set(output.fileName, owner)
    for (const css of styleOf(output)) if (owner !== undefined) owners.set(css, owner)
    const entry = output.facadeModuleId === null ? undefined : entryOf(app, output.facadeModuleId)
    if (entry !== undefined) entries[entry] = [output.fileName]
  }
  shareImported(owners, imports)
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
  const listing = { v: 1, sources: await sourcesOf(root, { modules, kit }), page, assets, entries }
  await writeFile(join(out, LISTING), `${JSON.stringify(listing, null, 1)}\n`)
  return assets
}

/** Libraries choose what they are made of by the environment, and a test runner sets it to something else. */
async function inProduction<T>(act: () => Promise<T>): Promise<T> {
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = 'production'
  try {
    return await act()
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = NODE_ENV
  }
}

async function moduleNames(app: string): Promise<readonly string[]> {
  const found = await readdir(join(app, 'modules'), { withFileTypes: true })
  return found.flatMap(each => (each.isDirectory() ? [each.name] : [])).sort()
}

const VIRTUAL = 'virtual:muster-modules'

/** The list of modules with pages, for those that are built in. */
function chosenModules(app: string, names: readonly string[]): Plugin {
  return {
    name: 'muster-modules',
    resolveId: id => (id === VIRTUAL ? `\0${VIRTUAL}` : undefined),
    load: id => {
      if (id !== `\0${VIRTUAL}`) return undefined
      const lines = names.map(
        name => `  ${JSON.stringify(name)}: () => import(${JSON.stringify(join(app, 'modules', name, 'index.ts'))}),`,
      )
      return `export const modules = {\n${lines.join('\n')}\n}\n`
    },
  }
}

/** A chunk that another owner's is built on is shared: it must not be gone when its module is off. */
function shareImported(owners: Map<string, string>, imports: ReadonlyMap<string, readonly string[]>): void {
  let changed = true
  while (changed) {
    changed = false
    for (const [chunk, fetched] of imports)
      for (const each of fetched) {
        const owner = owners.get(each)
        if (owner === undefined || owner === owners.get(chunk)) continue
        owners.delete(each)
        changed = true
      }
  }
}

type Sources = { readonly app: string; readonly modules: ReadonlySet<string> }

/** The one module whose folder all of a chunk's own sources lie in; shared code belongs to nobody. */
function ownerOf(sources: Sources, ids: readonly string[]): string | undefined {
  const own = ids.map(id => moduleIn(sources, id)).filter(name => name !== undefined)
  const names = new Set(own)
  const [only] = names
  return names.size === 1 && only !== KERNEL ? only : undefined
}

function moduleIn({ app, modules }: Sources, id: string): string | undefined {
  const path = relative(app, id.split('?')[0] ?? '')
  if (path.startsWith('..') || path.startsWith('\0')) return undefined
  const name = /^(?:modules|words)\/([^/.]+)/.exec(path)?.[1]
  if (name === undefined) return KERNEL
  // Texts of one part of a module stand in a file of their own: `words/oob-host.ts` is oob's.
  const owner = path.startsWith('words/') ? [name, name.split('-')[0] ?? ''].find(each => modules.has(each)) : name
  return owner !== undefined && modules.has(owner) ? owner : KERNEL
}

function entryOf(app: string, id: string): string | undefined {
  return /^modules\/([^/]+)\/index\.ts$/.exec(relative(app, id))?.[1]
}

function styleOf(chunk: Rollup.OutputChunk): readonly string[] {
  return [...((chunk as { viteMetadata?: { importedCss: Set<string> } }).viteMetadata?.importedCss ?? [])]
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
async function sourcesOf(root: string, { modules = ['all'], kit = false }: Choice): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([modules, kit]))
  for (const file of ['package-lock.json', 'packaging/build/web.ts', 'controller/modules/access/accounts/common.ts'])
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
