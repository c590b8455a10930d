// SPDX-License-Identifier: Apache-2.0
/** How the smaller things look in tables: tokens, waiting machines, sections, audit entries, modules, contexts. */
import type { AccessToken, AuditEntry, JoinToken, LobbyRequest, ModuleLine, SectionLine } from '../api.ts'
import { spellLabels } from '../labels.ts'
import type { View } from '../output.ts'
import type { Tone } from '../render/table.ts'
import { age, remaining } from './command.ts'

export const joinTokenView: View<JoinToken> = {
  kind: 'JoinToken',
  name: token => token.id,
  empty: 'muster token create',
  columns: [
    { title: 'ID', cell: token => token.id },
    { title: 'USED', cell: token => `${token.used ?? 0}/${token.uses ?? '?'}`, right: true },
    {
      title: 'ENDS',
      cell: (token, now) => (token.revokedAt === undefined ? remaining(token.expiresAt, now) : 'revoked'),
      right: true,
    },
    { title: 'LABELS', cell: token => spellLabels(token.labels) || '-' },
    {
      title: 'BOUND TO',
      cell: token => [token.host, token.serial, token.cidr, token.siteId].filter(Boolean).join(' ') || '-',
    },
    { title: 'APPROVAL', cell: token => (token.needsApproval === true ? 'needed' : '-') },
    { title: 'LAST USE', cell: (token, now) => age(token.lastUsedAt, now), right: true, wide: true },
    { title: 'NOTE', cell: token => token.note ?? '', wide: true },
  ],
}

export const lobbyView: View<LobbyRequest> = {
  kind: 'LobbyRequest',
  name: request => request.id,
  columns: [
    { title: 'ID', cell: request => request.id },
    { title: 'MACHINE', cell: ({ facts = {} }) => facts.hostname ?? facts.product ?? '-' },
    { title: 'SERIAL', cell: ({ facts = {} }) => facts.serial ?? facts.uuid ?? '-' },
    { title: 'KIND', cell: ({ facts = {} }) => (facts.simulated === true ? 'sim' : 'real') },
    { title: 'AGE', cell: (request, now) => age(request.at, now), right: true },
    { title: 'FROM', cell: request => request.address ?? '-' },
    { title: 'WHY', cell: request => request.why ?? '' },
    { title: 'KEY', cell: request => request.fingerprint ?? '-', wide: true },
  ],
}

const STATUS_TONES: Readonly<Record<string, Tone>> = {
  settled: 'good',
  progressing: 'warn',
  held: 'warn',
  failed: 'bad',
  unsupported: 'dim',
  unavailable: 'bad',
}

export const sectionView: View<SectionLine> = {
  kind: 'Section',
  name: line => line.section,
  empty: 'muster section set <host> <section> -f <file>',
  columns: [
    { title: 'SECTION', cell: line => line.section },
    { title: 'STATUS', cell: line => line.status ?? '-', tone: line => STATUS_TONES[line.status ?? ''] },
    { title: 'DESIRED', cell: line => String(line.desiredRevision ?? '-'), right: true },
    { title: 'REPORTED', cell: line => String(line.reportedRevision ?? '-'), right: true },
    { title: 'AGE', cell: (line, now) => age(line.at, now), right: true },
    {
      title: 'PLUGIN',
      cell: line => (line.plugin === undefined ? '-' : `${line.plugin.name} ${line.plugin.version}`),
      wide: true,
    },
    {
      title: 'WHY',
      cell: ({ problem }) => (problem === undefined ? '' : `${problem.detail ?? problem.title} [${problem.code}]`),
    },
  ],
}

export const accessTokenView: View<AccessToken> = {
  kind: 'AccessToken',
  name: token => token.id,
  columns: [
    { title: 'ID', cell: token => token.id },
    { title: 'NAME', cell: token => token.name },
    { title: 'ROLE', cell: token => token.role },
    { title: 'ENDS', cell: (token, now) => remaining(token.expiresAt, now), right: true },
    { title: 'LAST USE', cell: (token, now) => age(token.lastUsedAt, now), right: true },
    { title: 'AGE', cell: (token, now) => age(token.createdAt, now), right: true, wide: true },
  ],
}

export const auditView: View<AuditEntry> = {
  kind: 'AuditEntry',
  name: entry => String(entry.n),
  columns: [
    { title: 'N', cell: entry => String(entry.n), right: true },
    { title: 'AGE', cell: (entry, now) => age(entry.at, now), right: true },
    { title: 'WHO', cell: ({ principal, name }) => name ?? principal.id },
    { title: 'ACTION', cell: entry => entry.action },
    { title: 'TARGET', cell: entry => entry.target },
    { title: 'OUTCOME', cell: entry => entry.outcome, tone: entry => (entry.outcome === 'done' ? undefined : 'bad') },
    { title: 'REASON', cell: entry => entry.reason ?? '' },
    { title: 'VIA', cell: ({ principal }) => `${principal.via} ${principal.address ?? ''}`.trim(), wide: true },
    { title: 'AT', cell: entry => entry.at, wide: true },
  ],
}

export const moduleView: View<ModuleLine> = {
  kind: 'Module',
  name: line => line.name,
  columns: [
    { title: 'MODULE', cell: line => line.name },
    { title: 'VERSION', cell: line => line.version },
    { title: 'STATE', cell: line => (line.enabled ? '● on' : '○ off'), tone: line => (line.enabled ? 'good' : 'dim') },
    { title: 'WHAT', cell: line => line.title ?? '' },
  ],
}

export type ContextRow = {
  readonly name: string
  readonly current: boolean
  readonly url: string
  readonly project: string
  readonly principal: string | undefined
  readonly signedIn: boolean
  /** SHA-256 of the pinned root; absent when the system's authorities are trusted. */
  readonly caFingerprint: string | undefined
}

export const contextView: View<ContextRow> = {
  kind: 'Context',
  name: row => row.name,
  empty: 'muster login https://<controller>:8443 --ca-fingerprint sha256:<fingerprint>',
  columns: [
    { title: 'USED', cell: row => (row.current ? '*' : '') },
    { title: 'NAME', cell: row => row.name },
    { title: 'URL', cell: row => row.url },
    { title: 'PROJECT', cell: row => row.project },
    { title: 'AS', cell: row => (row.signedIn ? (row.principal ?? 'somebody') : 'signed out') },
  ],
}
