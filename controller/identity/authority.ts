// SPDX-License-Identifier: Apache-2.0
/** The installation's own authority: roots, the keys that sign for it, and the certificates it issues. */

import { createPrivateKey, sign, X509Certificate } from 'node:crypto'
import { DAY, type EpochMs, formatTime, type RandomBytes, type TrustBundle } from '../../plugins/contract/index.ts'
import { createAuthority, type Issuer } from '../../provisioning/pki/authority.ts'
import { issueHost, issueServer } from '../../provisioning/pki/issue.ts'
import { fingerprintOf } from '../../provisioning/pki/keys.ts'
import { createSigningKey, signHead, signingKeyFrom } from '../../provisioning/pki/signing.ts'
import { signTrust } from '../../provisioning/pki/trust.ts'
import type { Signer } from '../kernel/ports.ts'
import { type KeyFiles, keyFilesIn } from './files.ts'
import { problem } from './problems.ts'

export type HostCertificateRequest = {
  readonly csr: string
  readonly host: string
  readonly project: string
  readonly epoch: number
}

export type ServerMaterial = { readonly cert: string; readonly key: string; readonly ca: string }

export interface Authority {
  readonly signer: Signer
  /** PEM of the root that hosts pin. */
  readonly root: string
  readonly rootFingerprint: string
  trust(): TrustBundle
  /** Leaf and issuing certificate, PEM. Throws `csr-refused`. */
  issueHost(request: HostCertificateRequest): Promise<string>
  /** The server certificate in force. */
  server(): ServerMaterial
  /** Makes a new server certificate when two thirds of its life are over; true when it did. */
  renewServer(): Promise<boolean>
}

export type AuthorityOptions = {
  readonly dir: string
  readonly installation: string
  readonly epoch: number
  /** DNS names and addresses the server answers to. */
  readonly names: readonly string[]
  readonly hostLifeMs: number
  readonly random: RandomBytes
  readonly now: () => EpochMs
  /** A root of the user's own that hosts must trust as well. */
  readonly extraRoot?: string
}

export const SERVER_LIFE_MS = 90 * DAY

/**
 * Opens the authority in a folder, making it the first time.
 * Throws `authority-incomplete` when some of its files are gone: it never makes a second root in silence.
 */
export async function openAuthority(options: AuthorityOptions): Promise<Authority> {
  const { dir, installation, names, hostLifeMs, now } = options
  const files = keyFilesIn(dir)
  const { root, issuing, commandKey, auditKey } = await loadOrCreate(files, options)
  let server = await openServer(files, { issuing, root, names, now })
  const command = { ...signingKeyFrom(commandKey), privateKey: createPrivateKey(commandKey) }
  const audit = { ...signingKeyFrom(auditKey), privateKey: createPrivateKey(auditKey) }
  const trust = makeTrust(options, root, { command, audit })
  return {
    root: root.certificate,
    rootFingerprint: fingerprintOf(root.certificate),
    trust: () => trust,
    issueHost: async ({ csr, host, project, epoch }) => {
      const leaf = await issueHost(issuing, {
        publicKeyFrom: csr,
        host,
        project,
        installation,
        epoch,
        now: now(),
        lifeMs: hostLifeMs,
      })
      return `${leaf.trim()}\n${issuing.certificate.trim()}\n`
    },
    server: () => server,
    renewServer: async () => {
      if (!isDue(server.cert, now())) return false
      server = await makeServer(files, { issuing, root, names, now })
      return true
    },
    signer: {
      kid: command.kid,
      sign: (kind, head) => signHead(kind, head, command.privateKey),
      signCheckpoint: bytes => ({ kid: audit.kid, sig: sign(null, bytes, audit.privateKey).toString('base64url') }),
      auditKey: { kid: audit.kid, publicKey: audit.publicKey },
    },
  }
}

const FILES = ['root.crt', 'root.key', 'issuing.crt', 'issuing.key', 'command.key', 'audit.key'] as const

async function loadOrCreate(files: KeyFiles, { now, random }: AuthorityOptions) {
  const present = FILES.filter(name => files.read(name) !== undefined)
  if (present.length === 0) await create(files, { now, random })
  else if (present.length < FILES.length) {
    throw problem('authority-incomplete', `missing: ${FILES.filter(name => !present.includes(name)).join(', ')}`)
  }
  const read = (name: (typeof FILES)[number]): string => files.read(name) ?? ''
  return {
    root: { certificate: read('root.crt'), privateKey: read('root.key') },
    issuing: { certificate: read('issuing.crt'), privateKey: read('issuing.key') },
    commandKey: read('command.key'),
    auditKey: read('audit.key'),
  }
}

async function create(files: KeyFiles, { now, random }: Pick<AuthorityOptions, 'now' | 'random'>): Promise<void> {
  const { root, issuing } = await createAuthority({ now: now(), random })
  files.write('command.key', createSigningKey().privateKey)
  files.write('audit.key', createSigningKey().privateKey)
  files.write('issuing.key', issuing.privateKey)
  files.write('issuing.crt', issuing.certificate)
  files.write('root.key', root.privateKey)
  files.write('root.crt', root.certificate)
}

type ServerParts = { issuing: Issuer; root: Issuer; names: readonly string[]; now: () => EpochMs }

async function openServer(files: KeyFiles, parts: ServerParts): Promise<ServerMaterial> {
  const cert = files.read('server.crt')
  const key = files.read('server.key')
  const sameNames = files.read('server.names') === parts.names.join('\n')
  if (cert === undefined || key === undefined || !sameNames || isDue(cert, parts.now())) return makeServer(files, parts)
  return { cert, key, ca: clientAuthorities(parts) }
}

async function makeServer(files: KeyFiles, parts: ServerParts): Promise<ServerMaterial> {
  const { issuing, names, now } = parts
  const made = await issueServer(issuing, { names: [...names], now: now(), lifeMs: SERVER_LIFE_MS })
  // The chain ends in the root, because a host that enrolls knows nothing but its fingerprint.
  const cert = made.certificate
  files.write('server.key', made.privateKey)
  files.write('server.crt', cert)
  files.write('server.names', names.join('\n'))
  return { cert, key: made.privateKey, ca: clientAuthorities(parts) }
}

function clientAuthorities({ issuing, root }: ServerParts): string {
  return `${issuing.certificate.trim()}\n${root.certificate.trim()}\n`
}

function isDue(certificate: string, now: EpochMs): boolean {
  const { validFromDate, validToDate } = new X509Certificate(certificate)
  const [from, to] = [validFromDate.getTime(), validToDate.getTime()]
  return now > from + ((to - from) * 2) / 3
}

type PublicKey = { readonly kid: string; readonly publicKey: string }

function makeTrust(
  options: AuthorityOptions,
  root: Issuer,
  keys: { command: PublicKey; audit: PublicKey },
): TrustBundle {
  const { installation, epoch, now, extraRoot } = options
  const line = ({ kid, publicKey }: PublicKey, role: 'command' | 'audit') => ({ kid, role, publicKey })
  const head = {
    v: 1 as const,
    version: epoch,
    installation,
    epoch,
    roots: [root.certificate, ...(extraRoot === undefined ? [] : [extraRoot])],
    keys: [line(keys.command, 'command'), line(keys.audit, 'audit')],
    issuedAt: formatTime(now()),
  }
  return signTrust(head, root.privateKey, 0)
}
