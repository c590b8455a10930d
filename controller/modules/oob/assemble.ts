// SPDX-License-Identifier: Apache-2.0
/** Puts out-of-band management together: tunnels, clients, services, interfaces and the loops that keep devices right. */
import { HOUR } from '../../../plugins/contract/index.ts'
import type { Blobs } from '../../blobs/blobs.ts'
import { typed } from '../../http/http.ts'
import type { CertificateAuthority } from '../../kernel/authority.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Live } from '../../kernel/module.ts'
import type { KernelTables } from '../../kernel/tables/tables.ts'
import type { SecretFiles, Secrets } from '../../secrets/secrets.ts'
import type { Streams } from '../../streams/streams.ts'
import { type Activation, createActivation } from './activation/activation.ts'
import { createDeviceCertificates } from './activation/device-certificates.ts'
import { ACTIVATION_DEFAULTS } from './activation/parts.ts'
import { imagesIn, recordingsIn } from './blobs.ts'
import { profileChooser } from './choose.ts'
import { openCiraCertificates } from './cira/certificates.ts'
import { type Cira, createCira } from './cira/cira.ts'
import { endpointOf, type OobConfig } from './config.ts'
import { createConvergence } from './converge/converge.ts'
import { convergeRoutes } from './converge/routes.ts'
import { keepDetection } from './detections.ts'
import { createAccounts } from './devices/accounts.ts'
import { agentWay } from './devices/agent-way.ts'
import { certificateRoutes } from './devices/certificate-routes.ts'
import { lanNetworks } from './devices/lan-networks.ts'
import { type LanParts, lanWay } from './devices/lan-way.ts'
import { createDevicePresence, forgetTunnels } from './devices/presence.ts'
import { createReaches } from './devices/reach.ts'
import { createDevices } from './devices/store.ts'
import { endpointRoute } from './endpoint-route.ts'
import { createWsmanMeter, tunnelMeasures } from './measures.ts'
import { mpsRoutes, powerShortcuts } from './mps/routes.ts'
import type { CiraEvents, OobParts, Tunnels } from './ports.ts'
import { recordingRoutes } from './recordings-route.ts'
import { rpsFailure } from './records/answers.ts'
import { ensureDefaults, isDefaultName } from './records/defaults.ts'
import { policyRoutes } from './records/policy-routes.ts'
import { domainFor, provisioningCertificate, resolveProfile } from './records/resolve.ts'
import { rpsRoutes } from './records/routes.ts'
import { nagAboutPasswords, passwordWarnings, sharedPasswordRoutes } from './records/shared-passwords.ts'
import { find } from './records/store.ts'
import { createRedirection } from './redirection/redirection.ts'
import { oobRoutes } from './routes.ts'
import { readAccounts } from './toolkit/accounts.ts'
import { authorizeRoutes } from './toolkit/authorize.ts'
import { frameRoots } from './toolkit/frame.ts'
import { createToolkitTokens } from './toolkit/tokens.ts'
import { mountToolkit } from './toolkit/toolkit.ts'

export type AssembleParts = {
  readonly kernel: Kernel
  readonly config: OobConfig
  readonly authority: CertificateAuthority
  readonly secrets: Secrets
  readonly files: SecretFiles
  readonly blobs: Blobs
  readonly streams: Streams
}

const MPS = ['/api/v1', '/mps/api/v1', '/v1/projects/:project/oob/mps'] as const
const RPS = ['/api/v1/admin', '/rps/api/v1/admin', '/v1/projects/:project/oob/rps'] as const
/** Gateways have two requests under a path of their own. */
const SHORTCUTS = ['/device'] as const
/** Where all of these begin, our own interface left out. */
const ROOTS = ['/api/v1', '/mps', '/rps', '/device'] as const
const SIGN_IN = ['/api/v1', '/mps/api/v1', '/mps/login/api/v1', '/v1/projects/:project/oob/mps'] as const

