// SPDX-License-Identifier: Apache-2.0
/** Reaches devices at their address: for machines in configured networks that dial in over no tunnel. */
import { X509Certificate } from 'node:crypto'
import { projectChain } from '../../../kernel/audit.ts'
import { SYSTEM } from '../../../kernel/permissions.ts'
import type { Tx } from '../../../store/store.ts'
import { type Dial, type OobParts, PORTS } from '../ports.ts'
import { problem } from '../problems.ts'
import { lanDial } from '../wsman/lan.ts'
import { type DeviceTls, fingerprint, overTls } from '../wsman/tls.ts'
import type { Device, Devices } from './devices.ts'
import { readAddress } from './lan-address.ts'
import type { OtherWay } from './reach.ts'

export type LanParts = OobParts & {
  readonly devices: Devices
  /** Whether an IP address may be dialled. */
  readonly allows: (address: string) => boolean
  /** PEM of the root that signs the certificates we give to devices of a project. */
  readonly ownRoot: (project: string) => Promise<string>
}

/** The four ports, and for each the one that says the same over TLS. */
const SECURED: Readonly<Record<number, number>> = {
  [PORTS.wsman]: PORTS.wsmanTls,
  [PORTS.wsmanTls]: PORTS.wsmanTls,
  [PORTS.redirection]: PORTS.redirectionTls,
  [PORTS.redirectionTls]: PORTS.redirectionTls,
}

/**
 * Leads to devices whose row has an address. Over TLS the device must show the pinned certificate, or one that we issued
 * to it; without either, the first one it shows is pinned when its row allows that, and refused otherwise.
 */
export function lanWay(parts: LanParts): OtherWay {
  return {
    via: 'lan',
    async open(device) {
      const address = device.address === undefined ? undefined : readAddress(device.address)
      if (address === undefined) return undefined
      const dial = guarded(parts, address.host)
      if (!address.secured) return { dial, port: PORTS.wsman }
      const trusts = await trustIn(parts, device)
      const tls = overTls(dial, { trusts, legacy: isOld(device) })
      return { dial: (port, signal) => tls(SECURED[port] ?? port, signal), port: PORTS.wsman }
    },
  }
}

/** The certificates a device shows at its address, leaf first; nothing is sent to it. Rejects with what dialling does. */
export async function shownBy(parts: LanParts, device: Device, signal: AbortSignal): Promise<readonly Uint8Array[]> {
  const address = device.address === undefined ? undefined : readAddress(device.address)
  if (address === undefined) throw problem('amt-not-connected', `guid : ${device.guid}`)
  let shown: readonly Uint8Array[] | undefined
  const look = (chain: readonly Uint8Array[]): boolean => {
    shown = chain
    return false
  }
  const dial = overTls(guarded(parts, address.host), { trusts: look, legacy: isOld(device) })
  await dial(PORTS.wsmanTls, signal).catch(thrown => {
    if (shown === undefined) throw thrown
  })
  if (shown === undefined) throw problem('amt-channel-refused', 'it showed no certificate')
  return shown
}

function guarded({ kernel, allows }: LanParts, host: string): Dial {
  const dial = lanDial(host, kernel.clock, { allows })
  return async (port, signal) => {
    if (SECURED[port] === undefined) throw problem('amt-channel-refused', `port ${port} is none of AMT's`)
    return dial(port, signal)
  }
}

/** Firmware before AMT 12 needs old versions of TLS and old ciphers. */
function isOld({ deviceInfo }: Device): boolean {
  const version = deviceInfo?.fwVersion
  return typeof version === 'string' && Number.parseInt(version, 10) < 12
}

async function trustIn(parts: LanParts, device: Device): Promise<DeviceTls['trusts']> {
  const root = await parts.ownRoot(device.project).catch(() => undefined)
  let pin = device.certHash
  return ([leaf]) => {
    if (leaf === undefined) return false
    const shown = fingerprint(leaf)
    if (pin !== undefined) return shown === pin
    if (root !== undefined && isOurs(leaf, root, device.guid)) return true
    if (!device.allowSelfSigned) return false
    pin = shown
    void keepPin(parts, device, shown)
    return true
  }
}

/** Whether our root has signed it for this device. */
function isOurs(leaf: Uint8Array, root: string, guid: string): boolean {
  const certificate = new X509Certificate(leaf)
  const names = certificate.subject.toLowerCase().split('\n')
  return names.includes(`cn=${guid}`) && certificate.verify(new X509Certificate(root).publicKey)
}

async function keepPin(parts: LanParts, device: Device, sha256: string): Promise<void> {
  const { kernel, devices, log } = parts
  const { project, guid } = device
  try {
    await kernel.store.change(async tx => {
      const present = await devices.find(tx, project, guid)
      // Whoever changed the row meanwhile knows better.
      if (present === undefined || present.certHash !== undefined || present.address !== device.address) return
      await devices.put(tx, project, guid, { certHash: sha256 })
      await recordPin(parts, tx, { project, guid, sha256 })
    })
  } catch (thrown) {
    log.error('the certificate of a device was not pinned', { guid, error: String(thrown) })
  }
}

type Pin = { readonly project: string; readonly guid: string; readonly sha256: string }

async function recordPin({ kernel }: LanParts, tx: Tx, { project, guid, sha256 }: Pin): Promise<void> {
  const detail = { sha256, why: 'the first one it showed' }
  await kernel.audit.append(tx, {
    chain: projectChain(project),
    principal: SYSTEM,
    action: 'oob.certificate.pinned',
    target: guid,
    outcome: 'done',
    detail,
  })
  await kernel.events.emit(tx, { project, type: 'oob.certificate.pinned', subject: guid, data: detail })
}
