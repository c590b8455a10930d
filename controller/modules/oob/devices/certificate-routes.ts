// SPDX-License-Identifier: Apache-2.0
/** The certificate that a device at an address shows, and the one that is pinned; members as Console names them. */
import { createHash, X509Certificate } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { problem as common, type Json } from '../../../../plugins/contract/index.ts'
import { callerOf } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { failures, ProjectName, Time } from '../../../http/schemas.ts'
import { projectChain } from '../../../kernel/audit.ts'
import type { Principal } from '../../../kernel/permissions.ts'
import type { Reaches } from '../ports.ts'
import { problem } from '../problems.ts'
import { fingerprint } from '../wsman/tls.ts'
import type { Device } from './devices.ts'
import { readFingerprint } from './lan-address.ts'
import { type LanParts, shownBy } from './lan-way.ts'

export type CertificateParts = LanParts & { readonly reaches: Reaches }

const OfDevice = Type.Object({
  project: ProjectName,
  guid: Type.String({ pattern: '^[0-9A-Fa-f-]{36}$', description: 'GUID of the device' }),
})
const Shown = Type.Object({
  guid: Type.String(),
  commonName: Type.String(),
  issuerName: Type.String(),
  serialNumber: Type.String(),
  notBefore: Time,
  notAfter: Time,
  dnsNames: Type.Array(Type.String()),
  sha1Fingerprint: Type.String(),
  sha256Fingerprint: Type.String(),
  publicKeyAlgorithm: Type.String(),
  publicKeySize: Type.Integer(),
  pinned: Type.Boolean({ description: 'Whether this certificate is the pinned one' }),
  pinnedFingerprint: Type.Optional(Type.String()),
})
const Pin = Type.Object(
  { sha256Fingerprint: Type.String({ maxLength: 95, description: 'Hexadecimal; colons are allowed' }) },
  { additionalProperties: false },
)
const Pinned = Type.Object({ guid: Type.String(), sha256Fingerprint: Type.String() })
const URL = '/v1/projects/:project/oob/devices/:guid/certificate'
const LOOK_MS = 10_000

export function certificateRoutes(http: Http, parts: CertificateParts): void {
  lookRoute(http, parts)
  pinRoutes(http, parts)
}

function lookRoute(http: Http, parts: CertificateParts): void {
  const { kernel, devices } = parts
  http.get(
    URL,
    {
      config: { access: 'host.read' },
      schema: {
        tags: ['out-of-band'],
        summary: 'Read the certificate that a device shows at its address',
        params: OfDevice,
        response: { 200: Shown, ...failures },
      },
    },
    async ({ params }) => {
      const device = await devices.get(kernel.store, params.project, params.guid)
      const late = new AbortController()
      const forget = kernel.clock.after(LOOK_MS, () => late.abort(problem('amt-timeout', undefined, { sent: false })))
      try {
        const [leaf] = await shownBy(parts, device, late.signal)
        if (leaf === undefined) throw problem('amt-channel-refused', 'it showed no certificate')
        return describe(device, leaf)
      } finally {
        forget()
      }
    },
  )
}

function pinRoutes(http: Http, parts: CertificateParts): void {
  http.put(
    URL,
    {
      config: { access: 'host.change' },
      schema: {
        tags: ['out-of-band'],
        summary: 'Pin the certificate that a device must show at its address',
        params: OfDevice,
        body: Pin,
        response: { 200: Pinned, ...failures },
      },
    },
    async request => {
      const { params, body } = request
      const sha256 = readFingerprint(body.sha256Fingerprint)
      if (sha256 === undefined) throw common('invalid', 'sha256Fingerprint: not 64 hexadecimal digits')
      const guid = await change(parts, { ...params, by: callerOf(request), request: request.id, certHash: sha256 })
      return { guid, sha256Fingerprint: sha256 }
    },
  )
  http.delete(
    URL,
    {
      config: { access: 'host.change' },
      schema: {
        tags: ['out-of-band'],
        summary: 'Forget the pinned certificate of a device',
        params: OfDevice,
        response: { 204: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      await change(parts, { ...request.params, by: callerOf(request), request: request.id, certHash: undefined })
      return reply.code(204).send(null)
    },
  )
}

type Change = {
  readonly project: string
  readonly guid: string
  readonly by: Principal
  readonly request: string
  readonly certHash: string | undefined
}

async function change({ kernel, devices, reaches }: CertificateParts, change: Change): Promise<string> {
  const { project, certHash } = change
  const { guid } = await devices.get(kernel.store, project, change.guid)
  const action = certHash === undefined ? 'oob.certificate.unpinned' : 'oob.certificate.pinned'
  const detail: Json = certHash === undefined ? {} : { sha256: certHash }
  await kernel.store.change(async tx => {
    await devices.put(tx, project, guid, { certHash })
    await kernel.audit.append(tx, {
      chain: projectChain(project),
      principal: change.by,
      action,
      target: guid,
      outcome: 'done',
      request: change.request,
      detail,
    })
    await kernel.events.emit(tx, { project, type: action, subject: guid, data: { by: change.by.name } })
  })
  reaches.forget(guid)
  return guid
}

function describe({ guid, certHash }: Device, leaf: Uint8Array): Static<typeof Shown> {
  const certificate = new X509Certificate(leaf)
  const { asymmetricKeyType = 'unknown', asymmetricKeyDetails } = certificate.publicKey
  const sha256 = fingerprint(leaf)
  return {
    guid,
    commonName: nameIn(certificate.subject),
    issuerName: nameIn(certificate.issuer),
    serialNumber: certificate.serialNumber.toLowerCase(),
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
    dnsNames: [...(certificate.subjectAltName ?? '').matchAll(/DNS:([^,\s]+)/g)].map(([, name = '']) => name),
    sha1Fingerprint: createHash('sha1').update(leaf).digest('hex'),
    sha256Fingerprint: sha256,
    publicKeyAlgorithm: asymmetricKeyType.toUpperCase(),
    publicKeySize: asymmetricKeyDetails?.modulusLength ?? 0,
    pinned: sha256 === certHash,
    ...(certHash === undefined ? {} : { pinnedFingerprint: certHash }),
  }
}

function nameIn(name: string): string {
  return /^CN=(.*)$/m.exec(name)?.[1] ?? name.replaceAll('\n', ', ')
}
