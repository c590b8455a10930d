// SPDX-License-Identifier: Apache-2.0
/** Reads the power of machines from their firmware, many in one request. */
import type { Session } from '../call.ts'
import { oobPaths } from './api.ts'

export type PowerRead = {
  readonly guid: string
  /** `on`, `asleep`, `hibernating`, `off`; absent when it could not be read. */
  readonly power?: string
  /** As CIM counts power states (DSP1027). */
  readonly state?: number
  readonly says?: string
  readonly code?: string
}

type Result = {
  readonly guid: string
  readonly status: string
  readonly powerstate?: number
  readonly code?: string
  readonly error?: string
}

/** How many the controller reads in one request. */
const AT_ONCE = 500
/** Firmware has 30 s to answer, and not all are asked at the same time. */
const IDLE_MS = 600_000

const WORDS: Readonly<Record<number, string>> = {
  2: 'on',
  3: 'asleep',
  4: 'asleep',
  6: 'off',
  7: 'hibernating',
  8: 'off',
  12: 'off',
  13: 'off',
}

export async function readPower(
  { client, project }: Session,
  guids: readonly string[],
): Promise<ReadonlyMap<string, PowerRead>> {
  const read = new Map<string, PowerRead>()
  for (let at = 0; at < guids.length; at += AT_ONCE) {
    const body = { guids: guids.slice(at, at + AT_ONCE) }
    const more = { idleMs: IDLE_MS }
    const { results }: { results: readonly Result[] } = await client.send(
      'POST',
      oobPaths.powerStates(project),
      body,
      more,
    )
    for (const result of results) read.set(result.guid, readingOf(result))
  }
  return read
}

function readingOf({ guid, status, powerstate, code, error }: Result): PowerRead {
  if (status === 'not-connected') return { guid, code: 'amt-not-connected', says: 'it is not connected out of band' }
  if (powerstate === undefined) return { guid, code: code ?? 'internal', says: error ?? 'it could not be read' }
  return { guid, power: WORDS[powerstate] ?? `state ${powerstate}`, state: powerstate }
}
