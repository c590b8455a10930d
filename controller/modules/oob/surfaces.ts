// SPDX-License-Identifier: Apache-2.0
/** Every route of out-of-band management: our own, and those of MPS, RPS and their gateways. */
import type { FastifyInstance } from 'fastify'
import type { Blobs } from '../../blobs/blobs.ts'
import { type Http, typed } from '../../http/http.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Activation } from './activation/activation.ts'
import type { OobConfig } from './config.ts'
import type { Convergence } from './converge/converge.ts'
import type { Drift } from './converge/drift.ts'
import type { Playbooks } from './converge/playbooks.ts'
import { readinessRoute } from './converge/readiness-route.ts'
import { convergeRoutes } from './converge/routes.ts'
import { certificateRoutes } from './devices/certificate-routes.ts'
import type { Devices } from './devices/devices.ts'
import type { LanParts } from './devices/lan-way.ts'
import { guardDevices } from './devices/place.ts'
import type { Door } from './door.ts'
import { endpointRoute } from './endpoint-route.ts'
import { mpsRoutes, powerShortcuts } from './mps/routes.ts'
import type { OobParts, Reaches } from './ports.ts'
import { recordingRoutes } from './recordings-route.ts'
import { rpsFailure } from './records/answers.ts'
import type { DefaultsParts } from './records/defaults.ts'
import { domainCheckRoute } from './records/domain-check.ts'
import { createPfxReader } from './records/pfx-worker.ts'
import { policyRoutes } from './records/policy-routes.ts'
import { rpsRoutes } from './records/routes.ts'
import { passwordWarnings, sharedPasswordRoutes } from './records/shared-passwords.ts'
import type { Redirection } from './redirection/redirection.ts'
import { oobRoutes } from './routes.ts'
import { type AuthorizeParts, authorizeRoutes } from './toolkit/authorize.ts'
import { frameRoots } from './toolkit/frame.ts'
import { mountToolkit } from './toolkit/toolkit.ts'

const MPS = ['/api/v1', '/mps/api/v1', '/v1/projects/:project/oob/mps'] as const
const RPS = ['/api/v1/admin', '/rps/api/v1/admin', '/v1/projects/:project/oob/rps'] as const
/** Gateways have two requests under a path of their own. */
const SHORTCUTS = ['/device'] as const
/** Where all of these begin, our own interface left out. */
const ROOTS = ['/api/v1', '/mps', '/rps', '/device'] as const
const SIGN_IN = ['/api/v1', '/mps/api/v1', '/mps/login/api/v1', '/v1/projects/:project/oob/mps'] as const

export type SurfaceParts = {
  readonly kernel: Kernel
  readonly config: OobConfig
  readonly blobs: Blobs
  readonly parts: OobParts
  readonly devices: Devices
  readonly door: Door
  readonly lan: LanParts
  readonly reaches: Reaches
  readonly redirection: Redirection
  readonly converge: Convergence
  readonly drift: Pick<Drift, 'routes'>
  readonly playbooks: Pick<Playbooks, 'routes'>
  readonly activation: Activation
  readonly defaults: DefaultsParts
  /** Makes what a project has without anybody asking; for those who only look. */
  readonly offer: (project: string) => Promise<void>
  readonly toolkit: Omit<AuthorizeParts, 'tokens' | 'devices'>
  readonly tokens: AuthorizeParts['tokens']
}

/** Mounts our own interface and, in the words of the toolkit, its own. */
export function mountSurfaces(http: FastifyInstance, given: SurfaceParts): void {
  ownRoutes(http, given)
  toolkitRoutes(http, given)
}

function ownRoutes(http: FastifyInstance, given: SurfaceParts): void {
  const { kernel } = given
  // In a scope of their own, so that the guard looks at the devices of their paths.
  void http.register(async scope => {
    guardDevices(scope, { kernel })
    mountOwn(typed(scope), given)
  })
}

function mountOwn(native: Http, given: SurfaceParts): void {
  const { kernel, parts, door, converge, activation, redirection, drift, playbooks, lan, reaches } = given
  oobRoutes(native, kernel)
  convergeRoutes(native, converge.door)
  readinessRoute(native, { ...converge.door, offer: given.offer, announced: door.announced })
  endpointRoute(native, { ...door, ports: door.cira, warnings: project => passwordWarnings(parts, project) })
  sharedPasswordRoutes(native, given.defaults)
  activation.routes(native)
  redirection.routes(native)
  drift.routes(native)
  playbooks.routes(native)
  recordingRoutes(native, kernel, given.blobs)
  policyRoutes(native, kernel)
  domainCheckRoute(native, { readPfx: createPfxReader(kernel.clock), now: () => kernel.clock.now() })
  certificateRoutes(native, { ...lan, reaches })
}

function toolkitRoutes(http: FastifyInstance, given: SurfaceParts): void {
  const { parts, devices, reaches, door, redirection, config, toolkit, tokens, offer, converge } = given
  const { consent, live: redirections } = redirection
  const { tunnels } = door.cira
  const mps = {
    ...parts,
    devices,
    reaches,
    tunnels,
    redirections,
    consent,
    released: converge.released,
    ciraRoot: door.root,
  }
  const origins = config.toolkit?.corsOrigins
  const guard = (scope: FastifyInstance): void => guardDevices(scope, given)
  frameRoots(http, { roots: ROOTS, origins })
  mountToolkit(http, { prefixes: MPS, routes: mpsRoutes(mps), guard, origins })
  mountToolkit(http, { prefixes: SHORTCUTS, routes: powerShortcuts(mps), guard, origins })
  mountToolkit(http, { prefixes: SIGN_IN, routes: authorizeRoutes({ ...toolkit, tokens, devices }), guard, origins })
  mountToolkit(http, {
    prefixes: RPS,
    routes: rpsRoutes({ ...parts, prepare: offer }),
    failure: rpsFailure,
    guard,
    origins,
  })
}
