// SPDX-License-Identifier: Apache-2.0
/** Runs the walls of .dependency-cruiser.mjs over this repository, or over a small tree planted for a test. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import { ROOT } from './tree.ts'

/** The folders under the walls. */
export const WALLED = ['agent', 'controller', 'plugins', 'provisioning', 'packaging', 'simulator', 'test']

const options = await extractDepcruiseOptions(join(ROOT, '.dependency-cruiser.mjs'))

export function ruleNames(): readonly string[] {
  return (options.ruleSet?.forbidden ?? []).map(rule => rule.name ?? '')
}

export type Cruised = {
  /** Files of ours that were read. */
  readonly modules: readonly string[]
  /** `rule: from → to` of every violation. */
  readonly violations: readonly string[]
}

/** Cruises folders below `base`, with every rule. */
export async function cruiseTree(base: string, folders: readonly string[] = WALLED): Promise<Cruised> {
  const { output } = await cruise([...folders], { ...options, baseDir: base, validate: true })
  const { modules, summary } = output as ICruiseResult // without an output type the API returns its result as it is
  return {
    modules: modules.map(module => module.source).filter(source => WALLED.includes(source.split('/')[0] ?? '')),
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  }
}

/** File to content; a package is `node_modules/<name>/index.js`, and declared unless its name says that it is not. */
export type Planted = Readonly<Record<string, string>>

/** Cruises a tree of files that exists for this call only. */
export async function cruisePlanted(files: Planted): Promise<Cruised> {
  const base = await mkdtemp(join(tmpdir(), 'muster-walls-'))
  try {
    const packages = [
      ...new Set(Object.keys(files).flatMap(file => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [])),
    ]
    const declared = packages.filter(name => !name.startsWith('undeclared'))
    const dependencies = Object.fromEntries(declared.map(name => [name, '1.0.0']))
    const manifests = Object.fromEntries(
      packages.map(name => [
        `node_modules/${name}/package.json`,
        JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
      ]),
    )
    const root = { 'package.json': JSON.stringify({ name: 'planted', version: '1.0.0', type: 'module', dependencies }) }
    for (const [file, content] of Object.entries({ ...root, ...manifests, ...files })) {
      await mkdir(dirname(join(base, file)), { recursive: true })
      await writeFile(join(base, file), content)
    }
    const folders = [...new Set(Object.keys(files).map(file => file.split('/')[0] ?? ''))]
    return await cruiseTree(
      base,
      folders.filter(folder => WALLED.includes(folder)),
    )
  } finally {
    await rm(base, { recursive: true, force: true })
  }
}
