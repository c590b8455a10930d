// SPDX-License-Identifier: Apache-2.0
/** Finds resources: all that fit a filter, page by page, or the one a person means by an id or a name. */
import { Problem } from '../../../plugins/contract/problem.ts'
import { path as escaped } from '../api.ts'
import type { Session } from '../call.ts'
import { findHost } from '../hosts.ts'
import { problem } from '../problems.ts'
import { kindOf } from './catalogue.ts'
import { type Kind, member, type Place, type Resource } from './kind.ts'

const PAGE = 500
/** A name that fits more than this is not a name. */
const MAX_CANDIDATES = 1_000
const SHOWN = 20

type Page = Readonly<Record<string, unknown>> & {
  readonly totalElements: number
  readonly hasNext: boolean
  readonly nextCursor?: string
}

export type Asked = {
  readonly filter?: string | undefined
  readonly orderBy?: string | undefined
  readonly limit?: number | undefined
}

export type Listed = { readonly resources: readonly Resource[]; readonly total: number }

/** Where the resources of a place are. */
export function placePath(project: string, place: Place): string {
  return `${escaped`/v1/projects/${project}`}/${place.path}`
}

/** Where one of them is. */
export function resourcePath(project: string, place: Place, id: string): string {
  return `${placePath(project, place)}/${escaped`${id}`}`
}

/** All that fit, at most `limit`. */
export async function listPlace({ client, project }: Session, place: Place, asked: Asked): Promise<Listed> {
  const limit = asked.limit ?? Number.MAX_SAFE_INTEGER
  const resources: Resource[] = []
  let total = 0
  let cursor: string | undefined
  for (;;) {
    const pageSize = Math.max(1, Math.min(PAGE, limit - resources.length))
    const query = { ...place.asks, filter: asked.filter, orderBy: asked.orderBy, pageSize, cursor }
    const page: Page = await client.get(placePath(project, place), { query })
    const items = page[place.list]
    if (!Array.isArray(items)) throw problem('answer-strange', `it lists no ${place.list}`)
    resources.push(...(items as readonly Resource[])) // the controller's own schema says so
    total = Math.max(total, page.totalElements)
    const [before] = [cursor]
    cursor = page.nextCursor
    if (!page.hasNext || cursor === undefined || cursor === before || resources.length >= limit)
      return { resources: resources.slice(0, limit), total }
  }
}

export type Found = { readonly resource: Resource; readonly place: Place; readonly id: string }

/**
 * The resource a person means: by id, else by its exact name, whatever the case when only one fits so.
 * Throws `name-unknown`, and `name-ambiguous` with the candidates.
 */
export async function findResource(session: Session, kind: Kind, name: string): Promise<Found> {
  if (isIdOf(kind, name)) return byId(session, kind, name)
  const { named } = kind
  if (named === undefined || name === '') throw problem('name-unknown', `a ${kind.noun} is named by its id`)
  const found: Found[] = []
  for (const place of kind.places) {
    const { resources } = await listPlace(session, place, { filter: `${named}=${quoted(name)}`, limit: MAX_CANDIDATES })
    for (const resource of resources) found.push({ resource, place, id: member('resourceId')(resource) })
  }
  return choose(kind, name, found)
}

function choose(kind: Kind, name: string, candidates: readonly Found[]): Found {
  const textOf = member(kind.named ?? 'name')
  const exact = candidates.filter(({ resource }) => textOf(resource) === name)
  const loose = candidates.filter(({ resource }) => textOf(resource).toLowerCase() === name.toLowerCase())
  const fitting = exact.length > 0 ? exact : loose
  const [first, second] = fitting
  if (first === undefined) throw problem('name-unknown', `no ${kind.noun} is called ${name}`)
  if (second === undefined) return first
  const lines = fitting.slice(0, SHOWN).map(({ id, resource }) => `${id}  ${aboutOf(kind, resource)}`.trimEnd())
  throw problem('name-ambiguous', `${fitting.length} of kind ${kind.noun} are called ${name}`, { candidates: lines })
}

function aboutOf(kind: Kind, resource: Resource): string {
  const { title } = kind.columns[0] ?? { title: '' }
  return kind.columns
    .filter(column => column.title !== title && column.wide !== true)
    .map(column => column.cell(resource))
    .join('  ')
}

function isIdOf({ prefixes }: Kind, name: string): boolean {
  return prefixes.some(prefix => new RegExp(`^${prefix}-[0-9a-f]{8}$`).test(name))
}

/** Two variants may share the form of their ids: the first place that has it is its own. */
async function byId(session: Session, { noun, places }: Kind, id: string): Promise<Found> {
  for (const place of places) {
    try {
      return { resource: await session.client.get(resourcePath(session.project, place, id)), place, id }
    } catch (thrown) {
      if (!(thrown instanceof Problem) || thrown.status !== 404) throw thrown
      // A variant does not take the ids of the other.
    }
  }
  throw problem('name-unknown', `no ${noun} has the id ${id}`)
}

/** The id of a resource or host that an option names. */
export async function referenceId(session: Session, noun: string, name: string): Promise<string> {
  if (name === '') return ''
  if (noun === 'host') return (await findHost(session, name)).resourceId
  return (await findResource(session, kindOf(noun), name)).id
}

/** The id of what an option names, if it was given. */
export async function referenceOf(
  session: Session,
  noun: string,
  name: string | undefined,
): Promise<string | undefined> {
  return name === undefined ? undefined : referenceId(session, noun, name)
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, match => `\\${match}`)}"`
}
