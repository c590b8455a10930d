// SPDX-License-Identifier: Apache-2.0
/** The built dashboard on disk: what files there are, who owns them, and their bytes. */
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Static, Type } from 'typebox'
import { check } from '../../../plugins/contract/index.ts'

const Asset = Type.Object({
  /** Path below the folder, such as `assets/index-1a2b3c.js`. */
  path: Type.String(),
  type: Type.String(),
  bytes: Type.Integer(),
  /** Encodings that lie beside it, with their sizes. */
  packed: Type.Record(Type.String(), Type.Integer()),
  /** The module whose pages it belongs to; none for what all share. */
  module: Type.Optional(Type.String()),
})
const Listing = Type.Object({
  v: Type.Literal(1),
  page: Type.String(),
  assets: Type.Array(Asset),
  /** For each module the files its pages begin with, to be fetched early. */
  entries: Type.Record(Type.String(), Type.Array(Type.String())),
})

export type Asset = Static<typeof Asset>
export type Listing = Static<typeof Listing>

export interface Built {
  readonly listing: Listing
  /** The bytes of a file; `suffix` is `.br`, `.gz` or nothing. */
  read(path: string, suffix: string): NodeJS.ReadableStream
}

/** Beside the built controller, or where a build of the sources puts it. */
const PLACES = ['./web/', '../../../dist/controller/web/']

/** The folder with the dashboard, or `undefined` when it was not built. `dir` names another one. */
export function openBuilt(dir?: string): Built | undefined {
  const folders = dir === undefined ? PLACES.map(place => fileURLToPath(new URL(place, import.meta.url))) : [dir]
  const folder = folders.find(each => existsSync(join(each, 'dashboard.json')))
  if (folder === undefined) return undefined
  const listing = check(Listing, JSON.parse(readFileSync(join(folder, 'dashboard.json'), 'utf8')), 'dashboard')
  return { listing, read: (path, suffix) => createReadStream(join(folder, `${path}${suffix}`)) }
}
