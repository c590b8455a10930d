// SPDX-License-Identifier: Apache-2.0
/** Hands out a profile as a configuration file, with everything that belongs to it: the one route that gives out secrets. */
import type { FastifyRequest } from 'fastify'
import { callerOf } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { projectChain } from '../../../kernel/audit.ts'
import { recordSecret } from '../devices/secrets.ts'
import type { ActParts } from './acts.ts'
import { notFound } from './answers.ts'
import { isDefaultName } from './defaults.ts'
import { exportProfile, type ProvisioningFile } from './export.ts'
import { projectOf } from './projects.ts'
import { resolveProfile } from './resolve.ts'
import { find } from './store.ts'

const MAX_REASON = 500

export type ExportParts = ActParts & { readonly prepare?: (project: string) => Promise<void> }

export function exportRoutes(http: Http, parts: ExportParts): void {
  http.get(
    '/profiles/export/:name',
    {
      config: { access: 'host.access' },
      schema: { tags: ['activation records'], summary: 'A profile as the encrypted file that `rpc` 3 reads' },
    },
    request => exported(parts, request),
  )
}

async function exported({ kernel, secrets, prepare }: ExportParts, request: FastifyRequest) {
  const project = await projectOf(kernel, request)
  const { name } = request.params as { name: string } // of the path
  const { domainName, reason } = (request.query ?? {}) as { domainName?: unknown; reason?: unknown } // fastify parses it to an object
  if (isDefaultName(project, name)) await prepare?.(project)
  const resolved = await resolveProfile(kernel.store, secrets, { project, name })
  if (resolved === undefined) throw notFound({ type: 'AMT' }, name)
  const acm = resolved.profile.activation === 'acmactivate'
  const domain = acm && typeof domainName === 'string' && domainName !== '' ? domainName : undefined
  const provisioning = domain === undefined ? undefined : await provisioningFile({ kernel, secrets }, project, domain)
  const answer = exportProfile(resolved, { provisioning, random: kernel.random })
  await kernel.store.change(tx =>
    kernel.audit.append(tx, {
      chain: projectChain(project),
      principal: callerOf(request),
      action: 'oob.profile.export',
      target: resolved.profile.profileName,
      outcome: 'done',
      request: request.id,
      ...(typeof reason === 'string' && reason !== '' ? { reason: reason.slice(0, MAX_REASON) } : {}),
      ...(domain === undefined ? {} : { detail: { domain } }),
    }),
  )
  return answer
}

async function provisioningFile(
  { kernel: { store }, secrets }: Pick<ActParts, 'kernel' | 'secrets'>,
  project: string,
  name: string,
): Promise<ProvisioningFile> {
  const domain = await find(store, project, { kind: 'domain', name })
  const pfx = await secrets.active(store, recordSecret(project, 'domain-pfx', name))
  const password = await secrets.active(store, recordSecret(project, 'domain-pfx-password', name))
  if (domain === undefined || pfx === undefined || password === undefined) throw notFound({ type: 'Domain' }, name)
  return { pfx, password }
}
