// SPDX-License-Identifier: Apache-2.0
/** The messages between the agent and the helper: one connection for each request, one JSON object a line each way. */
import { type Static, Type } from 'typebox'
import {
  CommandMessage,
  DesiredMessage,
  HOST_ID_PATTERN,
  ProblemDocument,
  SECOND,
  SEGMENT_PATTERN,
} from '../../plugins/contract/index.ts'

/** Both sides come from one package; a helper that was not restarted by an upgrade is told apart by this. */
export const PROTOCOL = 1
/** Largest request: a desired document, a few commands, and a file to put. */
export const MAX_REQUEST_BYTES = 262_144
/** Largest answer: what a program printed, spelled as JSON. */
export const MAX_ANSWER_BYTES = 4_194_304
/** How much of each output of a program is kept. */
export const MAX_OUTPUT_BYTES = 262_144
/** Most messages that one request may carry. */
export const MAX_MESSAGES = 6
/** How long a client may take to send its line, and to take the answer. */
export const LINE_WITHIN_MS = 5 * SECOND

const Evidence = Type.Union([
  Type.Object({ kind: Type.Literal('command'), message: CommandMessage }),
  Type.Object({ kind: Type.Literal('desired'), message: DesiredMessage }),
])
/** A signed message as it came from the controller; the helper believes nothing else of what it is told. */
export type Evidence = Static<typeof Evidence>

export const Request = Type.Object(
  {
    v: Type.Literal(PROTOCOL),
    verb: Type.String({ pattern: '^[a-z]{1,16}\\.[a-z]{1,16}$' }),
    input: Type.Unknown(),
    /** What may authorise it; the helper chooses. */
    messages: Type.Array(Evidence, { maxItems: MAX_MESSAGES }),
  },
  { additionalProperties: false },
)
export type Request = Static<typeof Request>

export const Answer = Type.Union([
  Type.Object({ v: Type.Literal(PROTOCOL), output: Type.Unknown() }),
  Type.Object({ v: Type.Literal(PROTOCOL), problem: ProblemDocument }),
])
export type Answer = Static<typeof Answer>

/** What a helper says of itself. */
export const Greeting = Type.Object({
  version: Type.String({ maxLength: 64 }),
  verbs: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 64 }),
  /** Absent until an enrollment as root has given it what to trust. */
  trusts: Type.Optional(
    Type.Object({
      host: Type.String({ pattern: HOST_ID_PATTERN }),
      project: Type.String({ pattern: SEGMENT_PATTERN }),
      installation: Type.String({ maxLength: 64 }),
      version: Type.Integer(),
      epoch: Type.Integer(),
    }),
  ),
})
export type Greeting = Static<typeof Greeting>
