// SPDX-License-Identifier: Apache-2.0
/** How webhooks may be used and how patient they are. */
import { type Static, Type } from 'typebox'
import { DAY, HOUR, SECOND } from '../../../plugins/contract/index.ts'

const Networks = Type.Array(Type.String({ maxLength: 50, description: 'CIDR' }), { maxItems: 64 })

export const WebhookConfig = Type.Object(
  {
    /** Only these networks may be reached; all but the forbidden ones when it is left out. */
    allow: Type.Optional(Networks),
    /** Networks that may not be reached, beside link-local, multicast and metadata addresses, which never may. */
    deny: Type.Optional(Networks),
    /** Lets plain http:// leave this machine; without it only loopback may be told without TLS. */
    plainHttp: Type.Optional(Type.Boolean()),
    perProject: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
    timeoutSeconds: Type.Optional(Type.Number({ minimum: 0.1, maximum: 60 })),
    /** The wait before the second attempt; it doubles with each further one. */
    firstRetrySeconds: Type.Optional(Type.Number({ minimum: 0.01, maximum: 3_600 })),
    longestRetrySeconds: Type.Optional(Type.Number({ minimum: 0.01, maximum: 86_400 })),
    /** When an event that could not be delivered becomes a dead letter. */
    giveUpHours: Type.Optional(Type.Number({ minimum: 0.0001, maximum: 720 })),
    /** A webhook of which nothing was delivered for so long is switched off. */
    disableAfterDays: Type.Optional(Type.Number({ minimum: 0.00001, maximum: 365 })),
  },
  { additionalProperties: false },
)
export type WebhookConfig = Static<typeof WebhookConfig>

export type Patience = {
  readonly timeoutMs: number
  readonly firstRetryMs: number
  readonly longestRetryMs: number
  readonly giveUpMs: number
  readonly disableAfterMs: number
}

export function patienceOf(config: WebhookConfig): Patience {
  return {
    timeoutMs: (config.timeoutSeconds ?? 10) * SECOND,
    firstRetryMs: (config.firstRetrySeconds ?? 10) * SECOND,
    longestRetryMs: (config.longestRetrySeconds ?? 3_600) * SECOND,
    giveUpMs: (config.giveUpHours ?? 24) * HOUR,
    disableAfterMs: (config.disableAfterDays ?? 3) * DAY,
  }
}
