// SPDX-License-Identifier: Apache-2.0
/** Schemas that several routes share. */
import { Type } from 'typebox'
import {
  Capability,
  HOST_ID_PATTERN,
  ProblemDocument,
  SEGMENT_PATTERN,
  ULID_PATTERN,
} from '../../plugins/contract/index.ts'

export const ProjectName = Type.String({ pattern: SEGMENT_PATTERN, description: 'Name of the project' })
export const HostIdText = Type.String({ pattern: HOST_ID_PATTERN, description: 'Id of the host' })
export const UlidText = Type.String({ pattern: ULID_PATTERN })
export const SectionName = Type.String({ pattern: SEGMENT_PATTERN, description: 'Name of the section' })
export const Time = Type.String({ description: 'RFC 3339, UTC' })

/** Why something is done, where there is no body that could say it. */
export const Because = Type.Object(
  {
    reason: Type.Optional(
      Type.String({ minLength: 1, maxLength: 500, description: 'Why; it is kept in the audit beside your name' }),
    ),
  },
  { additionalProperties: false },
)

export const InProject = Type.Object({ project: ProjectName })
export const OfHost = Type.Object({ project: ProjectName, host: HostIdText })

const KEY_PATTERN = '^([a-z.]{1,253}/)?[a-z0-9]([a-z0-9_.-]{0,61}[a-z0-9])?$'
const VALUE_PATTERN = '^([a-z0-9]([a-z0-9._-]*[a-z0-9])?)?$'

/** A label, in EIM's shape: a prefix of at most 253 characters, a slash, and a name of at most 63. */
export const MetadataItem = Type.Object(
  {
    key: Type.String({ minLength: 1, maxLength: 316, pattern: KEY_PATTERN }),
    value: Type.String({ maxLength: 63, pattern: VALUE_PATTERN }),
  },
  { additionalProperties: false },
)
export const Metadata = Type.Array(MetadataItem, { maxItems: 100 })

export const PresenceResource = Type.Object({
  online: Type.Boolean(),
  since: Time,
  lastSeen: Time,
  reason: Type.Optional(Type.String()),
  standing: Type.Enum(['active', 'quarantined']),
  standingWhy: Type.Optional(Type.String()),
  bootId: Type.Optional(Type.String()),
  agent: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  transport: Type.Optional(Type.String()),
  clockSkewMs: Type.Optional(Type.Integer()),
})

export const Command = Type.Object({
  id: UlidText,
  host: HostIdText,
  section: Type.String(),
  name: Type.String(),
  input: Type.Unknown(),
  state: Type.Enum(['queued', 'sent', 'succeeded', 'failed', 'refused', 'expired', 'cancelled']),
  principal: Type.String(),
  reason: Type.Optional(Type.String()),
  createdAt: Time,
  expiresAt: Time,
  sentAt: Type.Optional(Time),
  finishedAt: Type.Optional(Time),
  output: Type.Optional(Type.Unknown()),
  problem: Type.Optional(ProblemDocument),
})

export { Capability, ProblemDocument }

/** What every route may answer beside its own. */
export const failures = { '4xx': ProblemDocument, '5xx': ProblemDocument } as const
