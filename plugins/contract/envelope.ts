// SPDX-License-Identifier: Apache-2.0
/** The messages of the wire, as schemas; every message is one JSON object, and readers ignore members they do not know. */
import { type Static, Type } from 'typebox'
import { HOST_ID_PATTERN, SEGMENT_PATTERN, ULID_PATTERN } from './ids.ts'
import { ProblemDocument } from './problem-document.ts'
import { RFC3339_PATTERN } from './time.ts'

const Segment = Type.String({ pattern: SEGMENT_PATTERN })
const Ulid = Type.String({ pattern: ULID_PATTERN })
const Time = Type.String({ pattern: RFC3339_PATTERN, maxLength: 40 })
const Host = Type.String({ pattern: HOST_ID_PATTERN })
/** SHA-256 in base64url without padding. */
const Digest = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** Largest message of each kind, in bytes. */
export const MAX_BYTES = { presence: 4_096, document: 65_536, command: 16_384, receipt: 4_096 } as const
/** Deepest JSON a host or a controller reads. */
export const MAX_DEPTH = 16

/** Whom a signed message is for, and how old the installation that signed it is. */
const audience = {
  v: Type.Literal(1),
  installation: Type.String({ minLength: 1, maxLength: 64 }),
  /** Rises when the controller is restored from a backup; lower ones are stale. */
  epoch: Count,
  project: Segment,
  host: Host,
  issuedAt: Time,
}

/** An Ed25519 signature (RFC 8032) in base64url, by the command key `kid`, over prefix and canonical `head`. */
const signed = {
  kid: Type.String({ minLength: 1, maxLength: 64 }),
  sig: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' }),
}

export const CommandHead = Type.Object({
  ...audience,
  section: Segment,
  name: Segment,
  id: Ulid,
  expiresAt: Time,
  inputDigest: Digest,
  /** Who asked: `person:anna`, `service:ci`. */
  principal: Type.String({ maxLength: 200 }),
  reason: Type.Optional(Type.String({ maxLength: 500 })),
  /** Signatures of second persons, for commands of class 4. */
  approvals: Type.Array(Type.Unknown(), { maxItems: 8 }),
  /** Rises with every command to this host. */
  sequence: Count,
})
export type CommandHead = Static<typeof CommandHead>

/** `command/<section>`, to the host. */
export const CommandMessage = Type.Object({ head: CommandHead, input: Type.Unknown(), ...signed })
export type CommandMessage = Static<typeof CommandMessage>

export const DesiredHead = Type.Object({ ...audience, section: Segment, revision: Count, contentDigest: Digest })
export type DesiredHead = Static<typeof DesiredHead>

/** `desired/<section>`, to the host; `content: null` means "stop managing". */
export const DesiredMessage = Type.Object({ head: DesiredHead, content: Type.Unknown(), ...signed })
export type DesiredMessage = Static<typeof DesiredMessage>

/** What the controller tells a host when its session has begun. */
export const SessionHead = Type.Object({
  ...audience,
  /** To be presented at the next session start. */
  ticket: Type.String({ minLength: 16, maxLength: 64 }),
  /** The sections this controller reads; the host keeps the others to itself. */
  sections: Type.Array(Segment, { maxItems: 256 }),
  /** `quarantined` hosts may report presence and certificates only. */
  standing: Type.Enum(['active', 'quarantined']),
  /** Digest of the newest audit checkpoint; the host is its witness. */
  witness: Type.Optional(Type.String({ maxLength: 128 })),
})
export type SessionHead = Static<typeof SessionHead>

/** `receipt`, to the host: what is now durable at the controller, and at session start the session. */
export const ReceiptMessage = Type.Object({
  ids: Type.Array(Ulid, { maxItems: 100 }),
  session: Type.Optional(Type.Object({ head: SessionHead, ...signed })),
})
export type ReceiptMessage = Static<typeof ReceiptMessage>

export const ReportStatus = Type.Enum(['settled', 'progressing', 'held', 'failed', 'unsupported', 'unavailable'])
export type ReportStatus = Static<typeof ReportStatus>

export const StepDocument = Type.Object({
  do: Type.String({ maxLength: 64 }),
  impact: Type.Enum(['none', 'service', 'connectivity', 'reboot']),
  why: Type.String({ maxLength: 500 }),
})
export type StepDocument = Static<typeof StepDocument>

/** `reported/<section>`, from the host. `revision` names the desired it answers; 0 when there is none. */
export const ReportedMessage = Type.Object({
  id: Ulid,
  revision: Count,
  status: ReportStatus,
  /** `null` when nothing could be observed. */
  observed: Type.Unknown(),
  problem: Type.Optional(ProblemDocument),
  step: Type.Optional(StepDocument),
  plugin: Type.Object({ name: Segment, version: Type.String({ maxLength: 64 }) }),
  at: Time,
})
export type ReportedMessage = Static<typeof ReportedMessage>

export const ResultStatus = Type.Enum(['succeeded', 'failed', 'refused', 'expired'])
export type ResultStatus = Static<typeof ResultStatus>

/** `result`, from the host: what became of one command. */
export const ResultMessage = Type.Object({
  id: Ulid,
  command: Ulid,
  status: ResultStatus,
  output: Type.Optional(Type.Unknown()),
  problem: Type.Optional(ProblemDocument),
  startedAt: Type.Optional(Time),
  at: Time,
})
export type ResultMessage = Static<typeof ResultMessage>

/** What a host says of one of its plugins. */
export const Capability = Type.Object({
  section: Segment,
  plugin: Segment,
  version: Type.String({ maxLength: 64 }),
  supported: Type.Boolean(),
  why: Type.Optional(Type.String({ maxLength: 200 })),
})
export type Capability = Static<typeof Capability>

/** `presence`, from the host: birth, change of capabilities, farewell; and its only legal will. */
export const PresenceMessage = Type.Union([
  Type.Object({
    state: Type.Literal('online'),
    bootId: Type.String({ minLength: 1, maxLength: 64 }),
    /** From the last session, or from enrollment. */
    ticket: Type.String({ minLength: 16, maxLength: 64 }),
    agent: Type.String({ maxLength: 64 }),
    /** The revision it holds of each desired section, within `epoch`. */
    epoch: Count,
    holds: Type.Record(Segment, Count),
    capabilities: Type.Array(Capability, { maxItems: 64 }),
    /** What the local policy file denies: `power/reboot`, `terminal/*`. */
    denies: Type.Array(Type.String({ maxLength: 130 }), { maxItems: 32 }),
    at: Time,
  }),
  Type.Object({
    state: Type.Literal('offline'),
    bootId: Type.String({ minLength: 1, maxLength: 64 }),
    reason: Type.Enum(['lost', 'stopped', 'rebooting']),
  }),
])
export type PresenceMessage = Static<typeof PresenceMessage>
export type Birth = Extract<PresenceMessage, { state: 'online' }>
