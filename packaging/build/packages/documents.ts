// SPDX-License-Identifier: Apache-2.0
/** What every package tells about itself: licence, changes, parts of others, bill of materials. */
import { gzipSync } from 'node:zlib'
import type { BuiltProgram, Ingredients } from './ingredients.ts'
import { type Entry, text } from './package.ts'

export type Subject =
  | { readonly program: BuiltProgram; readonly scripts: ReadonlySet<string> }
  /** The licence of Node with those of its parts, a file. */
  | { readonly runtime: string; readonly node: string }

export async function documents(from: Ingredients, name: string, subject: Subject): Promise<readonly Entry[]> {
  const folder = `/usr/share/doc/${name}`
  if ('runtime' in subject) return [{ path: `${folder}/LICENSE.node`, mode: 0o644, content: { from: subject.runtime } }]
  const { notices, sbom } = await subject.program.papers(subject.scripts, name)
  return [text(`${folder}/THIRD-PARTY-NOTICES.txt`, notices), packed(`${folder}/sbom.cdx.json.gz`, sbom)]
}

/** A file packed so that the same text gives the same bytes: without name and time. */
export function packed(path: string, content: string): Entry {
  return { path, mode: 0o644, content: gzipSync(content, { level: 9 }) }
}
