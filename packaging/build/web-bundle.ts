// SPDX-License-Identifier: Apache-2.0
/** Bundles the dashboard: what everybody needs first in one file, the pages of each module in files of their own. */
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Plugin, Rollup } from 'vite'

const KERNEL = 'kernel'
const KIT = 'kit'

export type Chosen = { readonly modules?: readonly string[] | undefined; readonly kit: boolean }

export type Bundled = {
  /** Path to content. */
  readonly files: Map<string, Uint8Array>
  /** Which module a file belongs to; none for what all share. */
  readonly owners: ReadonlyMap<string, string>
  /** Files with which the pages of a module begin. */
  readonly entries: Readonly<Record<string, readonly string[]>>
  /** Files a script fetches before it runs. */
  readonly imports: ReadonlyMap<string, readonly string[]>
  /** Sources it is made of, as absolute paths. */
  readonly inputs: readonly string[]
  /** The page, with a mark where the controller fills in what it knows. */
  readonly page: string
}

/** Bundles twice: the first time shows what is fetched before any page is there, the second puts that into one file. */
export async function bundleApp(app: string, { modules, kit }: Chosen): Promise<Bundled> {
  const all = await moduleNames(app)
  const wanted = modules === undefined ? all : [KERNEL, KIT, ...modules]
  const kept = all.filter(name => wanted.includes(name) && (kit || name !== KIT))
  const sources: Sources = { app, modules: new Set(all.filter(name => name !== KIT)) }
  const first = await bundleOnce({ app, kept, together: () => false })
  const shared = new Set(neededFirst(sources, first))
  return described(sources, await bundleOnce({ app, kept, together: id => shared.has(id) }))
}

type Once = { readonly app: string; readonly kept: readonly string[]; readonly together: (id: string) => boolean }

async function bundleOnce({ app, kept, together }: Once): Promise<Rollup.RollupOutput> {
  const { build } = await import('vite')
  const { default: react } = await import('@vitejs/plugin-react')
  const outputs = await inProduction(() =>
    build({
      root: app,
      configFile: false,
      logLevel: 'error',
      publicDir: 'public',
      plugins: [react(), chosenModules(app, kept)],
      build: {
        write: false,
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        reportCompressedSize: false,
        rolldownOptions: {
          output: {
            entryFileNames: 'assets/[name]-[hash].js',
            chunkFileNames: 'assets/[name]-[hash].js',
            assetFileNames: 'assets/[name]-[hash][extname]',
            codeSplitting: { groups: [{ name: 'frame', test: together }] },
          },
        },
      },
    }),
  )
  return outputs as Rollup.RollupOutput // one build that watches nothing gives one output
}

/** Sources that are fetched whatever page is opened and belong to no module that can be off. */
function neededFirst(sources: Sources, { output }: Rollup.RollupOutput): readonly string[] {
  const chunks = new Map(output.flatMap(each => (each.type === 'chunk' ? [[each.fileName, each] as const] : [])))
  const found = new Set<string>()
  const take = (name: string): void => {
    if (found.has(name)) return
    found.add(name)
    for (const next of chunks.get(name)?.imports ?? []) take(next)
  }
  for (const { fileName, isEntry, facadeModuleId } of chunks.values()) {
    const entry = facadeModuleId === null ? undefined : entryOf(sources.app, facadeModuleId)
    if (isEntry || (entry !== undefined && entry !== KIT)) take(fileName)
  }
  const begin = (id: string): boolean => entryOf(sources.app, id) !== undefined || /\/index\.html|virtual:/.test(id)
  return [...found]
    .flatMap(name => chunks.get(name)?.moduleIds ?? [])
    .filter(id => !begin(id) && (moduleIn(sources, id) ?? KERNEL) === KERNEL)
}

function described(sources: Sources, { output }: Rollup.RollupOutput): Bundled {
  const files = new Map<string, Uint8Array>()
  const owners = new Map<string, string>()
  const entries: Record<string, string[]> = {}
  const imports = new Map<string, readonly string[]>()
  let page = ''
  for (const each of output) {
    if (each.fileName === 'index.html') {
      page = String((each as { source: string | Uint8Array }).source)
      continue
    }
    files.set(each.fileName, Buffer.from(each.type === 'chunk' ? each.code : each.source))
    if (each.type !== 'chunk') continue
    imports.set(each.fileName, each.imports)
    const owner = ownerOf(sources, each.moduleIds)
    if (owner !== undefined) owners.set(each.fileName, owner)
    for (const css of styleOf(each)) if (owner !== undefined) owners.set(css, owner)
    const entry = each.facadeModuleId === null ? undefined : entryOf(sources.app, each.facadeModuleId)
    if (entry !== undefined) entries[entry] = [each.fileName]
  }
  shareImported(owners, imports)
  const inputs = output.flatMap(each => (each.type === 'chunk' ? each.moduleIds : []))
  return { files, owners, entries, imports, inputs, page }
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
