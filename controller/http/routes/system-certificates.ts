// SPDX-License-Identifier: Apache-2.0
/** Certificates by when they end, and which agents are about: what must be renewed before it stops something. */
import { type Static, Type } from 'typebox'
import { formatTime } from '../../../plugins/contract/index.ts'
import { agentVersions, certificateAges } from '../../kernel/certificate-ages.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Http } from '../http.ts'
import { failures, Time } from '../schemas.ts'
import type { SystemActs } from './system.ts'

const Count = Type.Integer({ minimum: 0 })
const Serving = Type.Object({
  role: Type.Enum(['root', 'issuing', 'server', 'listener']),
  title: Type.String(),
  subject: Type.String(),
  names: Type.Array(Type.String()),
  fingerprint: Type.String({ description: 'SHA-256, hexadecimal' }),
  notBefore: Time,
  notAfter: Time,
  renewed: Type.Boolean({ description: 'by the controller itself' }),
})
export type ServingCertificate = Static<typeof Serving>

const Certificates = Type.Object({
  now: Time,
  controller: Type.Array(Serving),
  hosts: Type.Object({
    inUse: Count,
    expired: Count,
    within7Days: Count,
    within30Days: Count,
    next: Type.Array(Type.Object({ project: Type.String(), host: Type.String(), notAfter: Time })),
  }),
  agents: Type.Array(Type.Object({ version: Type.String(), hosts: Count })),
})

const FIRST = 10

export function systemCertificateRoutes(http: Http, kernel: Kernel, acts: SystemActs): void {
  http.get(
    '/v1/system/certificates',
    {
      config: { access: 'system.read' },
      schema: {
        tags: ['system'],
        summary: 'Certificates by when they end, and versions of agents',
        response: { 200: Certificates, ...failures },
      },
    },
    async () => {
      const now = kernel.clock.now()
      const hosts = await certificateAges(kernel.store, now, FIRST)
      return {
        now: formatTime(now),
        controller: [...acts.certificates()],
        hosts: { ...hosts, next: [...hosts.next] },
        agents: [...(await agentVersions(kernel.store))],
      }
    },
  )
}
