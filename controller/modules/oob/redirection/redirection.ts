// SPDX-License-Identifier: Apache-2.0
/** Redirection as a whole: the relay, terminals and images, with the routes that show and end them. */
import type { Log } from '../../../../plugins/contract/index.ts'
import type { Http } from '../../../http/http.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { SocketRoute } from '../../../kernel/socket.ts'
import type { Secrets } from '../../../secrets/secrets.ts'
import type { Devices } from '../devices/devices.ts'
import type { Reaches } from '../ports.ts'
import type { ToolkitTokens } from '../toolkit/tokens.ts'
import { type RedirectionConfig, rulesOf } from './config.ts'
import { type ConsentTries, createConsentTries } from './consent.ts'
import type { ImageStore } from './images.ts'
import { createLive, type Live } from './live.ts'
import type { RecordingSink } from './recording.ts'
import { type RelayRouteParts, relayRoute } from './relay-route.ts'
import { redirectionRoutes } from './routes.ts'
import { createServings, type Servings } from './serving.ts'
import { solRoute } from './sol.ts'

export type RedirectionParts = {
  readonly kernel: Kernel
  readonly secrets: Secrets
  readonly reaches: Reaches
  readonly devices: Devices
  readonly tokens: ToolkitTokens
  readonly recordings: RecordingSink
  readonly images: ImageStore
  readonly config: RedirectionConfig
  readonly log: Log
}

export type ServingParts = RelayRouteParts & { readonly images: ImageStore }

export interface Redirection {
  readonly sockets: readonly SocketRoute[]
  routes(http: Http): void
  readonly live: Live
  /** Asked and told by whoever passes consent codes on. */
  readonly consent: ConsentTries
  readonly servings: Servings
  /** Ends every session and resolves when all are written down. */
  stop(): Promise<void>
}

export function createRedirection(parts: RedirectionParts): Redirection {
  const { kernel } = parts
  const rules = rulesOf(parts.config)
  const live = createLive({ rules, clock: kernel.clock, random: kernel.random })
  const consent = createConsentTries(kernel.clock)
  const shared: ServingParts = { ...parts, rules, live, consent }
  const servings = createServings(shared)
  return {
    sockets: [relayRoute(shared), solRoute(shared)],
    routes: http => redirectionRoutes(http, { ...shared, servings }),
    live,
    consent,
    servings,
    stop: () => live.stop('shutdown'),
  }
}
