// SPDX-License-Identifier: Apache-2.0
/** The verb of instances that is not one of every kind: invalidate. */
import { Type } from 'typebox'
import { callerOf } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { failures, ProjectName } from '../../../http/schemas.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Engine } from '../engine/engine.ts'
import { distrustInstance } from './of-host.ts'

const OfInstance = Type.Object({ project: ProjectName, instance: Type.String({ minLength: 1, maxLength: 80 }) })

export function instanceRoutes(
  http: Http,
  { kernel, engine }: { readonly kernel: Kernel; readonly engine: Engine },
): void {
  http.put(
    '/v1/projects/:project/compute/instances/:instance/invalidate',
    {
      config: { access: 'inventory.write' },
      schema: {
        tags: ['instances'],
        summary: 'Mark an instance as untrusted: from then on it can only be deleted',
        params: OfInstance,
        response: { 200: Type.Object({}, { additionalProperties: false }), ...failures },
      },
    },
    async request => {
      const { project, instance: id } = request.params
      const act = { project, by: callerOf(request), request: request.id }
      await kernel.store.change(tx => distrustInstance(engine, tx, { act, id }))
      return {}
    },
  )
}
