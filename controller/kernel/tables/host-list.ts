// SPDX-License-Identifier: Apache-2.0
/** How hosts came to be found quickly: their status and labels where lists look, and narrow indices to read instead of rows. */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Migration } from 'kysely/migration'

type Db = Kysely<never>

export const hostListMigration: Migration = {
  async up(given) {
    const db = given as unknown as Db // a builder that knows no tables yet
    await columns(db)
    await labels(db)
    await indices(db)
  },
}

async function columns(db: Db): Promise<void> {
  const hosts = db.schema.alterTable('kernel_hosts')
  for (const [column, value] of Object.entries({ status: '', status_indicator: 'UNSPECIFIED', status_at: '' }))
    await hosts.addColumn(column, 'text', each => each.notNull().defaultTo(value)).execute()
  await hosts.addColumn('online', 'integer', each => each.notNull().defaultTo(0)).execute()
  // Every start writes the status of all hosts, as nobody is online then; so there is nothing to fill in here.
}

async function labels(db: Db): Promise<void> {
  await db.schema
    .createTable('kernel_labels')
    .addColumn('project', 'text', each => each.notNull())
    .addColumn('host', 'text', each => each.notNull())
    .addColumn('key', 'text', each => each.notNull())
    .addColumn('value', 'text', each => each.notNull())
    .addPrimaryKeyConstraint('kernel_labels_key', ['project', 'host', 'key'] as never)
    .execute()
  await fillLabels(db)
  await db.schema
    .createIndex('kernel_labels_value')
    .on('kernel_labels')
    .columns(['key', 'value', 'project', 'host'])
    .execute()
}

const BATCH = 500

type Row = { readonly project: string; readonly id: string; readonly labels: string }

async function fillLabels(db: Db): Promise<void> {
  let after = ''
  for (;;) {
    const { rows } = await sql<Row>`select project, id, labels from kernel_hosts
      where id > ${after} and state != 'deleted' order by id limit ${BATCH}`.execute(db)
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
    const values = rows.flatMap(labelsOf)
    if (values.length > 0)
      await sql`insert into kernel_labels (project, host, key, value) values ${sql.join(values)}`.execute(db)
  }
}

/** Labels were written by the controller, so their JSON has this shape. */
function labelsOf({ project, id, labels: text }: Row) {
  const found = new Map((JSON.parse(text) as { key: string; value: string }[]).map(each => [each.key, each.value]))
  return [...found].map(([key, value]) => sql`(${project}, ${id}, ${key}, ${value})`)
}

/** What filters ask for most: read from the index alone, without the wide rows. */
const ASKED = [
  ...['status', 'hostname', 'serial', 'uuid', 'site', 'state', 'desired', 'status_indicator', 'status_at', 'online'],
  ...['simulated', 'created_at', 'updated_at', 'note', 'onboarding_status', 'registration_status'],
]

const LIVING: Readonly<Record<string, readonly string[]>> = {
  // In the order of ids and of names whatever is asked for; in other orders as long as nothing is.
  kernel_hosts_listed: ['project', 'id', 'name', ...ASKED],
  kernel_hosts_named: ['project', 'name', 'id', ...ASKED],
  kernel_hosts_status: ['project', 'status', 'id', 'status_indicator', 'site'],
  kernel_hosts_hostname: ['project', 'hostname', 'id'],
  kernel_hosts_created: ['project', 'created_at', 'id'],
  kernel_hosts_site: ['project', 'site', 'id'],
}

/** Deleted hosts are in none of them. */
async function indices(db: Db): Promise<void> {
  for (const [name, columns] of Object.entries(LIVING)) await indexLiving(db, name, columns.map(sql.ref))
}

async function indexLiving(db: Db, name: string, columns: readonly RawBuilder<unknown>[]): Promise<void> {
  await sql`create index ${sql.ref(name)} on kernel_hosts (${sql.join(columns)}) where state != 'deleted'`.execute(db)
}

/**
 * What bare words are looked for in, in lower case and a line for each member. An index is used for an expression only
 * where it is written in the same words.
 */
export function foundInHost(table = ''): RawBuilder<unknown> {
  const column = (name: string) => sql.ref(`${table}${name}`)
  const optional = ['hostname', 'serial', 'uuid'].map(name => sql`coalesce(${column(name)}, '')`)
  return sql`lower(${sql.join([column('id'), column('name'), ...optional], sql` || '\n' || `)})`
}

/** Indices a tenth as wide for what is asked most: a walk takes as long as what it walks over is wide. */
export const narrowIndicesMigration: Migration = {
  async up(given) {
    const db = given as unknown as Db // a builder that knows no tables yet
    const brief = ['project', 'status', 'id', 'status_indicator', 'site', 'name', 'online', 'state']
    await indexLiving(db, 'kernel_hosts_brief', brief.map(sql.ref))
    await sql`drop index kernel_hosts_status`.execute(db)
    const [project, id, name, state] = ['project', 'id', 'name', 'state'].map(sql.ref)
    await indexLiving(
      db,
      'kernel_hosts_found',
      [project, id, name, foundInHost(), state].filter(each => each !== undefined),
    )
  },
}

/** Agents by version, and the few sections that are not as they should be: found without their wide rows. */
export const standingIndicesMigration: Migration = {
  async up(given) {
    const db = given as unknown as Db // a builder that knows no tables yet
    await sql`create index kernel_presence_agent on kernel_presence (agent, project, host)`.execute(db)
    await sql`create index kernel_reported_unsettled on kernel_reported (status, project, host, section)
      where status != 'settled'`.execute(db)
  },
}
