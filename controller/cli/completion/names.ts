// SPDX-License-Identifier: Apache-2.0
/** Names of hosts for completion: fresh within half a minute, and hardly worth waiting for. */
import { join } from 'node:path'
import { isSegment } from '../../../plugins/contract/ids.ts'
import { MINUTE, SECOND } from '../../../plugins/contract/time.ts'
import { type HostPage, paths } from '../api.ts'
import type { Call } from '../call.ts'

const FRESH_MS = 30 * SECOND
/** Names this old are no longer offered without a real attempt at new ones: far controllers answer late, but answer. */
const OLD_MS = 5 * MINUTE
/** What one press of the tab key may take, with the start of the program, while there is something to offer. */
const LIMIT_MS = 100
const LONG_LIMIT_MS = SECOND
/** The press after one that waited in vain does not wait again. */
const REST_MS = 5 * SECOND
/** More names help nobody who chooses among them. */
const MAX_NAMES = 500

type Known = {
  /** When the controller said so; 0 when it never did. */
  readonly at: number
  /** When it was last asked in vain. */
  readonly missed: number
  readonly names: readonly string[]
}

const NOTHING: Known = { at: 0, missed: 0, names: [] }

/** Names of the hosts that may be meant; those known before when the controller is slow or away; never rejects. */
export async function hostNames(call: Call): Promise<readonly string[]> {
  try {
    const session = await call.session()
    // Names become a part of the name of a file.
    if (!isSegment(session.project)) return []
    const file = join(call.folder(), `names-${session.name}-${session.project}.json`)
    const known = await readKnown(call, file)
    const now = call.clock.now()
    if (isWithin(now - known.at, FRESH_MS) || isWithin(now - known.missed, REST_MS)) return known.names
    const limitMs = isWithin(now - known.at, OLD_MS) ? LIMIT_MS : LONG_LIMIT_MS
    const page = await firstPage(call, session.project, limitMs)
    const next = page === undefined ? { ...known, missed: now } : { at: now, missed: 0, names: namesOf(page) }
    await call.files.writePrivate(file, JSON.stringify(next satisfies Known))
    return next.names
  } catch {
    // A press of the tab key is no place for errors.
    return []
  }
}

/** Not of the future either, whatever the clock has been set to since. */
function isWithin(age: number, limitMs: number): boolean {
  return age >= 0 && age < limitMs
}

/** Those a shell takes as one word. */
function namesOf({ hosts }: HostPage): string[] {
  return hosts.map(host => host.name || host.resourceId).filter(name => /^[\w./:-]+$/.test(name))
}

async function firstPage(call: Call, project: string, limitMs: number): Promise<HostPage | undefined> {
  const { client } = await call.session()
  const late = new AbortController()
  const forget = call.clock.after(limitMs, () => late.abort())
  try {
    return await client.get(paths.hosts(project), { query: { pageSize: MAX_NAMES }, signal: late.signal })
  } catch {
    return undefined
  } finally {
    forget()
  }
}

/** A file that is not one of ours is as good as none, and is written anew. */
async function readKnown(call: Call, file: string): Promise<Known> {
  try {
    const { at, missed = 0, names }: Partial<Known> = JSON.parse((await call.files.readPrivate(file)) ?? '{}')
    if (typeof at !== 'number' || typeof missed !== 'number' || !Array.isArray(names)) return NOTHING
    return { at, missed, names: names.filter(name => typeof name === 'string') }
  } catch {
    return NOTHING
  }
}
