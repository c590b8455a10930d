// SPDX-License-Identifier: Apache-2.0
/** Puts out-of-band management together: tunnels, clients, services, interfaces and the loops that keep devices right. */
import type { Blobs } from '../../blobs/blobs.ts'
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
import type { OobConfig } from './config.ts'
import { createConvergence } from './converge/converge.ts'
import { createDrift } from './converge/drift.ts'
import { createPlaybooks } from './converge/playbooks.ts'
import { keepDetection } from './detections.ts'
import { agentWay } from './devices/agent-way.ts'
import type { Devices } from './devices/devices.ts'
import { lanNetworks } from './devices/lan-networks.ts'
import { type LanParts, lanWay } from './devices/lan-way.ts'
import { createReaches } from './devices/reach.ts'
import { createDevices } from './devices/store.ts'
import { type Door, keepCertificates, openDoor } from './door.ts'
import { createWsmanMeter, tunnelMeasures } from './measures.ts'
import type { OobParts, Reaches, Tunnels } from './ports.ts'
import { ensureDefaults, isDefaultName } from './records/defaults.ts'
import { domainFor, provisioningCertificate, resolveProfile } from './records/resolve.ts'
import { nagAboutPasswords } from './records/shared-passwords.ts'
import { find } from './records/store.ts'
import { createRedirection, type Redirection } from './redirection/redirection.ts'
import { mountSurfaces } from './surfaces.ts'
import { readAccounts } from './toolkit/accounts.ts'
import { createToolkitTokens } from './toolkit/tokens.ts'

export type AssembleParts = {
  readonly kernel: Kernel
  readonly config: OobConfig
  readonly authority: CertificateAuthority
  readonly secrets: Secrets
  readonly files: SecretFiles
  readonly blobs: Blobs
  readonly streams: Streams
}

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
  const loops = createLoops(given, { parts, devices, door, reaches, redirection, tunnels, prepare, offer })
  const { converge, drift, playbooks, activation } = loops
  await activation.recover()
  await followAddress(parts, offer)
  await converge.resume()
  await drift.resume()
  await playbooks.resume()
  const renewing = keepCertificates(parts, door)
  const nagging = nagAboutPasswords(defaults)
  return {
    facet: converge.facet,
    patch: converge.patch,
    onReport: keepDetection(kernel, (project, host) => {
      converge.reported(project, host)
      drift.reported(project, host)
    }),
    sockets: [...activation.sockets, ...redirection.sockets],
    measures: [...meter.measures, ...tunnelMeasures({ ...door, sessions: () => redirection.live.size })],
    authenticate: (token, address) => tokens.authenticate(token, address),
    routes: http =>
      mountSurfaces(http, {
        ...given,
        ...loops,
        parts,
        devices,
        door,
        lan,
        reaches,
        redirection,
        defaults,
        offer,
        toolkit,
        tokens,
      }),
    leaveProject: async project => {
      await redirection.live.leave(project, 'its project was deleted')
      for (const tunnel of [...tunnels().all()])
        if (tunnel.project === project) tunnel.close('operator', 'its project was deleted')
    },
    stop: async () => {
      renewing()
      nagging()
      await activation.stop()
      await playbooks.stop()
      await drift.stop()
      await converge.stop()
      await redirection.stop()
      reaches.close()
      await door.close()
    },
  }
}

type LoopParts = {
  readonly parts: OobParts
  readonly devices: Devices
  readonly door: Door
  readonly reaches: Reaches
  readonly redirection: Redirection
  readonly tunnels: () => Tunnels
  readonly prepare: (project: string) => Promise<void>
  readonly offer: (project: string) => Promise<void>
}

/** Everything that brings devices to what is wanted of them, and keeps them there. */
function createLoops(given: AssembleParts, made: LoopParts) {
  const { parts, devices, door, reaches, redirection, tunnels, prepare, offer } = made
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
  const certificates = createDeviceCertificates(parts)
  const keeping = { ...parts, devices, reaches, tunnels, redirections: redirection.live }
  const drift = createDrift({ ...keeping, certificates, resolveProfile })
  const { power, amt } = converge.door
  const playbooks = createPlaybooks({ ...keeping, power, amt, drift })
  door.events({
    connected: tunnel => {
      converge.connected(tunnel)
      drift.connected(tunnel)
    },
    disconnected: (tunnel, end) => converge.disconnected(tunnel, end),
  })
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
    certificates,
    ordered: (project, guid) => converge.ordered(project, guid),
    config: { ...ACTIVATION_DEFAULTS, ...given.config.activation },
  })
  return { converge, drift, playbooks, activation }
}

/** Where machines find the activation socket; a controller that listens everywhere calls itself localhost. */
function activationUrl(authority: CertificateAuthority): string {
  const address = new URL('/activate', authority.url())
  address.protocol = address.protocol === 'http:' ? 'ws:' : 'wss:'
  if (address.hostname === 'localhost') address.hostname = authority.host
  return address.href
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
