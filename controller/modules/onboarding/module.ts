// SPDX-License-Identifier: Apache-2.0
/** Onboarding: join tokens, the lobby, certificates and their renewal. */
import { typed } from '../../http/http.ts'
import { certificateAuthority } from '../../kernel/authority.ts'
import { defineModule } from '../../kernel/module.ts'
import { onboardingBlockers } from './blockers.ts'
import { ONBOARDING_EVENTS } from './events.ts'
import { createFailures, createNonces } from './nonces.ts'
import { makeOwnerToken } from './owner-token.ts'
import { onboardingRoutes } from './routes.ts'
import { Config } from './schema.ts'
import { migrations } from './tables.ts'

export const onboarding = defineModule({
  name: 'onboarding',
  version: '1.0.0',
  title: 'Join tokens, lobby, certificates',
  config: Config,
  needs: { authority: certificateAuthority },
  wants: {},
  offers: {},
  serves: [],
  owns: [],
  events: ONBOARDING_EVENTS,
  migrations,
  ownerToken: makeOwnerToken,
  start: async ({ kernel, config, needs }) => {
    const parts = {
      kernel,
      authority: needs.authority,
      nonces: createNonces(kernel.clock, kernel.random),
      failures: createFailures(kernel.clock, config.failuresPerMinute ?? 10),
      lobby: {
        open: config.lobby ?? true,
        capacity: config.lobbyCapacity ?? 500,
        project: config.lobbyProject ?? 'default',
      },
      attemptsPerMinute: config.attemptsPerMinute ?? 600,
    }
    return { offers: {}, routes: http => onboardingRoutes(typed(http), parts), blockers: onboardingBlockers(kernel) }
  },
})
