// SPDX-License-Identifier: Apache-2.0
/** The images that can be served to machines. */

export interface Image {
  readonly size: number
  /** Up to so many bytes from an offset; none at the end. */
  read(offset: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

export interface ImageStore {
  list(): Promise<readonly { readonly name: string; readonly size: number }[]>
  /** Rejects with a problem of status 404 when there is none of that name. */
  open(name: string): Promise<Image>
}
