// SPDX-License-Identifier: Apache-2.0
/** Builds images: a base from Debian, a runtime from npm, the programs from the sources, each a layer that images share. */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { TARGETS } from '../build/adapt.ts'
import { writePrograms } from '../build/output.ts'
import { type Architecture, MACHINES } from '../build/packages/package.ts'
import { runtimeFor } from '../build/packages/runtime.ts'
import { agent, commandLine, controller, simulator } from '../build/program.ts'
import { profileModules } from '../build/variants.ts'
import { buildWeb, isBuilt } from '../build/web.ts'
import { baseEntries, basePackages, debianComponents, type Source } from './debian.ts'
import { type ImageName, ownEntries, PLANS, runsOf } from './images.ts'
import { archiveOf, type Layer, layerOf } from './oci.ts'
import type { Entry } from './tar.ts'

export type Building = {
  /** Root of the sources. */
  readonly root: string
  readonly out: string
  readonly images: readonly ImageName[]
  readonly architectures: readonly Architecture[]
  readonly version: string
  readonly epoch: number
  readonly source: Omit<Source, 'architecture'>
}

export type BuiltImage = {
  readonly file: string
  readonly reference: string
  readonly sizeBytes: number
  readonly sha256: string
  /** Packed sizes by layer. */
  readonly layers: Readonly<Record<string, number>>
}

/** Writes an archive for each image and architecture. Resolves with what was written, in that order. */
export async function buildImages(building: Building): Promise<readonly BuiltImage[]> {
  const programs = await bundlePrograms(building)
  const built: BuiltImage[] = []
  await mkdir(building.out, { recursive: true })
  for (const architecture of building.architectures) {
    const shared = await sharedLayers(building, architecture)
    for (const name of building.images) built.push(await buildImage(building, { name, architecture, shared, programs }))
  }
  return built
}

/** The programs as `npm run build` gives them, in a folder of their own; the dashboard only when its sources have changed. */
async function bundlePrograms({ root, source }: Building): Promise<string> {
  const out = join(source.cache, 'programs')
  const modules = await profileModules(root, 'full')
  for (const folder of ['agent', 'cli', 'simulator']) await rm(join(out, folder), { recursive: true, force: true })
  await mkdir(join(out, 'controller'), { recursive: true })
  for (const file of await readdir(join(out, 'controller')))
    if (file !== 'web') await rm(join(out, 'controller', file), { recursive: true })
  await writePrograms(root, out, [agent(), controller(modules), commandLine(), simulator()])
  const web = { root, out: join(out, 'controller/web'), modules }
  if (!(await isBuilt(web))) await buildWeb(web)
  return out
}

type Shared = { readonly layers: readonly Layer[]; readonly components: readonly object[] }

async function sharedLayers({ root, source, epoch }: Building, architecture: Architecture): Promise<Shared> {
  const packages = await basePackages({ ...source, architecture })
  const runtime = await runtimeFor(root, architecture, join(source.cache, 'runtime'))
  const file = (path: string, content: Uint8Array, mode: number): Entry => ({ path, mode, kind: 'file', content })
  return {
    layers: [
      await layerOf('Debian packages', baseEntries(packages, architecture), epoch),
      await layerOf(
        `Node ${runtime.version}`,
        [
          file('usr/lib/muster-runtime/node', await readFile(runtime.binary), 0o755),
          file('usr/share/doc/muster-runtime/LICENSE', Buffer.from(runtime.license), 0o644),
        ],
        epoch,
      ),
    ],
    components: debianComponents(packages, architecture),
  }
}

type Making = {
  readonly name: ImageName
  readonly architecture: Architecture
  readonly shared: Shared
  readonly programs: string
}

async function buildImage(building: Building, { name, architecture, shared, programs }: Making): Promise<BuiltImage> {
  const { root, out, version, epoch } = building
  const entries: Entry[] = []
  for (const [folder, place] of Object.entries(PLANS[name].programs))
    entries.push(...(await entriesBelow(join(programs, folder), `usr/lib/${place}`, architecture)))
  const probe = await readFile(join(root, 'packaging/container/probe.js'))
  const bom = await billOf(join(programs, name), { name, version, components: shared.components })
  const own = await layerOf(`muster-${name} ${version}`, [...entries, ...ownEntries(name, probe, bom)], epoch)
  const reference = `muster-${name}:${version}`
  const layers = [...shared.layers, own]
  const runs = runsOf(name, { version, architecture, epoch })
  const archive = archiveOf({ name: `muster-${name}`, version, architecture, layers, runs, epoch })
  const file = join(out, `muster-${name}-${version}-${architecture}.tar`)
  await writeFile(`${file}.${process.pid}`, archive)
  await rename(`${file}.${process.pid}`, file)
  return {
    file,
    reference,
    sizeBytes: archive.length,
    sha256: createHash('sha256').update(archive).digest('hex'),
    layers: Object.fromEntries(layers.map(({ title, packed }) => [title, packed.length])),
  }
}

/** Files of a folder; an addon for another machine stays outside. */
async function entriesBelow(folder: string, place: string, architecture: Architecture): Promise<readonly Entry[]> {
  const foreign = TARGETS.filter(target => target !== MACHINES[architecture].node)
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = found
    .filter(each => each.isFile() && !foreign.some(target => each.name.endsWith(`.${target}.node`)))
    .map(each => relative(folder, join(each.parentPath, each.name)))
  return Promise.all(
    files.map(async (path): Promise<Entry> => {
      const mode = path.endsWith('.mjs') ? 0o755 : 0o644
      return { path: `${place}/${path}`, mode, kind: 'file', content: await readFile(join(folder, path)) }
    }),
  )
}

type Bill = { readonly name: string; readonly version: string; readonly components: readonly object[] }

/** The bill of the program, with the packages of Debian that lie beneath it. */
async function billOf(folder: string, { name, version, components }: Bill): Promise<Buffer> {
  const bom: { metadata: object; components: readonly object[] } = JSON.parse(
    await readFile(join(folder, 'sbom.cdx.json'), 'utf8'),
  )
  const whole = {
    ...bom,
    metadata: {
      ...bom.metadata,
      component: { 'bom-ref': `muster-${name}`, type: 'container', name: `muster-${name}`, version },
    },
    components: [...bom.components, ...components],
  }
  return Buffer.from(`${JSON.stringify(whole, null, 2)}\n`)
}
