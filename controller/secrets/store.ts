// SPDX-License-Identifier: Apache-2.0
/** Secrets as rows of the store, each sealed for its own row. */
import { formatTime } from '../../plugins/contract/index.ts'
import type { Surroundings } from '../kernel/ports.ts'
import type { Db, Migrations } from '../store/store.ts'
import { type MasterKey, seal, unseal } from './seal.ts'
import { Secret, type SecretName, type SecretState, type Secrets, type StoredSecret } from './secrets.ts'

type Row = {
  project: string
  kind: string
  owner: string
  version: number
  state: SecretState
  sealed: string
  at: string
}
type SecretTables = { secrets_values: Row }

export const secretMigrations: Migrations = {
  '0001-first': {
    async up(db) {
      await db.schema
        .createTable('secrets_values')
        .addColumn('project', 'text', each => each.notNull())
        .addColumn('kind', 'text', each => each.notNull())
        .addColumn('owner', 'text', each => each.notNull())
        .addColumn('version', 'integer', each => each.notNull())
        .addColumn('state', 'text', each => each.notNull())
        .addColumn('sealed', 'text', each => each.notNull())
        .addColumn('at', 'text', each => each.notNull())
        .addPrimaryKeyConstraint('secrets_values_key', ['project', 'kind', 'owner', 'version'])
        .execute()
    },
  },
}

const PREVIOUS_KEPT = 3
const PENDING_KEPT = 4
const ORDER: Readonly<Record<SecretState, number>> = { active: 0, pending: 1, previous: 2 }

export type SecretParts = Pick<Surroundings, 'clock' | 'random'> & { readonly master: MasterKey }

export function createSecrets(parts: SecretParts): Secrets {
  const { master } = parts
  const value = (row: Row): Secret => Secret.of(unseal(master, row.sealed, aboutOf(row, row.version)))
  const secrets: Secrets = {
    propose: (db, name, secret) => propose(parts, db, { name, secret }),
    activate: (db, name, version) => activate(db, name, version),
    async put(db, name, secret) {
      const version = await propose(parts, db, { name, secret })
      await activate(db, name, version)
      return version
    },
    async active(db, name) {
      const row = (await rowsOf(db, name)).find(each => each.state === 'active')
      return row === undefined ? undefined : value(row)
    },
    async candidates(db, name) {
      const rows = [...(await rowsOf(db, name))].sort(
        (one, other) => ORDER[one.state] - ORDER[other.state] || other.version - one.version,
      )
      return rows.map((row): StoredSecret => ({ version: row.version, state: row.state, value: value(row) }))
    },
    async remove(db, { project, kind, owner }) {
      await db
        .of<SecretTables>(project)
        .remove('secrets_values')
        .where('kind', '=', kind)
        .where('owner', '=', owner)
        .execute()
    },
  }
  return secrets
}

function aboutOf({ project, kind, owner }: SecretName, version: number): string {
  return JSON.stringify([project, kind, owner, version])
}

/** Newest first. */
async function rowsOf(db: Db, { project, kind, owner }: SecretName): Promise<readonly Row[]> {
  return db
    .of<SecretTables>(project)
    .select('secrets_values')
    .selectAll()
    .where('kind', '=', kind)
    .where('owner', '=', owner)
    .orderBy('version', 'desc')
    .execute()
}

type New = { readonly name: SecretName; readonly secret: Secret }

async function propose({ master, random, clock }: SecretParts, db: Db, { name, secret }: New): Promise<number> {
  const rows = await rowsOf(db, name)
  const version = (rows[0]?.version ?? 0) + 1
  const about = aboutOf(name, version)
  await db
    .of<SecretTables>(name.project)
    .insert('secrets_values', {
      kind: name.kind,
      owner: name.owner,
      version,
      state: 'pending',
      sealed: secret.use(text => seal(master, random, { text, about })),
      at: formatTime(clock.now()),
    })
    .execute()
  const pending = rows.filter(row => row.state === 'pending').slice(PENDING_KEPT - 1)
  await drop(db, name, pending)
  return version
}

async function activate(db: Db, name: SecretName, version: number): Promise<void> {
  const rows = await rowsOf(db, name)
  const chosen = rows.find(row => row.version === version)
  if (chosen === undefined || chosen.state === 'active') return
  await setState(db, name, { state: 'previous', versions: rows.filter(row => row.state === 'active') })
  await setState(db, name, { state: 'active', versions: [chosen] })
  const older = rows.filter(row => row.state === 'pending' && row.version < version)
  const previous = rows.filter(row => row.state !== 'pending' && row.version !== version).slice(PREVIOUS_KEPT)
  await drop(db, name, [...older, ...previous])
}

async function setState(
  db: Db,
  { project, kind, owner }: SecretName,
  { state, versions }: { state: SecretState; versions: readonly Row[] },
): Promise<void> {
  if (versions.length === 0) return
  await db
    .of<SecretTables>(project)
    .update('secrets_values', { state })
    .where('kind', '=', kind)
    .where('owner', '=', owner)
    .where(
      'version',
      'in',
      versions.map(row => row.version),
    )
    .execute()
}

async function drop(db: Db, { project, kind, owner }: SecretName, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  await db
    .of<SecretTables>(project)
    .remove('secrets_values')
    .where('kind', '=', kind)
    .where('owner', '=', owner)
    .where(
      'version',
      'in',
      rows.map(row => row.version),
    )
    .execute()
}
