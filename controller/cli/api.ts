// SPDX-License-Identifier: Apache-2.0
/** What the controller's API answers, as far as the command line reads it, and where. */
import type { ProblemDocument } from '../../plugins/contract/problem-document.ts'
import { problem } from './problems.ts'

export type Label = { readonly key: string; readonly value: string }

export type Presence = {
  readonly online: boolean
  readonly since?: string
  readonly lastSeen?: string
  readonly reason?: string
  readonly standing?: string
  readonly standingWhy?: string
  readonly address?: string
  readonly agent?: string
  readonly bootId?: string
  readonly clockSkewMs?: number
}

export type Capability = {
  readonly section: string
  readonly plugin: string
  readonly version: string
  readonly supported: boolean
  readonly why?: string
}

/** EIM's host resource, and what is ours beside it; loaded modules add more members. */
export type Host = {
  readonly resourceId: string
  readonly name: string
  readonly hostname?: string
  readonly serialNumber?: string
  readonly uuid?: string
  readonly currentState?: string
  readonly hostStatus?: string
  readonly hostStatusIndicator?: string
  readonly metadata?: readonly Label[]
  readonly note?: string
  readonly timestamps?: { readonly createdAt: string; readonly updatedAt: string }
  readonly simulated?: boolean
  readonly presence?: Presence
  readonly capabilities?: readonly Capability[]
  readonly denies?: readonly string[]
  readonly [facet: string]: unknown
}

export type HostPage = {
  readonly hosts: readonly Host[]
  readonly totalElements: number
  readonly hasNext: boolean
  readonly nextCursor?: string
}

export type CommandState = 'queued' | 'sent' | 'succeeded' | 'failed' | 'refused' | 'expired' | 'cancelled'

export type Command = {
  readonly id: string
  readonly host: string
  readonly section: string
  readonly name: string
  readonly input?: unknown
  readonly state: CommandState
  readonly principal?: string
  readonly reason?: string
  readonly createdAt: string
  readonly expiresAt: string
  readonly sentAt?: string
  readonly finishedAt?: string
  readonly output?: unknown
  readonly problem?: ProblemDocument
}

export type SectionLine = {
  readonly section: string
  readonly title?: string
  readonly desiredRevision?: number
  readonly reportedRevision?: number
  readonly status?: string
  readonly at?: string
  readonly problem?: ProblemDocument
  readonly plugin?: { readonly name: string; readonly version: string }
}

export type Desired = { readonly section?: string; readonly revision: number; readonly content: unknown }
export type Reported = {
  readonly section?: string
  readonly revision: number
  readonly status: string
  readonly observed: unknown
  readonly problem?: ProblemDocument
  readonly at: string
}

export type JoinToken = {
  readonly id: string
  readonly createdAt?: string
  readonly expiresAt?: string
  readonly uses?: number
  readonly used?: number
  readonly labels?: readonly Label[]
  readonly needsApproval?: boolean
  readonly serial?: string
  readonly cidr?: string
  readonly host?: string
  readonly siteId?: string
  readonly note?: string
  readonly revokedAt?: string
  readonly lastUsedAt?: string
}
export type NewJoinToken = {
  readonly id: string
  readonly token: string
  readonly expiresAt: string
  readonly url?: string
}

export type LobbyRequest = {
  readonly id: string
  readonly at: string
  readonly address?: string
  readonly why?: string
  readonly fingerprint?: string
  readonly facts?: {
    readonly serial?: string
    readonly uuid?: string
    readonly product?: string
    readonly hostname?: string
    readonly simulated?: boolean
  }
}

export type AccessToken = {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly createdAt?: string
  readonly expiresAt?: string
  readonly lastUsedAt?: string
}

export type Me = {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly role: string
  /** What holds in the whole installation. */
  readonly permissions: readonly string[]
  /** What holds in the project that was asked for. */
  readonly here?: {
    readonly project: string
    readonly roles: readonly string[]
    readonly permissions: readonly string[]
    readonly onSomeHosts?: readonly string[]
  }
}

export type Happening = {
  readonly id: number
  readonly at: string
  readonly project: string
  readonly type: string
  readonly subject: string
  readonly data: unknown
}

export type AuditEntry = {
  readonly n: number
  readonly at: string
  readonly chain: string
  readonly principal: { readonly id: string; readonly kind: string; readonly via: string; readonly address?: string }
  /** Name of the principal, where there still is one. */
  readonly name?: string
  readonly action: string
  readonly target: string
  readonly outcome: string
  readonly reason?: string
  readonly hash: string
}

export type ModuleLine = {
  readonly name: string
  readonly version: string
  readonly title?: string
  readonly enabled: boolean
}
export type System = {
  readonly version: string
  readonly installation: string
  readonly uptimeMs: number
  readonly hosts?: { readonly total: number; readonly online: number }
  readonly modules: readonly ModuleLine[]
  readonly bus?: { readonly connections?: number }
  readonly store?: { readonly sizeBytes?: number }
  readonly memory?: { readonly rssBytes?: number }
  readonly lastBackup?: { readonly takenAt: string }
  readonly concerns?: readonly { readonly severity: string; readonly title: string; readonly next: string }[]
}

