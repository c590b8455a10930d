// SPDX-License-Identifier: Apache-2.0
/** The tables of access control: how people sign in, their sessions, roles and where these hold. */
import { sql } from 'kysely'
import type { Migrations } from '../../store/store.ts'

export type AccountRow = {
  principal: string
  /** What is typed to sign in: lower case, unique. */
  login: string
  /** PHC string; `NULL` until a password was set. */
  password: string | null
  /** `pending`: a secret was shown and not yet confirmed. The secret itself is sealed elsewhere. */
  totp: 'off' | 'pending' | 'on'
  /** Time step of the code used last, so that none is good twice. */
  totp_step: number
  signed_in_at: string | null
}

export type SessionRow = {
  id: string
  digest: string
  principal: string
  /** `password`, `keycloak`, or `oidc`. */
  method: string
  created_at: string
  used_at: string
  expires_at: string
  address: string
  agent: string
  /** Of the identity provider: its issuer and the groups it told, as JSON. */
  issuer: string | null
  groups: string | null
  client: string | null
}

export type RoleRow = {
  name: string
  description: string
  permissions: string
  created_at: string
  created_by: string
}

export type BindingRow = {
  id: string
  /** Empty for the whole installation. */
  project: string
  subject_kind: 'principal' | 'group'
  subject: string
  role: string
  effect: 'allow' | 'deny'
  /** JSON of a selector; `NULL` for every host. */
  hosts: string | null
  created_at: string
  created_by: string
  created_by_name: string
}

export type InviteRow = { digest: string; principal: string; expires_at: string; used_at: string | null }
export type RecoveryRow = { principal: string; digest: string; used_at: string | null }

export type AccessTables = {
  access_accounts: AccountRow
  access_sessions: SessionRow
  access_roles: RoleRow
  access_bindings: BindingRow
  access_invites: InviteRow
  access_recovery: RecoveryRow
}

export const migrations: Migrations = {
  '0001-first': {
    async up(db) {
      for (const statement of TABLES) await sql.raw(statement).execute(db)
    },
  },
}

/** Plain enough for every dialect. */
const TABLES = [
  `create table access_accounts (principal text primary key, login text not null unique, password text,
    totp text not null, totp_step integer not null, signed_in_at text)`,
  `create table access_sessions (id text primary key, digest text not null unique, principal text not null,
    method text not null, created_at text not null, used_at text not null, expires_at text not null,
    address text not null, agent text not null, issuer text, groups text, client text)`,
  'create index access_sessions_principal on access_sessions (principal)',
  `create table access_roles (name text primary key, description text not null, permissions text not null,
    created_at text not null, created_by text not null)`,
  `create table access_bindings (id text primary key, project text not null, subject_kind text not null,
    subject text not null, role text not null, effect text not null, hosts text, created_at text not null,
    created_by text not null, created_by_name text not null)`,
  'create index access_bindings_subject on access_bindings (subject_kind, subject)',
  'create index access_bindings_project on access_bindings (project)',
  `create table access_invites (digest text primary key, principal text not null, expires_at text not null,
    used_at text)`,
  `create table access_recovery (principal text not null, digest text not null, used_at text,
    primary key (principal, digest))`,
]
