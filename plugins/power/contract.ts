// SPDX-License-Identifier: Apache-2.0
/** The section `power`: since when the host is up, and the two acts that take it down. */
import { type Static, Type } from 'typebox'
import { type CommandType, defineSection, HOUR, MINUTE } from '../contract/index.ts'

/**
 * What a message to logged-in people may be: one line that starts with a letter, a digit or a character beyond ASCII,
 * and has nothing a shell or an option parser would take for its own, although neither ever sees it.
 */
export const MESSAGE_PATTERN =
  '^[A-Za-z0-9\\u00a1-\\u1fff\\u2030-\\ufeff][^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029$;|&<>`\\\\]*$'

export const PowerInput = Type.Object(
  {
    delaySeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_600 })),
    message: Type.Optional(Type.String({ maxLength: 200, pattern: MESSAGE_PATTERN })),
  },
  { additionalProperties: false },
)
export type PowerInput = Static<typeof PowerInput>

const Text = Type.String({ maxLength: 64 })

/** Read back after the host came up again: the boot it is in now. */
export const PowerOutput = Type.Object({ bootId: Text, bootedAt: Type.Optional(Text) })
export type PowerOutput = Static<typeof PowerOutput>

export const PowerObserved = Type.Object({
  bootId: Type.Optional(Text),
  /** RFC 3339. */
  bootedAt: Type.Optional(Text),
  /** Whether there is a program to take the host down with; it may still refuse. */
  canReboot: Type.Boolean(),
})
export type PowerObserved = Static<typeof PowerObserved>

/** How long a host may take to go down before the act counts as failed. */
export const GRACE_MS = 5 * MINUTE

const act = (title: string) =>
  ({
    title,
    input: PowerInput,
    output: PowerOutput,
    class: 1,
    ttlMs: 2 * MINUTE,
    // The longest delay that can be asked for, and the grace after it; the plugin itself ends sooner.
    timeoutMs: HOUR + GRACE_MS + MINUTE,
    impact: 'reboot',
  }) as const satisfies CommandType

export const power = defineSection({
  name: 'power',
  title: 'Power of the running system',
  desired: Type.Object({}, { additionalProperties: false }),
  observed: PowerObserved,
  commands: { reboot: act('Restart the operating system'), shutdown: act('Shut the operating system down') },
})
