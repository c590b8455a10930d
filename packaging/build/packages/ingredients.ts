// SPDX-License-Identifier: Apache-2.0
/** Gathers what packages are made of: bundles, the runtime, the dashboard, units and scripts. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Metafile } from 'esbuild'
import { ADDON, addonFile } from '../adapt.ts'
import { bundle } from '../bundle.ts'
import { textsOf } from '../catalog.ts'
import { installed, type Licensed, licensed, notices } from '../notices.ts'
import { agentWithHelper, commandLine, controller, PLUGINS, type Program, provision } from '../program.ts'
import { type Bom, lockfileBom, programBom } from '../sbom.ts'
import { buildWeb, sourcesOf } from '../web.ts'
import { newestOf, type Release } from './changelog.ts'
import type { Scripts } from './completion.ts'
import { type Described, describe } from './describe.ts'
import { type Architecture, MACHINES } from './package.ts'
import { PAGES } from './pages.ts'
import { run } from './run.ts'
import { type Runtime, runtimeFor, stripped } from './runtime.ts'

/** What a package says about where its code comes from. */
export type Papers = {
  readonly notices: string
  readonly sbom: string
  /** Packages of others in it. */
  readonly parts: readonly Licensed[]
}

export type BuiltProgram = {
  readonly name: string
  /** Scripts by their path. */
  readonly scripts: ReadonlyMap<string, Uint8Array>
  readonly metafile: Metafile
  readonly needsAddon: boolean
  /** For the scripts that one package has of it. */
  readonly papers: (scripts: ReadonlySet<string>, program: string) => Promise<Papers>
}

export type Ingredients = {
  readonly root: string
  readonly version: string
  readonly epoch: number
  readonly agent: BuiltProgram
  readonly controller: BuiltProgram
  readonly cli: BuiltProgram
  readonly provision: BuiltProgram
  /** Plugin to package, of those that have one of their own. */
  readonly plugins: Readonly<Record<string, string>>
  /** Files of the dashboard, by their path. */
  readonly web: ReadonlyMap<string, string>
  /** Units and what belongs to them, by file name. */
  readonly systemd: ReadonlyMap<string, string>
  readonly maintainer: ReadonlyMap<string, string>
  /** Settings by package, then by file name. */
  readonly conffiles: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** What reviewers of packages need to know, by package. */
  readonly overrides: ReadonlyMap<string, string>
  readonly release: Release
  readonly maintainerName: string
  /** `rpc` as packaging/build/rpc.sh leaves it; packages are built without it when nobody hands it over. */
  readonly rpc: Rpc | undefined
  /** Command lines, by program. */
  readonly commands: ReadonlyMap<string, Described>
  /** Completion that the command line writes itself. */
  readonly completion: Scripts
}

export type Rpc = {
  readonly version: string
  readonly notices: string
  readonly license: string
  /** The program for a machine. Throws when it was not built for it. */
  binary(architecture: Architecture): string
}

export type Gathering = {
  /** Folder with `rpc`. */
  readonly rpc?: string
  readonly root: string
  readonly cache: string
  readonly version: string
  readonly epoch: number
  readonly maintainer: string
  readonly say: (line: string) => void
}

export async function gather(gathering: Gathering): Promise<Ingredients> {
  const { root, cache, version, epoch, maintainer, say } = gathering
  const plugins = textsOf(await readFile(join(root, PLUGINS), 'utf8'))
  const bom = await lockfileBom(root)
  const build = (program: Program): Promise<BuiltProgram> => {
    say(`bundling ${program.name}`)
    return built({ root, program, bom, version })
  }
  const web = await dashboard(root, cache, say)
  return {
    root,
    version,
    epoch,
    plugins,
    agent: await build(agentWithHelper(undefined, Object.keys(plugins))),
    controller: await build(controller()),
    cli: await build(commandLine()),
    provision: await build(provision()),
    web: new Map((await filesBelow(web)).map(path => [relative(web, path), path])),
    systemd: await textsIn(join(root, 'packaging/systemd')),
    maintainer: await textsIn(join(root, 'packaging/maintainer')),
    conffiles: await foldersIn(join(root, 'packaging/conffiles')),
    overrides: await textsIn(join(root, 'packaging/lintian')),
    release: newestOf(await readFile(join(root, 'CHANGELOG.md'), 'utf8')),
    maintainerName: maintainer,
    rpc: gathering.rpc === undefined ? undefined : await rpcIn(gathering.rpc),
    ...(await described(root, say)),
  }
}

