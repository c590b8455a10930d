// SPDX-License-Identifier: Apache-2.0
/** Configuration of redirection: limits, recording, what is let through. */
import { type Static, Type } from 'typebox'

const Minutes = Type.Integer({ minimum: 1, maximum: 1_440 })

export const RedirectionConfig = Type.Object(
  {
    /** Ends a session of KVM or SOL in which nobody typed or moved for so long. 15 unless said otherwise. */
    idleMinutes: Type.Optional(Minutes),
    /** Ends any session of KVM or SOL after so long. */
    maxMinutes: Type.Optional(Minutes),
    /** Ends a session that serves an image after so long; installing takes hours. */
    imageMaxMinutes: Type.Optional(Minutes),
    sessionsPerPerson: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
    sessionsPerProject: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    /** Lets clients speak to the redirection port without our taking part (`p` other than 2). They need the password then. */
    rawSplice: Type.Optional(Type.Boolean()),
    /** Whether to look at the consent policy of a device before a session opens. On unless said otherwise. */
    checkConsent: Type.Optional(Type.Boolean()),
    recording: Type.Optional(
      Type.Object(
        {
          sol: Type.Optional(Type.Boolean()),
          kvm: Type.Optional(Type.Boolean()),
          /** Projects in which what people type is recorded too: passwords among it. */
          inputOfProjects: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 1_000 })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)
export type RedirectionConfig = Static<typeof RedirectionConfig>

/** The configuration with every default filled in; times in milliseconds. */
export type RedirectionRules = {
  readonly idleMs: number
  readonly maxMs: number
  readonly imageMaxMs: number
  readonly sessionsPerPerson: number
  readonly sessionsPerProject: number
  readonly rawSplice: boolean
  readonly checkConsent: boolean
  readonly recordSol: boolean
  readonly recordKvm: boolean
  readonly inputOfProjects: ReadonlySet<string>
}

export function rulesOf(config: RedirectionConfig): RedirectionRules {
  const minutes = (count: number): number => count * 60_000
  return {
    idleMs: minutes(config.idleMinutes ?? 15),
    maxMs: minutes(config.maxMinutes ?? 60),
    imageMaxMs: minutes(config.imageMaxMinutes ?? 480),
    sessionsPerPerson: config.sessionsPerPerson ?? 16,
    sessionsPerProject: config.sessionsPerProject ?? 256,
    rawSplice: config.rawSplice ?? false,
    checkConsent: config.checkConsent ?? true,
    recordSol: config.recording?.sol ?? true,
    recordKvm: config.recording?.kvm ?? false,
    inputOfProjects: new Set(config.recording?.inputOfProjects ?? []),
  }
}
