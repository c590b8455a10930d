// SPDX-License-Identifier: Apache-2.0
/** How the kernel's tables came to be; only ever added to. */
import { type CreateTableBuilder, type Kysely, sql } from 'kysely'
import type { Migrations } from '../../store/store.ts'
import { auditSearchMigration } from './audit-search.ts'
import { hostListMigration, narrowIndicesMigration, standingIndicesMigration } from './host-list.ts'

type Builder = CreateTableBuilder<string, never>

export const kernelMigrations: Migrations = {
  '0001-first': {
    async up(db) {
      await installation(db)
      await hosts(db)
      await documents(db)
      await commands(db)
      await people(db)
      await audit(db)
      await events(db)
    },
  },
  '0002-projects-and-sites': {
    async up(db) {
      const { schema } = db
      const projects = schema.alterTable('kernel_projects')
      await projects.addColumn('uuid', 'text', each => each.notNull().defaultTo('')).execute()
      await projects.addColumn('description', 'text', each => each.notNull().defaultTo('')).execute()
      await projects.addColumn('state', 'text', each => each.notNull().defaultTo('active')).execute()
      await projects.addColumn('audit_from', 'integer', each => each.notNull().defaultTo(0)).execute()
      await schema.alterTable('kernel_hosts').addColumn('site', 'text').execute()
    },
  },
  '0003-registration': {
    async up(db) {
      const { schema } = db
      const hosts = schema.alterTable('kernel_hosts')
      for (const column of ['desired', 'waiting_on']) await hosts.addColumn(column, 'text').execute()
      for (const column of ['user_lvm_size', 'vpro']) await hosts.addColumn(column, 'integer').execute()
      for (const [column, value] of Object.entries(SETTLED))
        await hosts.addColumn(column, 'text', each => each.notNull().defaultTo(value)).execute()
      await schema.createIndex('kernel_hosts_uuid').on('kernel_hosts').columns(['project', 'uuid']).execute()
      await schema
        .createIndex('kernel_hosts_serial')
        .on('kernel_hosts')
        .column('project')
        .expression(sql`lower(serial)`)
        .execute()
      await schema.createIndex('kernel_hosts_desired').on('kernel_hosts').columns(['desired', 'state']).execute()
    },
  },
  '0004-host-list': hostListMigration,
  '0005-events-by-host': {
    async up(db) {
      await db.schema.alterTable('kernel_events').addColumn('host', 'text').execute()
      await index(db, 'kernel_events', 'host')
      await index(db, 'kernel_events', 'project')
    },
  },
  '0006-quotas-and-answers': {
    async up(db) {
      const projects = db.schema.alterTable('kernel_projects')
      await projects.addColumn('progress', 'text', each => each.notNull().defaultTo('')).execute()
      const answers = db.schema.alterTable('kernel_idempotency')
      await answers.addColumn('project', 'text', each => each.notNull().defaultTo('')).execute()
      await finish(integer(text(create(db, 'kernel_quotas'), 'project', 'quota'), 'most'), 'project', 'quota')
    },
  },
  '0006-scoped-tokens': {
    async up(db) {
      const tokens = db.schema.alterTable('kernel_tokens')
      for (const column of ['permissions', 'hosts', 'networks']) await tokens.addColumn(column, 'text').execute()
      await tokens.addColumn('project', 'text', each => each.notNull().defaultTo('')).execute()
    },
  },
  '0007-narrow-indices': narrowIndicesMigration,
  '0008-standing-indices': standingIndicesMigration,
  '0009-audit-search': auditSearchMigration,
}

/** What is true of hosts that came in before there was registration. */
const SETTLED = {
  registration_status: 'Host is Registered',
  registration_indicator: 'IDLE',
  registration_at: '',
  onboarding_status: 'Onboarded',
  onboarding_indicator: 'IDLE',
  onboarding_at: '',
}

const text = (table: Builder, ...columns: readonly string[]): Builder => {
  let built: CreateTableBuilder<string, string> = table
  for (const column of columns) built = built.addColumn(column, 'text', each => each.notNull())
  return built as Builder
}

const optional = (table: Builder, ...columns: readonly string[]): Builder => {
  let built: CreateTableBuilder<string, string> = table
  for (const column of columns) built = built.addColumn(column, 'text')
  return built as Builder
}

const integer = (table: Builder, ...columns: readonly string[]): Builder => {
  let built: CreateTableBuilder<string, string> = table
  for (const column of columns) built = built.addColumn(column, 'integer', each => each.notNull())
  return built as Builder
}

// Kysely's migration functions receive a builder that knows no tables yet.
type Db = Kysely<never>
const create = (db: unknown, name: string): Builder => (db as Kysely<never>).schema.createTable(name) as Builder

async function finish(table: Builder, ...key: readonly string[]): Promise<void> {
  await table.addPrimaryKeyConstraint('key', key as never).execute()
}

