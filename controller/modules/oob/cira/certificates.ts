// SPDX-License-Identifier: Apache-2.0
/** The certificates devices meet when they dial in: one root for the installation, and one for each project that wants its own. */
import { X509Certificate } from 'node:crypto'
import { DAY, type EpochMs, formatTime, type Log } from '../../../../plugins/contract/index.ts'
import type { Issuer } from '../../../../provisioning/pki/authority.ts'
import { CIRA_LIFE, issueCiraLeaf } from '../../../../provisioning/pki/cira.ts'
import { fingerprintOf } from '../../../../provisioning/pki/keys.ts'
import type { Material } from './listener.ts'
import { problem } from './problems.ts'
import { type KeptRoot, keptRoots, moveRoot, type RootsParts, rootFor } from './roots.ts'

/** How long before the end of a root somebody must know: every device has to be given the next one. */
const ROOT_WARNING_MS = 2 * 365 * DAY
/** The share of its life after which a server certificate is renewed. */
const RENEWED_AFTER = 2 / 3

export type CiraCertificatesParts = RootsParts & {
  readonly log: Log
  /** What devices are told to dial: a DNS name or an IP address. */
  readonly address: string
  readonly leafLifeMs?: number
}

/** What devices are configured with. */
export type CiraRoot = {
  /** `''` for the installation's own. */
  readonly project: string
  readonly address: string
  /** PEM of one certificate. */
  readonly pem: string
  /** SHA-256, lower-case hexadecimal. */
  readonly fingerprint: string
  readonly notAfter: EpochMs
  /** Of the server certificate in use. */
  readonly leafNotAfter: EpochMs
}

export interface CiraCertificates {
  /** The root devices of a project are given: its own, or the installation's. */
  root(project: string): CiraRoot
  /** The root a project has of its own. */
  rootOf(project: string): CiraRoot | undefined
  /** What a device is shown that asked for a server name; the installation's own when nobody has that name. */
  contextFor(serverName: string | undefined): Material
  /**
   * Gives a project a root and an address of its own; called again, changes the address and keeps the root.
   * Throws `cira-address-taken` and `cira-root-incomplete`.
   */
  addProject(project: string, address: string): Promise<CiraRoot>
  /** Renews server certificates after two thirds of their life and warns of roots that end; tells whether one is new. */
  renewDue(): Promise<boolean>
}

type Held = {
  readonly root: CiraRoot
  readonly material: Material
  readonly renewAt: EpochMs
}

/** Opens what is kept, and makes the installation's root if there has never been one. Throws `cira-root-incomplete`. */
export async function openCiraCertificates(parts: CiraCertificatesParts): Promise<CiraCertificates> {
  const kept = await keptRoots(parts)
  const own = kept.find(({ project }) => project === '') ?? (await rootFor(parts, '', undefined))
  const held = new Map<string, Held>()
  let standard = await hold(parts, own)
  for (const root of kept) if (root.project !== '') held.set(root.project, await hold(parts, root))

  async function renewed(former: Held): Promise<Held> {
    warnOfEnd(parts, former.root)
    if (parts.clock.now() < former.renewAt) return former
    const { project, address } = former.root
    return hold(parts, { ...(await rootFor(parts, project, address)), address })
  }

  return {
    root: project => (held.get(project) ?? standard).root,
    rootOf: project => held.get(project)?.root,
    contextFor(serverName) {
      const name = serverName?.toLowerCase()
      for (const { root, material } of held.values()) if (root.address === name) return material
      return standard.material
    },
    async addProject(project, given) {
      const address = given.toLowerCase()
      const present = held.get(project)
      if (present?.root.address === address) return present.root
      if (address === parts.address.toLowerCase()) throw problem('cira-address-taken', undefined, { address })
      const root = await rootFor(parts, project, address)
      if (root.address !== address) await moveRoot(parts, project, address)
      const fresh = await hold(parts, { ...root, address })
      held.set(project, fresh)
      return fresh.root
    },
    async renewDue() {
      let any = false
      const former = standard
      standard = await renewed(former)
      any ||= standard !== former
      for (const [project, each] of held) {
        const next = await renewed(each)
        any ||= next !== each
        held.set(project, next)
      }
      return any
    },
  }
}

async function hold(parts: CiraCertificatesParts, { project, address = parts.address, issuer }: KeptRoot) {
  const now = parts.clock.now()
  const { leafLifeMs = CIRA_LIFE.leaf } = parts
  const leaf: Issuer = await issueCiraLeaf(issuer, { ...parts, address, now, lifeMs: leafLifeMs })
  const root: CiraRoot = {
    project,
    address,
    pem: issuer.certificate,
    fingerprint: fingerprintOf(issuer.certificate),
    notAfter: new X509Certificate(issuer.certificate).validToDate.getTime(),
    leafNotAfter: new X509Certificate(leaf.certificate).validToDate.getTime(),
  }
  warnOfEnd(parts, root)
  return {
    root,
    material: { cert: leaf.certificate, key: leaf.privateKey },
    renewAt: now + (root.leafNotAfter - now) * RENEWED_AFTER,
  } satisfies Held
}

function warnOfEnd({ clock, log }: CiraCertificatesParts, { project, notAfter }: CiraRoot): void {
  if (notAfter - clock.now() > ROOT_WARNING_MS) return
  log.warn('a root certificate that devices trust ends soon', { project, notAfter: formatTime(notAfter) })
}
