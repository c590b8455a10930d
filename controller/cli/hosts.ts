// SPDX-License-Identifier: Apache-2.0
/** Finds hosts: all that fit a filter, or the one a person means by a name. */
import { isHostId } from '../../plugins/contract/ids.ts'
import { type Host, type HostPage, paths } from './api.ts'
import type { Call, Session } from './call.ts'
import { problem } from './problems.ts'
import { type HostFilter, parametersOf } from './query.ts'

const PAGE = 500
/** A name that fits more hosts than this is not a name. */
const MAX_CANDIDATES = 1_000
const SHOWN_CANDIDATES = 20
/** Longest text the controller searches for. */
const MAX_NAME = 200

export type Found = { readonly hosts: readonly Host[]; readonly total: number }

/** All hosts that fit, page by page, at most `limit`. */
export async function listHosts({ client, project }: Session, filter: HostFilter, limit: number): Promise<Found> {
  const hosts: Host[] = []
  let total = 0
  let cursor: string | undefined
  for (;;) {
    const page: HostPage = await client.get(paths.hosts(project), {
      query: { ...parametersOf(filter), pageSize: Math.min(PAGE, limit - hosts.length), cursor },
    })
    hosts.push(...page.hosts)
    total = Math.max(total, page.totalElements)
    if (!page.hasNext || page.nextCursor === undefined || hosts.length >= limit) return { hosts, total }
    cursor = page.nextCursor
  }
}

/**
 * The host a person means: by id, else by display name, else by host name or serial number, else by a unique start of
 * an id (with or without `host-`). Throws `name-unknown`, and `name-ambiguous` with the candidates.
 */
export async function findHost(session: Session, name: string): Promise<Host> {
  // Every name begins with nothing: an empty variable of a script must not mean the only host there is.
  if (name.trim() === '') throw problem('name-unknown', 'an empty text names no host')
  if (isHostId(name)) return session.client.get(paths.host(session.project, name))
  const { hosts } = await listHosts(session, { search: name.slice(0, MAX_NAME) }, MAX_CANDIDATES)
  return chooseHost(name, hosts)
}

/** Chooses among hosts of which each contains the name somewhere. */
export function chooseHost(name: string, hosts: readonly Host[]): Host {
  const wanted = name.toLowerCase()
  const same = (text: string | undefined): boolean => text?.toLowerCase() === wanted
  const classes: readonly ((host: Host) => boolean)[] = [
    host => host.name === name,
    host => same(host.name),
    host => same(host.hostname) || same(host.serialNumber) || same(host.uuid),
    host => host.resourceId.startsWith(wanted) || host.resourceId.startsWith(`host-${wanted}`),
  ]
  for (const fits of classes) {
    const [first, second, ...more] = hosts.filter(fits)
    if (first === undefined) continue
    if (second === undefined) return first
    throw ambiguous(name, [first, second, ...more])
  }
  throw problem('name-unknown', `no host is called ${name}`)
}

function ambiguous(name: string, hosts: readonly Host[]): Error {
  const shown = hosts
    .slice(0, SHOWN_CANDIDATES)
    .map(host => `${host.resourceId}  ${host.name}  ${host.serialNumber ?? ''}`.trimEnd())
  const rest = hosts.length > SHOWN_CANDIDATES ? [`and ${hosts.length - SHOWN_CANDIDATES} more`] : []
  return problem('name-ambiguous', `${hosts.length} hosts are called ${name}`, { candidates: [...shown, ...rest] })
}

/** The words of a call that name hosts: exactly one. */
export async function oneHost(call: Call, session: Session): Promise<Host> {
  return findHost(session, call.words[0] ?? '')
}

/** How a host is spoken of: name and id, and that it is simulated. */
export function spoken({ name, resourceId, simulated }: Host): string {
  const mark = simulated === true ? ['simulated'] : []
  const aside = name === '' || name === resourceId ? mark : [resourceId, ...mark]
  return aside.length === 0 ? resourceId : `${name || resourceId} (${aside.join(', ')})`
}

/** What a person types to confirm that this host is meant: its name, or its id where the name cannot be typed. */
export function typedName({ name, resourceId }: Host): string {
  return /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(name) ? name : resourceId
}