/** Builds the dashboard where nobody else builds, and moves it to a folder that only these sources have. */
async function dashboard(root: string, cache: string, say: (line: string) => void): Promise<string> {
  const out = join(cache, `web-${(await sourcesOf(root, {})).slice(0, 16)}`)
  if (existsSync(out)) return out
  say('building the dashboard')
  const draft = `${out}.${process.pid}`
  await buildWeb({ root, out: draft })
  // Another build may have been faster; its folder holds the same.
  await rename(draft, out).catch(() => rm(draft, { recursive: true }))
  return out
}

async function described(
  root: string,
  say: (line: string) => void,
): Promise<Pick<Ingredients, 'commands' | 'completion'>> {
  say('asking the programs what their command lines are made of')
  const commands = await Promise.all(
    PAGES.map(async ({ name, entry }) => [name, await describe(root, name, entry)] as const),
  )
  const script = (shell: string): Promise<string> =>
    run([process.execPath, join(root, 'controller/cli/main.ts'), 'completion', shell], { cwd: root })
  return {
    commands: new Map(commands),
    completion: { bash: await script('bash'), zsh: await script('zsh'), fish: await script('fish') },
  }
}

async function rpcIn(folder: string): Promise<Rpc> {
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')
  return {
    version: (await read('version')).trim(),
    notices: await read('NOTICES.txt'),
    license: await read('LICENSE'),
    binary: architecture => {
      const file = join(folder, `rpc-${architecture}`)
      if (!existsSync(file)) throw new Error(`${file} is not there: build it with packaging/build/rpc.sh`)
      return file
    },
  }
}

type Building = { readonly root: string; readonly program: Program; readonly bom: Bom; readonly version: string }

async function built({ root, program, bom, version }: Building): Promise<BuiltProgram> {
  const { files, metafile, warnings } = await bundle(root, program, version)
  if (warnings.length > 0) throw new Error(`esbuild warns about ${program.name}:\n${warnings.join('\n')}`)
  return {
    name: program.name,
    scripts: files,
    metafile,
    needsAddon: Object.keys(metafile.inputs).some(path => path.includes(`node_modules/${ADDON}/`)),
    papers: async (scripts, name) => {
      const inputs = Object.entries(metafile.outputs)
        .filter(([path]) => scripts.has(path.replace(/^.*?out\//, '')))
        .flatMap(([, output]) => Object.keys(output.inputs))
      const packages = await installed(root, inputs)
      const contents = {
        program: name,
        packages: new Set(packages.map(each => `${each.name}@${each.version}`)),
        node: process.versions.node,
      }
      return {
        notices: packages.length === 0 ? 'This package contains no code of others.\n' : await notices(root, packages),
        parts: await licensed(root, packages),
        sbom: `${JSON.stringify(programBom(bom, contents), null, 2)}\n`,
      }
    },
  }
}

/** What differs from machine to machine. */
export type Machinery = { readonly architecture: Architecture; readonly runtime: Runtime; readonly addon: string }

export async function machinery(root: string, architecture: Architecture, cache: string): Promise<Machinery> {
  const addon = join(root, 'node_modules', ADDON, 'prebuilds', `${MACHINES[architecture].node}.node`)
  const digest = createHash('sha256')
    .update(await readFile(addon))
    .digest('hex')
  const { file } = await stripped({ file: addon, architecture, cache, as: `${ADDON}-${digest.slice(0, 16)}` })
  return { architecture, runtime: await runtimeFor(root, architecture, cache), addon: file }
}

/** The name the addon has beside the programs. */
export function addonName(architecture: Architecture): string {
  return addonFile(MACHINES[architecture].node)
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found.flatMap(each => (each.isFile() ? [join(each.parentPath, each.name)] : [])).sort()
}

async function textsIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const names = found.flatMap(each => (each.isFile() ? [each.name] : []))
  return new Map(
    await Promise.all(names.sort().map(async name => [name, await readFile(join(folder, name), 'utf8')] as const)),
  )
}

async function foldersIn(folder: string): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const names = (await readdir(folder)).sort()
  return new Map(await Promise.all(names.map(async name => [name, await textsIn(join(folder, name))] as const)))
}
