// SPDX-License-Identifier: Apache-2.0
/** The JSON form of a problem as a schema, apart from the class so that programs which only throw load no schemas. */
import { type Static, Type } from 'typebox'

/** A problem as it travels in JSON: RFC 9457 §3.1 members, and our `code`, `retry`, `next`, `fields`. */
export const ProblemDocument = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.Optional(Type.String()),
  code: Type.String(),
  retry: Type.Union([
    Type.Literal('never'),
    Type.Literal('backoff'),
    Type.Object({ afterMs: Type.Integer({ minimum: 0 }) }),
  ]),
  next: Type.Optional(Type.String()),
  fields: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})
export type ProblemDocument = Static<typeof ProblemDocument>
