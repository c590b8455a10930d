// SPDX-License-Identifier: Apache-2.0
/** A repository in a folder, as far as kits are made from it. */
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { check } from '../../plugins/contract/index.ts'
import type { Disk } from '../system/disk.ts'
import type { KitSource } from './kit.ts'
import { problem } from './problems.ts'

const Listing = Type.Object({
  v: Type.Literal(1),
  suite: Type.String({ pattern: '^[a-z]{1,40}$' }),
  at: Type.String(),
  keys: Type.Object({ apt: Type.String(), rpm: Type.String() }),
  packages: Type.Array(
    Type.Object({
      format: Type.Enum(['deb', 'rpm']),
      name: Type.String(),
      version: Type.String(),
      arch: Type.String(),
      // Neither up nor away.
      path: Type.String({ pattern: '^(apt|rpm)(/[A-Za-z0-9][A-Za-z0-9.+~_:^-]*)+$' }),
      bytes: Type.Integer(),
      sha256: Type.String(),
    }),
  ),
})
type Listing = Static<typeof Listing>

/** Reads `repository.json` of a folder. Throws `kit-incomplete` when there is none. */
export async function openFolder(disk: Disk, dir: string): Promise<KitSource & Pick<Listing, 'at'>> {
  const text = await disk.read(join(dir, 'repository.json'))
  if (text === undefined) throw problem('kit-incomplete', `${dir} is no repository: it has no repository.json`)
  const { suite, keys, packages, at } = check(Listing, JSON.parse(text.toString()), 'repository')
  return {
    suite,
    keys,
    packages,
    at,
    text: async path => (await disk.read(join(dir, path)))?.toString(),
    bytes: path => disk.read(join(dir, path)),
    stream: path => disk.stream(join(dir, path)),
  }
}
