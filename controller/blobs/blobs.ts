// SPDX-License-Identifier: Apache-2.0
/** The port through which modules keep large things: images they serve, recordings they make. */
import { port } from '../kernel/module.ts'

export interface Blob {
  readonly size: number
  /** Up to so many bytes from an offset; fewer at the end only. */
  read(offset: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** Names are one or more segments of `[A-Za-z0-9._-]`, none of them starting with a dot, joined by `/`. */
export interface Blobs {
  /** Everything below a prefix, by name. */
  list(prefix: string): Promise<readonly { readonly name: string; readonly size: number }[]>
  /** Throws `blob-unknown`. */
  open(name: string): Promise<Blob>
  /** Adds to the end, making the blob the first time. */
  append(name: string, bytes: Uint8Array): Promise<void>
  remove(name: string): Promise<void>
}

export const blobStore = port<Blobs>('blobs')
