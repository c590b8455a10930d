// SPDX-License-Identifier: Apache-2.0
/** Looks up what the rows of a file name, in a number of queries that grows with the names and not with the rows. */
import type { Db } from '../../../store/store.ts'
import type { Engine } from '../engine/engine.ts'
import type { Row } from '../engine/kind.ts'
import type { Known, Profile } from './rules.ts'

export const SITE = 'site'
export const SYSTEM = 'operatingSystem'
export const ACCOUNT = 'localAccount'
export const CONFIG = 'customConfig'

/** As many names as one query asks for. */
const AT_ONCE = 500

/** What is named, by kind. */
export type Named = {
  readonly sites: readonly string[]
  readonly profiles: readonly string[]
  readonly accounts: readonly string[]
  readonly configs: readonly string[]
}

export type Looking = { readonly engine: Engine; readonly db: Db; readonly project: string }

/** Finds what is named; ids and names of other projects are not there. */
export async function knownOf(looking: Looking, named: Named): Promise<Known> {
  const site = await find(looking, { kind: SITE, by: ['name'], texts: named.sites })
  const profile = await find(looking, { kind: SYSTEM, by: ['name', 'profileName'], texts: named.profiles })
  const account = await find(looking, { kind: ACCOUNT, by: ['username'], texts: named.accounts })
  const config = await find(looking, { kind: CONFIG, by: ['name'], texts: named.configs })
  const security = columnOf(looking.engine, SYSTEM, 'securityFeature')
  return {
    site: text => site(text)?.id,
    profile: text => profileOf(profile(text), security),
    account: text => account(text)?.id,
    config: text => config(text)?.id,
  }
}

function profileOf(row: Row | undefined, security: string): Profile | undefined {
  if (row === undefined) return undefined
  const feature = row[security]
  return { id: row.id, securityFeature: typeof feature === 'string' ? feature : undefined }
}

type Wanted = { readonly kind: string; readonly by: readonly string[]; readonly texts: readonly string[] }

/** Each text is an id, or what exactly one row has in one of the members. */
async function find(
  { engine, db, project }: Looking,
  { kind: name, by, texts }: Wanted,
): Promise<(text: string) => Row | undefined> {
  const found = new Map<string, Map<string, Row>>()
  const { table } = engine.kind(name)
  for (const column of ['id', ...by.map(member => columnOf(engine, name, member))]) {
    for (const some of chunks([...new Set(texts)])) {
      const rows: readonly Row[] = await db
        .of<Readonly<Record<string, Row>>>(project)
        .select(table)
        .selectAll()
        .where(column, 'in', some)
        .execute()
        .then(found => found as unknown as readonly Row[]) // the engine's own columns
      for (const row of rows) keep(found, String(row[column]), row)
    }
  }
  return text => {
    const [only, second] = found.get(text)?.values() ?? []
    return second === undefined ? only : undefined
  }
}

function keep(found: Map<string, Map<string, Row>>, text: string, row: Row): void {
  const rows = found.get(text) ?? new Map<string, Row>()
  rows.set(row.id, row)
  found.set(text, rows)
}

function columnOf(engine: Engine, kind: string, name: string): string {
  const member = engine.kind(kind).members[name]
  if (member?.is !== 'column') throw new TypeError(`${kind} keeps no ${name}`)
  return member.column
}

function* chunks(texts: readonly string[]): Generator<string[]> {
  for (let at = 0; at < texts.length; at += AT_ONCE) yield texts.slice(at, at + AT_ONCE)
}
