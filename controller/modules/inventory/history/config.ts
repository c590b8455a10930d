// SPDX-License-Identifier: Apache-2.0
/** How much of the past is kept. */
import { type Static, Type } from 'typebox'
import { DAY } from '../../../../plugins/contract/index.ts'

export const HistoryConfig = Type.Object(
  {
    /** Values that have not held for so long are forgotten. */
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_650 })),
    /** At most so many values of a host's record, status and presence each. */
    values: Type.Optional(Type.Integer({ minimum: 2, maximum: 100_000 })),
    /** At most so many documents of each section of a host. */
    documents: Type.Optional(Type.Integer({ minimum: 2, maximum: 10_000 })),
  },
  { additionalProperties: false },
)

export type Kept = { readonly ms: number; readonly values: number; readonly documents: number }

export function keptBy({ days = 90, values = 500, documents = 50 }: Static<typeof HistoryConfig> = {}): Kept {
  return { ms: days * DAY, values, documents }
}
