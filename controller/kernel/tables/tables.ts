// SPDX-License-Identifier: Apache-2.0
/** The kernel's tables: times are RFC 3339 text, JSON is text, flags are 0 and 1, in a subset every dialect shares. */
import type { Generated, Selectable } from 'kysely'

type HostTable = {
  project: string
  id: string
  name: string
  hostname: string | null
  uuid: string | null
  serial: string | null
  /** `registered`, `onboarded`, `untrusted` (revoked), `deleted` (tombstone: the id is never used again). */
  state: HostState
  simulated: number
  labels: string
  note: string
  facts: string
  /** Part of the certificate's name; raised when the machine is enrolled anew. */
  epoch: number
  sequence: number
  created_at: string
  updated_at: string
  /** Id of the site it stands at, where an inventory keeps sites. */
  site: string | null
  /** The state it is to come to; `NULL` while that is the one it is in. */
  desired: Generated<HostState | null>
  registration_status: Generated<string>
  registration_indicator: Generated<StatusIndicator>
  /** RFC 3339; empty for what has been so since the host was made. */
  registration_at: Generated<string>
  onboarding_status: Generated<string>
  onboarding_indicator: Generated<StatusIndicator>
  onboarding_at: Generated<string>
  /** While it is being deleted: what still holds it. */
  waiting_on: Generated<string | null>
  /** Size of the user's volume in GB, as asked for at registration. */
  user_lvm_size: Generated<number | null>
  /** 1 when vPro was asked for at registration. */
  vpro: Generated<number | null>
  /** What its status says, of which kind, and since when (RFC 3339; empty: since it was made). See host-status.ts. */
  status: Generated<string>
  status_indicator: Generated<StatusIndicator>
  status_at: Generated<string>
  /** As in its presence. */
  online: Generated<number>
}

export type HostState = 'registered' | 'onboarded' | 'untrusted' | 'deleted'
export type StatusIndicator = 'UNSPECIFIED' | 'ERROR' | 'IN_PROGRESS' | 'IDLE'
export type HostRow = Selectable<HostTable>

type ProjectTable = {
  name: string
  created_at: string
  /** RFC 9562 UUID: what clients made for EIM call the project's id. */
  uuid: Generated<string>
  description: Generated<string>
  /** `deleting`: nobody enters it any more, and what it owned is being removed. */
  state: Generated<'active' | 'deleting'>
  /** Entries of the project's audit up to this number belong to a deleted project of the same name. */
  audit_from: Generated<number>
  /** How far its deletion has come, for people. */
  progress: Generated<string>
}

export type ProjectRow = Selectable<ProjectTable>

export type CertificateRow = {
  project: string
  host: string
  fingerprint: string
  serial: string
  epoch: number
  state: 'pending' | 'active' | 'superseded' | 'revoked'
  not_before: string
  not_after: string
  issued_at: string
  superseded_at: string | null
}

export type PresenceRow = {
  project: string
  host: string
  online: number
  since: string
  last_seen: string
  reason: string | null
  standing: 'active' | 'quarantined'
  standing_why: string | null
  boot_id: string | null
  agent: string | null
  address: string | null
  transport: string | null
  /** SHA-256 of the session ticket handed out last, and of the one presented last. */
  ticket: string | null
  previous_ticket: string | null
  capabilities: string
  denies: string
}

export type DesiredRow = {
  project: string
  host: string
  section: string
  revision: number
  content: string
  updated_at: string
  updated_by: string
}

export type ReportedRow = {
  project: string
  host: string
  section: string
  revision: number
  status: string
  observed: string
  problem: string | null
  step: string | null
  plugin: string
  at: string
  received_at: string
}

export type CommandState = 'queued' | 'sent' | 'succeeded' | 'failed' | 'refused' | 'expired' | 'cancelled'

export type CommandRow = {
  project: string
  id: string
  host: string
  section: string
  name: string
  input: string
  state: CommandState
  principal: string
  reason: string | null
  sequence: number
  created_at: string
  expires_at: string
  sent_at: string | null
  finished_at: string | null
  output: string | null
  problem: string | null
}

export type PrincipalRow = {
  id: string
  kind: 'person' | 'service'
  name: string
  role: string
  created_at: string
  disabled_at: string | null
}

type TokenTable = {
  id: string
  principal: string
  name: string
  digest: string
  role: string
  created_at: string
  expires_at: string
  last_used_at: string | null
  /** JSON list of permissions; `NULL` for those of the role. */
  permissions: Generated<string | null>
  /** The only project it holds in; empty for the whole installation. */
  project: Generated<string>
  /** JSON of a selector of hosts. */
  hosts: Generated<string | null>
  /** JSON list of address ranges it may come from. */
  networks: Generated<string | null>
}

export type TokenRow = Selectable<TokenTable>

export type SetupRow = { digest: string; expires_at: string; used_at: string | null }

export type AuditRow = {
  chain: string
  n: number
  at: string
  /** JSON, as it is hashed. */
  entry: string
  prev: string
  hash: string
  /** From here on what the entry says, so that it is found; see `audit-search.ts`. */
  principal: Generated<string>
  action: Generated<string>
  target: Generated<string>
  outcome: Generated<string>
}

export type CheckpointRow = { chain: string; n: number; hash: string; at: string; kid: string; sig: string }

export type EventRow = {
  id: Generated<number>
  at: string
  project: string
  type: string
  subject: string
  /** The host it is about, where it is about one. */
  host: string | null
  data: string
}

/** How much of a kind a project may hold. */
export type QuotaRow = { project: string; quota: string; most: number }

export type IdempotencyRow = {
  /** Where it acted; empty for the installation. */
  project: string
  principal: string
  key: string
  digest: string
  status: number
  body: string
  created_at: string
}

/** One label of a host; the same as in the host's own column, kept apart to be found by. */
type LabelRow = { project: string; host: string; key: string; value: string }

export type KernelTables = {
  kernel_settings: { key: string; value: string }
  kernel_projects: ProjectTable
  kernel_hosts: HostTable
  kernel_labels: LabelRow
  kernel_certificates: CertificateRow
  kernel_presence: PresenceRow
  kernel_desired: DesiredRow
  kernel_reported: ReportedRow
  kernel_commands: CommandRow
  kernel_principals: PrincipalRow
  kernel_tokens: TokenTable
  kernel_setup: SetupRow
  kernel_audit: AuditRow
  kernel_checkpoints: CheckpointRow
  kernel_events: EventRow
  kernel_idempotency: IdempotencyRow
  kernel_quotas: QuotaRow
}
