// SPDX-License-Identifier: Apache-2.0
/** What a bundle needs done to the sources: fewer parts, an addon beside it, a small manifest, and no way to stray packages. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plugin } from 'esbuild'
import { withOnly } from './catalog.ts'
import type { Catalog } from './program.ts'

/** Machines the addon is shipped for; each name is also the package's own name for its binary. */
export const TARGETS = ['linux-x64', 'linux-arm64'] as const

export const ADDON = 'better-sqlite3'

/** The name of the addon beside a bundle. */
export function addonFile(target: string): string {
  return `${ADDON}.${target}.node`
}

/** Replaces the catalog by one with fewer parts. */
export function keepOnly(root: string, { file, keep }: Catalog): Plugin {
  const path = join(root, file)
  return {
    name: 'keep-only',
    setup(build) {
      build.onLoad({ filter: /[\\/]catalog\.ts$/ }, async args =>
        args.path === path ? { contents: withOnly(await readFile(path, 'utf8'), keep), loader: 'ts' } : undefined,
      )
    },
  }
}

/** Looks for the addon beside the bundle and nowhere else, where the package would look through folders. */
const BINDING = `
'use strict'
const { join } = require('node:path')
let addon
exports.getBinding = given => {
  if (typeof given === 'object' && given !== null) return given
  const name = given ?? join(__dirname, '${ADDON}.' + process.platform + '-' + process.arch + '.node')
  return (addon ??= require(name))
}
`

export function addonBeside(): Plugin {
  return {
    name: 'addon-beside',
    setup(build) {
      build.onLoad({ filter: /[\\/]better-sqlite3[\\/]lib[\\/]binding\.js$/ }, () => ({
        contents: BINDING,
        loader: 'js',
      }))
    },
  }
}

/** Programs read package.json for their version; the rest of it has no business in a bundle. */
export function smallManifest(root: string, as?: string): Plugin {
  const path = join(root, 'package.json')
  return {
    name: 'small-manifest',
    setup(build) {
      build.onLoad({ filter: /[\\/]package\.json$/ }, async args => {
        if (args.path !== path) return undefined
        const { name, version }: { name: string; version: string } = JSON.parse(await readFile(path, 'utf8'))
        return { contents: JSON.stringify({ name, version: as ?? version }), loader: 'json' }
      })
    },
  }
}

/**
 * Packages that others use when they happen to be installed. In a bundle they never are: looking for them would search
 * every node_modules folder above the program.
 */
const OPTIONAL = ['bufferutil', 'utf-8-validate', 'osx-temperature-sensor']

export function withoutOptional(): Plugin {
  const filter = new RegExp(`^(${OPTIONAL.join('|')})$`)
  return {
    name: 'without-optional',
    setup(build) {
      build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'absent' }))
      build.onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => ({
        contents: `throw Object.assign(new Error('${path} is not part of this program'), { code: 'MODULE_NOT_FOUND' })`,
        loader: 'js',
      }))
    },
  }
}

/** The builders our schemas are made of; a test compares this list with the sources. */
export const BUILDERS = {
  array: 'Array',
  boolean: 'Boolean',
  enum: 'Enum',
  integer: 'Integer',
  literal: 'Literal',
  null: 'Null',
  number: 'Number',
  object: 'Object',
  record: 'Record',
  string: 'String',
  union: 'Union',
  unknown: 'Unknown',
  unsafe: 'Unsafe',
  _optional: 'Optional',
} as const

/** What our sources do to values with it; compared likewise. */
export const VALUE_ACTS = { check: 'Check', convert: 'Convert', errors: 'Errors' } as const

/**
 * The schema library hands everything out in one object, which keeps a bundler from leaving out its parser of types, its
 * generator of values and much else: some twenty megabytes in memory that no program of ours ever touches.
 */
export function leanSchemas(root: string): Plugin {
  const base = join(root, 'node_modules/typebox/build')
  const modules: Readonly<Record<string, string>> = {
    typebox: namespaceOf('Type', BUILDERS, file => `${base}/type/types/${file}.mjs`),
    'typebox/value': namespaceOf('Value', VALUE_ACTS, folder => `${base}/value/${folder}/index.mjs`),
  }
  return {
    name: 'lean-schemas',
    setup(build) {
      build.onResolve({ filter: /^typebox(\/value)?$/ }, ({ path, importer }) =>
        importer.includes('node_modules') ? undefined : { path, namespace: 'lean-schemas' },
      )
      build.onLoad({ filter: /.*/, namespace: 'lean-schemas' }, ({ path }) => ({
        contents: modules[path] ?? '',
        resolveDir: root,
        loader: 'js',
      }))
    },
  }
}

function namespaceOf(name: string, parts: Readonly<Record<string, string>>, fileOf: (part: string) => string): string {
  const imports = Object.entries(parts).map(
    ([part, member]) => `import { ${member} as ${member}_ } from '${fileOf(part)}'`,
  )
  const members = Object.values(parts).map(member => `${member}: ${member}_`)
  return `${imports.join('\n')}\nexport const ${name} = { ${members.join(', ')} }\n`
}
