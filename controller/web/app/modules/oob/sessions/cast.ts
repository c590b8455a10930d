// SPDX-License-Identifier: Apache-2.0
/** A recording as it is kept: what it is of, its chunks, each chained to the one before, and what was said when. Pure but for the digest. */
import { canonical } from '../../../../../../plugins/contract/canonical.ts'

export type About = {
  readonly id: string
  readonly project: string
  readonly device: string
  readonly format: string
}
export type Chunk = { readonly n: number; readonly prev: string; readonly hash: string; readonly text: string }
/** What came from the machine, and when: seconds from the beginning. */
export type Said = { readonly at: number; readonly text: string }
export type Recording = {
  readonly about: About
  readonly chunks: readonly Chunk[]
  /** `undefined` when it is no terminal's. */
  readonly cast: Cast | undefined
}
export type Cast = {
  readonly cols: number
  readonly rows: number
  /** Seconds since the epoch. */
  readonly began: number
  readonly said: readonly Said[]
}

const SIZE = { cols: 80, rows: 25 }
const MOST_CELLS = 500

/** Throws when it is none; a last line that was cut off while it was written is left out. */
export function readRecording(text: string): Recording {
  const [first = '', ...rest] = text.split('\n').filter(line => line !== '')
  const about = JSON.parse(first) as About // checked below
  if (typeof about?.format !== 'string' || typeof about.device !== 'string') throw new Error('no recording')
  const chunks = rest.flatMap((line, at) => {
    const chunk = parsed(line)
    if (isChunk(chunk)) return [chunk]
    if (at === rest.length - 1) return []
    throw new Error('no recording')
  })
  return {
    about,
    chunks,
    cast: about.format === 'asciicast' ? castOf(chunks.map(each => each.text).join('')) : undefined,
  }
}

function isChunk(value: unknown): value is Chunk {
  const { n, prev, hash, text } = (value ?? {}) as Readonly<Record<string, unknown>> // an object, or read as one without members
  return typeof n === 'number' && typeof prev === 'string' && typeof hash === 'string' && typeof text === 'string'
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** Asciicast, version 2: a header, then a line for each thing said. */
export function castOf(text: string): Cast | undefined {
  const [head = '', ...lines] = text.split('\n').filter(line => line !== '')
  const header = (parsed(head) ?? {}) as Readonly<Record<string, unknown>> // as above
  if (header.version !== 2) return undefined
  const said = lines.flatMap(line => {
    const event = parsed(line)
    if (!Array.isArray(event)) return []
    const [at, kind, content] = event as readonly unknown[]
    return kind === 'o' && typeof at === 'number' && typeof content === 'string' ? [{ at, text: content }] : []
  })
  return {
    cols: cells(header.width, SIZE.cols),
    rows: cells(header.height, SIZE.rows),
    began: typeof header.timestamp === 'number' ? header.timestamp : 0,
    said,
  }
}

function cells(value: unknown, fallback: number): number {
  return typeof value === 'number' && value >= 1 && value <= MOST_CELLS ? Math.floor(value) : fallback
}

const LONG_S = 2
const SHORT_S = 0.5

/** What was said, by the time of the player; long pauses made short when they are skipped. */
export function timelineOf(said: readonly Said[], skip: boolean): readonly Said[] {
  let saved = 0
  let before = 0
  return said.map(({ at, text }) => {
    const pause = at - before
    before = at
    if (skip && pause > LONG_S) saved += pause - SHORT_S
    return { at: at - saved, text }
  })
}

/** The number of the first chunk that is not as it was made; `undefined` when the chain is whole. */
export async function brokenAt({ about, chunks }: Recording): Promise<number | undefined> {
  let prev = await digest(canonical(about))
  for (const [at, chunk] of chunks.entries()) {
    if (chunk.n !== at || chunk.prev !== prev) return at
    if ((await digest(`${prev}\n${chunk.text}`)) !== chunk.hash) return at
    prev = chunk.hash
  }
  return undefined
}

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** When something with such an id was made (ULID: 48 bits of milliseconds first). */
export function madeAt(ulid: string): number | undefined {
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  if (!/^[0-9A-HJKMNP-TV-Z]{26}$/.test(ulid)) return undefined
  return [...ulid.slice(0, 10)].reduce((sum, digit) => sum * 32 + digits.indexOf(digit), 0)
}

/** `1:05`, `1:02:07`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const [h, m, s] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60), whole % 60]
  const two = (value: number): string => String(value).padStart(2, '0')
  return h === 0 ? `${m}:${two(s)}` : `${h}:${two(m)}:${two(s)}`
}

/** Only what was shown, without what moved the cursor and set colours. */
export function plainText(said: readonly Said[]): string {
  return said
    .map(({ text }) => text)
    .join('')
    .replaceAll(
      new RegExp(`${ESCAPE}(\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}]*(${BELL}|${ESCAPE}\\\\)|[ -/]*[0-~])`, 'g'),
      '',
    )
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '')
}

const ESCAPE = '\u001b'
const BELL = '\u0007'