export async function assemble(given: AssembleParts): Promise<Omit<Live<Record<never, never>>, 'offers'>> {
  const { kernel, config, secrets } = given
  const parts: OobParts = { kernel, secrets, log: kernel.log }
  const devices = createDevices({ secrets, now: () => kernel.clock.now() })
  const door = await openDoor(given, parts, devices)
  const tunnels = (): Tunnels => door.cira.tunnels
  const { lan, others } = otherWays(given, { ...parts, devices, ownRoot: door.root })
  const meter = createWsmanMeter(() => kernel.clock.monotonic())
  const reaches = createReaches({ ...parts, devices, meter, tunnels, others })
  const defaults = { ...parts, ciraRoot: door.root, announced: door.announced }
  const prepare = (project: string): Promise<void> => ensureDefaults(defaults, project)
  /** For those who only look: what cannot be made is missing then. */
  const offer = (project: string): Promise<void> =>
    prepare(project).catch(thrown =>
      parts.log.warn('a project has no profiles of its own', { project, error: String(thrown) }),
    )
  const accounts = await readAccounts(config.toolkit ?? {}, async file =>
    (await given.files.read(file)).use(text => text),
  )
  const toolkit = { ...parts, config: config.toolkit ?? {}, accounts }
  const tokens = createToolkitTokens(toolkit)
  const redirection = createRedirection({
    ...parts,
    reaches,
    devices,
    tokens,
    recordings: recordingsIn(given.blobs),
    images: imagesIn(given.blobs),
    config: config.redirection ?? {},
  })
  const converge = createConvergence({
    ...parts,
    devices,
    reaches,
    tunnels,
    redirections: redirection.live,
    choose: profileChooser(parts, prepare),
    unprovision: async (project, guid, signal) => {
      const { wsman } = await reaches.reach(project, guid)
      await activation.provisioner.unprovision({ project, guid, wsman, signal })
    },
    server: () => ({
      url: activationUrl(given.authority),
      trust: given.authority.isPublic ? 'system' : 'any',
    }),
  })
  door.events(converge)
  const activation: Activation = createActivation({
    ...parts,
    devices,
    reaches,
    records: {
      // A machine may name the profile of a project before anybody has looked at it.
      resolveProfile: async (db, keep, name) => {
        if (isDefaultName(name.project, name.name)) await offer(name.project)
        return resolveProfile(db, keep, name)
      },
      domainFor,
      provisioningCertificate,
    },
    certificates: createDeviceCertificates(parts),
    ordered: (project, guid) => converge.ordered(project, guid),
    config: { ...ACTIVATION_DEFAULTS, ...config.activation },
  })
  await activation.recover()
  await followAddress(parts, offer)
  await converge.resume()
  const renewing = keepCertificates(parts, door)
  const nagging = nagAboutPasswords(defaults)
  return {
    facet: converge.facet,
    patch: converge.patch,
    onReport: keepDetection(kernel, (project, host) => converge.reported(project, host)),
    sockets: [...activation.sockets, ...redirection.sockets],
    measures: [...meter.measures, ...tunnelMeasures({ ...door, sessions: () => redirection.live.size })],
    authenticate: (token, address) => tokens.authenticate(token, address),
    routes: http => {
      const native = typed(http)
      oobRoutes(native, kernel)
      convergeRoutes(native, converge.door)
      endpointRoute(native, {
        ...door,
        ports: door.cira,
        warnings: project => passwordWarnings(parts, project),
      })
      sharedPasswordRoutes(native, defaults)
      activation.routes(native)
      redirection.routes(native)
      recordingRoutes(native, kernel, given.blobs)
      policyRoutes(native, kernel)
      certificateRoutes(native, { ...lan, reaches })
      const { consent, live: redirections } = redirection
      const mps = { ...parts, devices, reaches, tunnels: tunnels(), redirections, consent, ciraRoot: door.root }
      const origins = config.toolkit?.corsOrigins
      frameRoots(http, { roots: ROOTS, origins })
      mountToolkit(http, { prefixes: MPS, routes: mpsRoutes(mps), origins })
      mountToolkit(http, { prefixes: SHORTCUTS, routes: powerShortcuts(mps), origins })
      mountToolkit(http, { prefixes: SIGN_IN, routes: authorizeRoutes({ ...toolkit, tokens, devices }), origins })
      mountToolkit(http, {
        prefixes: RPS,
        routes: rpsRoutes({ ...parts, prepare: offer }),
        failure: rpsFailure,
        origins,
      })
    },
    stop: async () => {
      renewing()
      nagging()
      await activation.stop()
      await converge.stop()
      await redirection.stop()
      reaches.close()
      await door.close()
    },
  }
}

