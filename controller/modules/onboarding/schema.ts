// SPDX-License-Identifier: Apache-2.0
/** The shapes of the operators' routes of enrollment, and the module's configuration. */
import { Type } from 'typebox'
import { DAY, MINUTE } from '../../../plugins/contract/index.ts'
import { SiteId } from '../../http/host-bodies.ts'
import { HostIdText, Metadata, ProjectName, Time, UlidText } from '../../http/schemas.ts'

export const Config = Type.Object(
  {
    /** Whether machines without a join token may wait for approval. */
    lobby: Type.Optional(Type.Boolean()),
    /** How many may wait at once. */
    lobbyCapacity: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    /** The project in which machines without a join token wait. */
    lobbyProject: Type.Optional(ProjectName),
    /** Failed attempts an address may make in a minute. */
    failuresPerMinute: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    /** Attempts of any kind an address may make in a minute. */
    attemptsPerMinute: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  },
  { additionalProperties: false },
)

const TokenId = Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' })
export const OfToken = Type.Object({ project: ProjectName, token: TokenId })
export const OfRequest = Type.Object({ project: ProjectName, request: UlidText })

export const NewToken = Type.Object(
  {
    uses: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    expiresInMs: Type.Optional(Type.Integer({ minimum: 5 * MINUTE, maximum: 30 * DAY })),
    labels: Type.Optional(Metadata),
    needsApproval: Type.Optional(Type.Boolean()),
    serial: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'Serial number or UUID of the only machine it is for' }),
    ),
    cidr: Type.Optional(Type.String({ maxLength: 50, description: 'The only network it may be used from' })),
    host: Type.Optional(HostIdText),
    siteId: Type.Optional(SiteId),
    note: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)

export const TokenResource = Type.Object({
  id: TokenId,
  uses: Type.Integer(),
  used: Type.Integer(),
  expiresAt: Time,
  labels: Metadata,
  needsApproval: Type.Boolean(),
  serial: Type.Optional(Type.String()),
  cidr: Type.Optional(Type.String()),
  host: Type.Optional(Type.String({ description: 'The host its machine becomes' })),
  siteId: Type.Optional(Type.String({ description: 'The site its machines stand at' })),
  note: Type.String(),
  createdAt: Time,
  createdBy: Type.String(),
  lastUsedAt: Type.Optional(Time),
  lastUsedFrom: Type.Optional(Type.String()),
  revokedAt: Type.Optional(Time),
})

export const MadeToken = Type.Object({
  id: TokenId,
  token: Type.String({ description: 'Shown once' }),
  expiresAt: Time,
  url: Type.String({ description: 'Where the machine should enroll' }),
})

export const RequestResource = Type.Object({
  id: UlidText,
  at: Time,
  address: Type.String(),
  facts: Type.Unknown(),
  why: Type.String(),
  fingerprint: Type.String({ description: 'SHA-256 of the machine’s key' }),
  agent: Type.String(),
  reclaims: Type.Optional(Type.String({ description: 'The host it is to become' })),
  token: Type.Optional(Type.String({ description: 'Id of the join token it brought' })),
  waitsFor: Type.Enum(['decision', 'onboarding', 'registration']),
})

export const Accept = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 50, pattern: '^[a-zA-Z0-9_./: -]+$' })),
    metadata: Type.Optional(Metadata),
    siteId: Type.Optional(SiteId),
  },
  { additionalProperties: false },
)
export const Refuse = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 500 }) },
  { additionalProperties: false },
)
