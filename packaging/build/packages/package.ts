// SPDX-License-Identifier: Apache-2.0
/** What a package of a distribution is, said once for .deb and .rpm. */

import type { Release } from './changelog.ts'

/** Debian's names of the machines that packages are made for. */
export const ARCHITECTURES = ['amd64', 'arm64'] as const
export type Architecture = (typeof ARCHITECTURES)[number]

export const FORMATS = ['deb', 'rpm'] as const
export type Format = (typeof FORMATS)[number]

/** What the same machine is called elsewhere. */
export const MACHINES: Readonly<Record<Architecture, { readonly node: string; readonly rpm: string }>> = {
  amd64: { node: 'linux-x64', rpm: 'x86_64' },
  arm64: { node: 'linux-arm64', rpm: 'aarch64' },
}

export type Entry = {
  /** Absolute path on the machine. */
  readonly path: string
  readonly mode: number
  /** Bytes, or the file they are copied from. */
  readonly content: Uint8Array | { readonly from: string }
  /** Changes by the owner of the machine survive an upgrade. */
  readonly conffile?: true
}

/** Another package, with the least version when one matters. */
export type Relation = { readonly name: string; readonly version?: { readonly op: '>=' | '='; readonly than: string } }

/** What a package manager runs; the names are Debian's. */
export const SCRIPTS = ['preinst', 'postinst', 'prerm', 'postrm'] as const
export type Script = (typeof SCRIPTS)[number]

export type Package = {
  readonly name: string
  readonly version: string
  /** `all` when nothing in it depends on the machine. */
  readonly architecture: Architecture | 'all'
  /** At most 60 characters, no article, no full stop. */
  readonly summary: string
  /** Paragraphs. */
  readonly description: readonly string[]
  readonly section: string
  /** In the words of SPDX. */
  readonly license: string
  /** What changed since the one before. */
  readonly release: Release
  /** `foreign`: one installed for any machine serves packages of every machine. */
  readonly multiArch?: 'foreign'
  readonly depends: Readonly<Record<Format, readonly Relation[]>>
  readonly recommends: readonly Relation[]
  readonly suggests: readonly Relation[]
  readonly entries: readonly Entry[]
  readonly scripts: Readonly<Partial<Record<Script, string>>>
  /** Seconds since 1970 that every file carries. */
  readonly epoch: number
}

/** A file of text that everybody may read. */
export function text(path: string, content: string): Entry {
  return { path, mode: 0o644, content: Buffer.from(content) }
}

/** A program or script. */
export function program(path: string, content: string): Entry {
  return { path, mode: 0o755, content: Buffer.from(content) }
}

/** The same paths in a stable order; throws when two entries claim one path. */
export function inOrder(entries: readonly Entry[]): readonly Entry[] {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  for (const [index, { path }] of sorted.entries())
    if (sorted[index + 1]?.path === path) throw new Error(`${path} is in one package twice`)
  return sorted
}