/** Escapes what people typed, so that no name becomes another path. Throws `name-unknown` for what cannot be one. */
export function path(strings: TemplateStringsArray, ...parts: readonly string[]): string {
  // RFC 3986 §5.2.4 takes these out of a path, escaped or not.
  const odd = parts.find(part => part === '' || part === '.' || part === '..')
  if (odd !== undefined) throw problem('name-unknown', `"${odd}" is no name`)
  return strings.reduce((whole, text, at) => `${whole}${encodeURIComponent(parts[at - 1] ?? '')}${text}`)
}

/** The paths of the API. */
export const paths = {
  setup: '/v1/setup',
  me: '/v1/me',
  events: '/v1/events',
  system: '/v1/system',
  backup: '/v1/system/backup',
  restore: '/v1/system/restore',
  packages: '/v1/packages',
  kit: '/v1/packages/kit',
  audit: '/v1/audit',
  auditExport: '/v1/audit/export',
  accessTokens: '/v1/access/tokens',
  projects: '/v1/projects',
  orgs: '/v1/orgs',
  org: (org: string) => path`/v1/orgs/${org}`,
  signIn: '/v1/session',
  invites: '/v1/access/invites',
  people: '/v1/access/people',
  person: (name: string) => path`/v1/access/people/${name}`,
  personAct: (name: string, act: string) => path`/v1/access/people/${name}/${act}`,
  totp: '/v1/access/totp',
  totpConfirm: '/v1/access/totp/confirm',
  roles: '/v1/access/roles',
  role: (name: string) => path`/v1/access/roles/${name}`,
  bindings: '/v1/access/bindings',
  binding: (id: string) => path`/v1/access/bindings/${id}`,
  sessions: '/v1/access/sessions',
  loginSession: (id: string) => path`/v1/access/sessions/${id}`,
  explain: '/v1/access/explain',
  project: (project: string) => path`/v1/projects/${project}`,
  projectQuotas: (project: string) => path`/v1/projects/${project}/quotas`,
  accessToken: (id: string) => path`/v1/access/tokens/${id}`,
  hosts: (project: string) => path`/v1/projects/${project}/compute/hosts`,
  hostSummary: (project: string) => path`/v1/projects/${project}/compute/hosts/summary`,
  host: (project: string, host: string) => path`/v1/projects/${project}/compute/hosts/${host}`,
  why: (project: string, host: string) => path`/v1/projects/${project}/compute/hosts/${host}/why`,
  hostHistory: (project: string, host: string) => path`/v1/projects/${project}/compute/hosts/${host}/history`,
  views: (project: string) => path`/v1/projects/${project}/views`,
  view: (project: string, id: string) => path`/v1/projects/${project}/views/${id}`,
  webhooks: (project: string) => path`/v1/projects/${project}/webhooks`,
  webhook: (project: string, id: string) => path`/v1/projects/${project}/webhooks/${id}`,
  webhookSecret: (project: string, id: string) => path`/v1/projects/${project}/webhooks/${id}/secret`,
  webhookPing: (project: string, id: string) => path`/v1/projects/${project}/webhooks/${id}/ping`,
  webhookDeliveries: (project: string, id: string) => path`/v1/projects/${project}/webhooks/${id}/deliveries`,
  webhookRetry: (project: string, id: string, delivery: string) =>
    path`/v1/projects/${project}/webhooks/${id}/deliveries/${delivery}/retry`,
  upcoming: (project: string) => path`/v1/projects/${project}/schedules/upcoming`,
  register: (project: string) => path`/v1/projects/${project}/compute/hosts/register`,
  onboard: (project: string, host: string) => path`/v1/projects/${project}/compute/hosts/${host}/onboard`,
  hostImport: (project: string) => path`/v1/projects/${project}/compute/hosts/import`,
  hostTemplate: (project: string) => path`/v1/projects/${project}/compute/hosts/import/template`,
  hostExport: (project: string) => path`/v1/projects/${project}/compute/hosts/export`,
  revoke: (project: string, host: string) => path`/v1/projects/${project}/compute/hosts/${host}/invalidate`,
  hostCommands: (project: string, host: string) => path`/v1/projects/${project}/compute/hosts/${host}/commands`,
  sections: (project: string, host: string) => path`/v1/projects/${project}/compute/hosts/${host}/sections`,
  desired: (project: string, host: string, section: string) =>
    path`/v1/projects/${project}/compute/hosts/${host}/sections/${section}/desired`,
  reported: (project: string, host: string, section: string) =>
    path`/v1/projects/${project}/compute/hosts/${host}/sections/${section}/reported`,
  commands: (project: string) => path`/v1/projects/${project}/commands`,
  command: (project: string, id: string) => path`/v1/projects/${project}/commands/${id}`,
  cancel: (project: string, id: string) => path`/v1/projects/${project}/commands/${id}/cancel`,
  joinTokens: (project: string) => path`/v1/projects/${project}/enrollment/tokens`,
  joinToken: (project: string, id: string) => path`/v1/projects/${project}/enrollment/tokens/${id}`,
  lobby: (project: string) => path`/v1/projects/${project}/enrollment/requests`,
  accept: (project: string, id: string) => path`/v1/projects/${project}/enrollment/requests/${id}/accept`,
  reject: (project: string, id: string) => path`/v1/projects/${project}/enrollment/requests/${id}/reject`,
} as const
