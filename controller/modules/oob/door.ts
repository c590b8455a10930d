// SPDX-License-Identifier: Apache-2.0
/** The door of the devices: the port they dial, its certificates, and who is connected. */
import { HOUR } from '../../../plugins/contract/index.ts'
import type { CertificateAuthority } from '../../kernel/authority.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { openCiraCertificates } from './cira/certificates.ts'
import { type Cira, createCira } from './cira/cira.ts'
import { endpointOf, type OobConfig } from './config.ts'
import { createAccounts } from './devices/accounts.ts'
import type { Devices } from './devices/devices.ts'
import { createDevicePresence, forgetTunnels } from './devices/presence.ts'
import type { CiraEvents, OobParts } from './ports.ts'

export type Door = Awaited<ReturnType<typeof openDoor>>

export type DoorParts = {
  readonly kernel: Kernel
  readonly authority: CertificateAuthority
  readonly config: OobConfig
}

/** The port that firmware dials, its certificates, and who is connected. */
export async function openDoor(given: DoorParts, parts: OobParts, devices: Devices) {
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
export function keepCertificates({ kernel, log }: OobParts, { certificates, cira }: Door): () => void {
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
