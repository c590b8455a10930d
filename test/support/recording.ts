// SPDX-License-Identifier: Apache-2.0
/** Recordings of consoles as a controller keeps them, made without a console. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemRandom } from '../../agent/system/random.ts'
import { createMemoryRecordings, startRecorder } from '../../controller/modules/oob/redirection/recording.ts'
import { realClock, sha256 } from '../../controller/system/clock.ts'
import { newUlid } from '../../plugins/contract/index.ts'

export type RecordingWish = {
  readonly device: string
  /** What the machine said, one piece after the other. */
  readonly said: readonly string[]
  /** One chunk says something else than it was made with. */
  readonly forged?: boolean
}

/** A piece is said this long after the one before. */
const PIECE_MS = 800

/** The text of a recording: a line that says what it is, then its chunks. */
export async function recordingText(id: string, { device, said, forged = false }: RecordingWish): Promise<string> {
  const sink = createMemoryRecordings()
  const about = { id, project: 'default', device, format: 'asciicast' } as const
  const text = (data: Uint8Array): string => new TextDecoder().decode(data)
  let passed = 0
  const clock = { ...realClock, monotonic: () => passed }
  const recorder = await startRecorder({ sink, about, clock, digest: sha256, text, failed: () => undefined })
  for (const each of said) {
    passed += PIECE_MS
    recorder.add('o', new TextEncoder().encode(each))
  }
  await recorder.close()
  const chunks = sink.kept[0]?.chunks ?? []
  const shown = forged ? chunks.map(each => ({ ...each, text: each.text.replace('secret', 'nought') })) : chunks
  return [about, ...shown].map(each => `${JSON.stringify(each)}\n`).join('')
}

/** Puts one into the folder of a controller; resolves with its id. */
export async function keptRecording(dir: string, wish: RecordingWish): Promise<string> {
  const id = newUlid(realClock.now(), systemRandom)
  const folder = join(dir, 'blobs/recordings/default')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${id}.ndjson`), await recordingText(id, wish))
  return id
}