/** Ways to devices without a tunnel: at their address, else through the agent of their host. */
function otherWays({ config, streams }: AssembleParts, parts: Omit<LanParts, 'allows'>) {
  const lan: LanParts = { ...parts, allows: lanNetworks(config.lan?.networks ?? []) }
  return { lan, others: [lanWay(lan), agentWay({ ...parts, streams })] }
}

/** Projects that have a configuration leading here have it lead to the present address and root. */
async function followAddress({ kernel }: OobParts, offer: (project: string) => Promise<void>): Promise<void> {
  const rows = await kernel.store.installation<KernelTables>().selectFrom('kernel_projects').select('name').execute()
  for (const { name } of rows)
    if ((await find(kernel.store, name, { kind: 'cira', name })) !== undefined) await offer(name)
}

type Door = Awaited<ReturnType<typeof openDoor>>

/** The port that firmware dials, its certificates, and who is connected. */
async function openDoor(given: AssembleParts, parts: OobParts, devices: ReturnType<typeof createDevices>) {
  const { kernel, authority, config } = given
  const { cira: settings = {} } = config
  const certificates = await openCiraCertificates({ ...parts, ...kernel, address: settings.address ?? authority.host })
  for (const [project, address] of Object.entries(settings.projects ?? {}))
    await certificates.addProject(project, address)
  await forgetTunnels(parts)
  const presence = createDevicePresence(parts)
  const refusals = new Map<string, number>()
  let woken: Pick<CiraEvents, 'connected' | 'disconnected'> | undefined
  const cira: Cira = await createCira({
    ...kernel,
    listen: endpointOf(settings.listen),
    ...(settings.legacyListen === undefined ? {} : { legacy: endpointOf(settings.legacyListen) }),
    ...(settings.windowBytes === undefined ? {} : { window: settings.windowBytes }),
    ...(settings.connections === undefined ? {} : { limits: { connections: settings.connections } }),
    certificates,
    accounts: createAccounts(parts, devices),
    events: {
      connected: tunnel => {
        presence.connected(tunnel)
        woken?.connected(tunnel)
      },
      disconnected: (tunnel, end) => {
        presence.disconnected(tunnel, end)
        woken?.disconnected(tunnel, end)
      },
      refused: what => {
        refusals.set(what.code, (refusals.get(what.code) ?? 0) + 1)
        parts.log.info('refused a device', what)
      },
      flapping: (guid, addresses) => parts.log.warn('one GUID dials in from several addresses', { guid, addresses }),
    },
  })
  return {
    cira,
    certificates,
    presence,
    refusals,
    load: () => {
      const { waiting, unauthenticated } = cira.load()
      const refused = [...refusals.values()].reduce((sum, count) => sum + count, 0)
      return { tunnels: cira.tunnels.size, waiting: waiting + unauthenticated, refused }
    },
    root: async (project: string): Promise<string> => certificates.root(project).pem,
    announced: (project: string) => ({ host: certificates.root(project).address, port: settings.port ?? cira.port }),
    events: (listener: Pick<CiraEvents, 'connected' | 'disconnected'>): void => {
      woken = listener
    },
    close: async () => {
      await cira.close()
      await presence.stop()
    },
  }
}

/** Looks every hour whether a certificate of the tunnels is due. */
function keepCertificates({ kernel, log }: OobParts, { certificates, cira }: Door): () => void {
  let stop = (): void => {}
  const look = async (): Promise<void> => {
    try {
      if (await certificates.renewDue()) cira.renew()
    } catch (thrown) {
      log.error('the certificate of the tunnels was not renewed', { error: String(thrown) })
    }
    stop = kernel.clock.after(HOUR, () => void look())
  }
  stop = kernel.clock.after(HOUR, () => void look())
  return () => stop()
}
