// SPDX-License-Identifier: Apache-2.0
/** What a bundle consists of: the packages and our own folders that left bytes in it. */
import type { Metafile } from 'esbuild'

export type Footprint = {
  /** Names of npm packages, sorted. */
  readonly packages: readonly string[]
  /** Our folders, as deep as a plugin or a module, sorted. */
  readonly folders: readonly string[]
}

export type Ledger = Readonly<Record<string, Footprint>>

/** Reads a footprint from what esbuild says about a bundle. What was tree-shaken away entirely does not count. */
export function footprintOf(metafile: Metafile): Footprint {
  const inputs = Object.values(metafile.outputs).flatMap(output =>
    Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  )
  const paths = inputs.map(([path]) => path)
  return {
    packages: sorted(paths.flatMap(path => packageOf(path) ?? [])),
    folders: sorted(paths.filter(path => packageOf(path) === undefined).flatMap(path => folderOf(path) ?? [])),
  }
}

/** The package a file belongs to: what follows the last node_modules of its path. */
export function packageOf(path: string): string | undefined {
  const inside = path.split('node_modules/')
  if (inside.length === 1) return undefined
  const [first = '', second = ''] = (inside.at(-1) ?? '').split('/')
  return first.startsWith('@') ? `${first}/${second}` : first
}

function folderOf(path: string): string | undefined {
  const [top = '', second = '', third = ''] = path.split('/')
  if (!OURS.has(top)) return undefined
  if (second === 'modules' && !third.includes('.')) return `${top}/${second}/${third}`
  return second.includes('.') ? top : `${top}/${second}`
}

const OURS: ReadonlySet<string> = new Set(['agent', 'controller', 'plugins', 'provisioning', 'simulator', 'packaging'])

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}
