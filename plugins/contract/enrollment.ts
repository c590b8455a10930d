// SPDX-License-Identifier: Apache-2.0
/** The messages of enrollment and renewal over HTTPS, as both sides read them. */
import { type Static, Type } from 'typebox'
import { HOST_ID_PATTERN, SEGMENT_PATTERN } from './ids.ts'
import { TrustBundle } from './trust.ts'

const Short = Type.String({ maxLength: 200 })
const Pem = Type.String({ maxLength: 8_192 })

/** What a machine says of itself, to be recognised again. Nothing in it is believed for access. */
export const HostFacts = Type.Object(
  {
    machineId: Type.Optional(Short),
    uuid: Type.Optional(Short),
    serial: Type.Optional(Short),
    product: Type.Optional(Short),
    hostname: Type.Optional(Short),
    macs: Type.Optional(Type.Array(Type.String({ maxLength: 32 }), { maxItems: 32 })),
    diskSerials: Type.Optional(Type.Array(Short, { maxItems: 64 })),
    /** A simulated host says so and is marked everywhere. */
    simulated: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type HostFacts = Static<typeof HostFacts>

/** `GET /enroll/v1/nonce`: good once, for five minutes. */
export const NonceAnswer = Type.Object({ nonce: Type.String({ minLength: 16, maxLength: 64 }) })
export type NonceAnswer = Static<typeof NonceAnswer>

/** `POST /enroll/v1/requests`. `proof`: ECDSA P-256 SHA-256 (P1363, base64url) over the nonce by the key of the CSR. */
export const EnrollRequest = Type.Object(
  {
    /** `<tokenId>.<secret>`; absent when the machine asks for the lobby. */
    token: Type.Optional(Type.String({ maxLength: 200 })),
    csr: Pem,
    nonce: Type.String({ maxLength: 64 }),
    proof: Type.String({ maxLength: 128 }),
    facts: HostFacts,
    agent: Type.String({ maxLength: 64 }),
  },
  { additionalProperties: false },
)
export type EnrollRequest = Static<typeof EnrollRequest>

export const Admission = Type.Object({
  status: Type.Literal('enrolled'),
  host: Type.String({ pattern: HOST_ID_PATTERN }),
  project: Type.String({ pattern: SEGMENT_PATTERN }),
  /** Leaf first, then the issuing authority. */
  certificate: Pem,
  trust: TrustBundle,
  /** Where the broker listens: `host:port`; the host part may be empty, then it is the one we were reached at. */
  broker: Type.String({ maxLength: 300 }),
  /** First session ticket. */
  ticket: Type.String({ minLength: 16, maxLength: 64 }),
})
export type Admission = Static<typeof Admission>

export const Waiting = Type.Object({
  status: Type.Literal('waiting'),
  request: Type.String({ maxLength: 64 }),
  /** Presented when polling. */
  secret: Type.String({ maxLength: 64 }),
  why: Type.String({ maxLength: 500 }),
  /** The host it would become again; its facts say that it was this one before. */
  reclaims: Type.Optional(Type.String({ pattern: HOST_ID_PATTERN })),
  retryAfterMs: Type.Integer({ minimum: 1_000 }),
})
export type Waiting = Static<typeof Waiting>

/** 201 with an admission, or 202 while somebody must approve. */
export const EnrollAnswer = Type.Union([Admission, Waiting])
export type EnrollAnswer = Static<typeof EnrollAnswer>

/** `POST /enroll/v1/requests/<request>`: asks again. */
export const PollRequest = Type.Object({ secret: Type.String({ maxLength: 64 }) }, { additionalProperties: false })
export type PollRequest = Static<typeof PollRequest>

/** `POST /enroll/v1/renew` and `/enroll/v1/rejoin`, with the present certificate in the TLS handshake. */
export const RenewRequest = Type.Object({ csr: Pem }, { additionalProperties: false })
export type RenewRequest = Static<typeof RenewRequest>

/** `POST /enroll/v1/leave`, with the certificate of the host in the TLS handshake: it is no host any more. */
export const LeaveAnswer = Type.Object({ host: Type.String({ pattern: HOST_ID_PATTERN }) })
export type LeaveAnswer = Static<typeof LeaveAnswer>

export const RenewAnswer = Type.Object({ certificate: Pem, trust: TrustBundle })
export type RenewAnswer = Static<typeof RenewAnswer>

/** `GET /enroll/v1/trust`: read before anything is trusted, so it proves nothing but what it is compared with. */
export const TrustAnswer = TrustBundle

/** `POST /enroll/v1/time`: `{ nonce }`, answered with a head signed by the command key (kind `time`). */
export const TimeRequest = Type.Object(
  { nonce: Type.String({ minLength: 16, maxLength: 64 }) },
  { additionalProperties: false },
)
export const TimeAnswer = Type.Object({
  head: Type.Object({ nonce: Type.String({ maxLength: 64 }), now: Type.String({ maxLength: 40 }) }),
  kid: Type.String({ maxLength: 64 }),
  sig: Type.String({ maxLength: 128 }),
})
export type TimeAnswer = Static<typeof TimeAnswer>
