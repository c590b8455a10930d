// SPDX-License-Identifier: Apache-2.0
/** Reads and sets the policy by which profiles are chosen. */
import { Type } from 'typebox'
import { callerOf } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { failures, InProject } from '../../../http/schemas.ts'
import { projectChain } from '../../../kernel/audit.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { problem } from '../../../kernel/problems.ts'
import { plainTag } from './answers.ts'
import { Policy } from './policy.ts'
import { type KeptPolicy, policyOf, putPolicy } from './policy-store.ts'

const Kept = Type.Object({ rules: Policy.properties.rules, version: Type.Integer({ minimum: 0 }) })
const URL = '/v1/projects/:project/oob/policy'
const TAGS = ['out-of-band']

/** Mounts them at the root of the API. */
export function policyRoutes(http: Http, kernel: Kernel): void {
  http.get(
    URL,
    {
      config: { access: 'host.read' },
      schema: {
        tags: TAGS,
        summary: 'Rules by which the profile of a device is chosen',
        params: InProject,
        response: { 200: Kept, ...failures },
      },
    },
    async ({ params }, reply) => {
      const kept = await policyOf(kernel.store, params.project)
      return reply.header('etag', `"${kept.version}"`).send(shown(kept))
    },
  )
  http.put(
    URL,
    {
      config: { access: 'host.change' },
      schema: {
        tags: TAGS,
        summary: 'Sets the rules by which the profile of a device is chosen',
        params: InProject,
        body: Policy,
        response: { 200: Kept, ...failures },
      },
    },
    async (request, reply) => {
      const { project } = request.params
      const expected = request.headers['if-match']
      const by = callerOf(request)
      const kept = await kernel.store.change(async tx => {
        const { version } = await policyOf(tx, project)
        if (expected !== undefined && plainTag(expected) !== String(version))
          throw problem('revision-mismatch', `it is at revision ${version}`)
        const written = await putPolicy(tx, project, { policy: request.body, by: by.id, now: kernel.clock.now() })
        await kernel.audit.append(tx, {
          chain: projectChain(project),
          principal: by,
          action: 'oob.policy.change',
          target: project,
          outcome: 'done',
          request: request.id,
          detail: { version: written.version, rules: written.policy.rules.length },
        })
        return written
      })
      return reply.header('etag', `"${kept.version}"`).send(shown(kept))
    },
  )
}

function shown({ policy, version }: KeptPolicy) {
  return { rules: policy.rules, version }
}
