// SPDX-License-Identifier: Apache-2.0
/** Names of hosts for completion: fresh within half a minute, and never worth waiting for. */
import { join } from 'node:path'
import { isSegment } from '../../../plugins/contract/ids.ts'
import { SECOND } from '../../../plugins/contract/time.ts'
import { type HostPage, paths } from '../api.ts'
import type { Call } from '../call.ts'

const FRESH_MS = 30 * SECOND
/** What one press of the tab key may take, with the start of the program. */
const LIMIT_MS = 100
/** More names help nobody who chooses among them. */
const MAX_NAMES = 500

type Cached = { readonly at: number; readonly names: readonly string[] }

/** Names of the hosts that may be meant; those known before when the controller is slow or away; never rejects. */
export async function hostNames(call: Call): Promise<readonly string[]> {
  try {
    const session = await call.session()
    // Names become a part of the name of a file.
    if (!isSegment(session.project)) return []
    const file = join(call.folder(), `names-${session.name}-${session.project}.json`)
    const cached = await readCache(call, file)
    const now = call.clock.now()
    if (cached !== undefined && now >= cached.at && now - cached.at < FRESH_MS) return cached.names
    const page = await firstPage(call, session.project)
    if (page === undefined) return cached?.names ?? []
    const names = page.hosts.map(host => host.name || host.resourceId).filter(name => /^[\w./:-]+$/.test(name))
    await call.files.writePrivate(file, JSON.stringify({ at: now, names } satisfies Cached))
    return names
  } catch {
    // A press of the tab key is no place for errors.
    return []
  }
}

async function firstPage(call: Call, project: string): Promise<HostPage | undefined> {
  const { client } = await call.session()
  const late = new AbortController()
  const forget = call.clock.after(LIMIT_MS, () => late.abort())
  try {
    return await client.get(paths.hosts(project), { query: { pageSize: MAX_NAMES }, signal: late.signal })
  } catch {
    return undefined
  } finally {
    forget()
  }
}

async function readCache(call: Call, file: string): Promise<Cached | undefined> {
  const text = await call.files.readPrivate(file)
  if (text === undefined) return undefined
  const { at, names } = JSON.parse(text) as Partial<Cached> // looked at in the next line
  if (typeof at !== 'number' || !Array.isArray(names)) return undefined
  return { at, names: names.filter(name => typeof name === 'string') }
}
