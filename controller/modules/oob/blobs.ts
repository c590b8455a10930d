// SPDX-License-Identifier: Apache-2.0
/** Recordings and images as blobs: what redirection writes, and what it serves. */
import type { Blobs } from '../../blobs/blobs.ts'
import type { ImageStore } from './redirection/images.ts'
import type { RecordingSink } from './redirection/recording.ts'

const IMAGES = 'images'
const RECORDINGS = 'recordings'

/** Images lie in the folder `images`; their names have no folder of their own. */
export function imagesIn(blobs: Blobs): ImageStore {
  return {
    list: async () =>
      (await blobs.list(IMAGES)).map(({ name, size }) => ({ name: name.slice(IMAGES.length + 1), size })),
    open: name => blobs.open(`${IMAGES}/${name}`),
  }
}

/** One file for each recording: a line for each chunk, with its place in the chain. */
export function recordingsIn(blobs: Blobs): RecordingSink {
  return {
    open: async ({ id, project, device, format }) => {
      const name = `${RECORDINGS}/${project}/${id}.ndjson`
      const write = (line: object): Promise<void> => blobs.append(name, Buffer.from(`${JSON.stringify(line)}\n`))
      await write({ id, project, device, format })
      return { append: write, close: async () => {} }
    },
  }
}