async function installation(db: unknown): Promise<void> {
  await finish(text(create(db, 'kernel_settings'), 'key', 'value'), 'key')
  await finish(text(create(db, 'kernel_projects'), 'name', 'created_at'), 'name')
}

async function hosts(db: unknown): Promise<void> {
  const host = text(create(db, 'kernel_hosts'), 'project', 'id', 'name', 'state', 'labels', 'note', 'facts')
  await finish(
    integer(
      optional(text(host, 'created_at', 'updated_at'), 'hostname', 'uuid', 'serial'),
      'simulated',
      'epoch',
      'sequence',
    ),
    'project',
    'id',
  )
  // The MQTT client id is the host id alone, so one id may exist once in the installation.
  await (db as Db).schema.createIndex('kernel_hosts_id').unique().on('kernel_hosts').column('id').execute()
  const certificate = text(create(db, 'kernel_certificates'), 'project', 'host', 'fingerprint', 'serial', 'state')
  await finish(
    integer(optional(text(certificate, 'not_before', 'not_after', 'issued_at'), 'superseded_at'), 'epoch'),
    'fingerprint',
  )
  await index(db, 'kernel_certificates', 'host')
  const presence = text(create(db, 'kernel_presence'), 'project', 'host', 'since', 'last_seen', 'standing')
  await finish(
    integer(
      optional(
        text(presence, 'capabilities', 'denies'),
        ...['reason', 'standing_why', 'boot_id', 'agent', 'address', 'transport', 'ticket', 'previous_ticket'],
      ),
      'online',
    ),
    'project',
    'host',
  )
}

async function documents(db: unknown): Promise<void> {
  const desired = text(
    create(db, 'kernel_desired'),
    'project',
    'host',
    'section',
    'content',
    'updated_at',
    'updated_by',
  )
  await finish(integer(desired, 'revision'), 'project', 'host', 'section')
  const reported = text(create(db, 'kernel_reported'), 'project', 'host', 'section', 'status', 'observed', 'plugin')
  await finish(
    integer(optional(text(reported, 'at', 'received_at'), 'problem', 'step'), 'revision'),
    'project',
    'host',
    'section',
  )
}

async function commands(db: unknown): Promise<void> {
  const command = text(create(db, 'kernel_commands'), 'project', 'id', 'host', 'section', 'name', 'input', 'state')
  const times = optional(text(command, 'principal', 'created_at', 'expires_at'), 'sent_at', 'finished_at')
  await finish(integer(optional(times, 'reason', 'output', 'problem'), 'sequence'), 'project', 'id')
  await index(db, 'kernel_commands', 'host', 'state')
  await index(db, 'kernel_commands', 'state', 'expires_at')
}

async function people(db: unknown): Promise<void> {
  await finish(
    optional(text(create(db, 'kernel_principals'), 'id', 'kind', 'name', 'role', 'created_at'), 'disabled_at'),
    'id',
  )
  await finish(
    optional(
      text(create(db, 'kernel_tokens'), 'id', 'principal', 'name', 'digest', 'role', 'created_at', 'expires_at'),
      'last_used_at',
    ),
    'id',
  )
  await finish(optional(text(create(db, 'kernel_setup'), 'digest', 'expires_at'), 'used_at'), 'digest')
  await finish(
    integer(text(create(db, 'kernel_idempotency'), 'principal', 'key', 'digest', 'body', 'created_at'), 'status'),
    'principal',
    'key',
  )
}

async function audit(db: unknown): Promise<void> {
  await finish(integer(text(create(db, 'kernel_audit'), 'chain', 'at', 'entry', 'prev', 'hash'), 'n'), 'chain', 'n')
  await finish(integer(text(create(db, 'kernel_checkpoints'), 'chain', 'hash', 'at', 'kid', 'sig'), 'n'), 'chain', 'n')
  for (const act of ['update', 'delete']) {
    // The word of the act cannot be a bound parameter; it is one of the two above.
    await sql`create trigger ${sql.raw(`kernel_audit_no_${act}`)} before ${sql.raw(act)} on kernel_audit
      begin select raise(abort, 'the audit is append-only'); end`.execute(db as Db)
  }
}

async function events(db: unknown): Promise<void> {
  await (db as Db).schema
    .createTable('kernel_events')
    .addColumn('id', 'integer', each => each.primaryKey().autoIncrement())
    .addColumn('at', 'text', each => each.notNull())
    .addColumn('project', 'text', each => each.notNull())
    .addColumn('type', 'text', each => each.notNull())
    .addColumn('subject', 'text', each => each.notNull())
    .addColumn('data', 'text', each => each.notNull())
    .execute()
}

async function index(db: unknown, table: string, ...columns: readonly string[]): Promise<void> {
  await (db as Db).schema
    .createIndex(`${table}_${columns.join('_')}`)
    .on(table)
    .columns([...columns])
    .execute()
}
