// SPDX-License-Identifier: Apache-2.0
/** Rules of a project for what happens by itself: kept with a version, read and set through one pair of routes each. */
import type { Static, TObject } from 'typebox'
import { Type } from 'typebox'
import { formatTime, type Json } from '../../../../plugins/contract/index.ts'
import { callerOf } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { failures, InProject } from '../../../http/schemas.ts'
import { projectChain } from '../../../kernel/audit.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { problem } from '../../../kernel/problems.ts'
import type { Db, Tx } from '../../../store/store.ts'
import type { ConvergePolicyRow, DriftTables } from './tables-drift.ts'

type Kind = ConvergePolicyRow['kind']

export type KeptRules<P> = { readonly policy: P; readonly version: number }

/** What is kept, over what holds without it. */
export async function rulesOf<P extends object>(
  db: Db,
  project: string,
  { kind, fallback }: { readonly kind: Kind; readonly fallback: P },
): Promise<KeptRules<P>> {
  const row = await db
    .of<DriftTables>(project)
    .select('oob_converge_policies')
    .select(['content', 'version'])
    .where('kind', '=', kind)
    .executeTakeFirst()
  if (row === undefined) return { policy: fallback, version: 0 }
  return { policy: { ...fallback, ...(JSON.parse(row.content) as P) }, version: row.version } // written by the route below
}

type Writing = { readonly kind: Kind; readonly policy: object; readonly version: number; readonly by: string }

async function writeRules({ clock }: Kernel, tx: Tx, project: string, { kind, policy, version, by }: Writing) {
  const content = JSON.stringify(policy)
  const row = { version, content, updated_at: formatTime(clock.now()), updated_by: by }
  await tx
    .of<DriftTables>(project)
    .insert('oob_converge_policies', { kind, ...row })
    .onConflict(clash => clash.columns(['project', 'kind']).doUpdateSet(row))
    .execute()
}

export type RulesRoute<S extends TObject> = {
  readonly kind: Kind
  /** After `/v1/projects/:project/oob/`. */
  readonly name: string
  readonly about: string
  readonly schema: S
  readonly fallback: Static<S> & object
  /** Called once new rules are durable. */
  readonly changed?: (project: string) => void
}

export function rulesRoutes<S extends TObject>(http: Http, kernel: Kernel, route: RulesRoute<S>): void {
  const { kind, name, about, schema, fallback } = route
  const url = `/v1/projects/:project/oob/${name}`
  const Kept = Type.Object({ ...schema.properties, version: Type.Integer({ minimum: 0 }) })
  const shown = ({ policy, version }: KeptRules<object>) => ({ ...policy, version })
  http.get(
    url,
    {
      config: { access: 'host.read' },
      schema: { tags: ['out-of-band'], summary: about, params: InProject, response: { 200: Kept, ...failures } },
    },
    async ({ params }, reply) => {
      const kept = await rulesOf(kernel.store, params.project, { kind, fallback })
      return reply.header('etag', `"${kept.version}"`).send(shown(kept) as never) // the schema above says what is sent
    },
  )
  http.put(
    url,
    {
      config: { access: 'host.change' },
      schema: {
        tags: ['out-of-band'],
        summary: `Sets: ${about.charAt(0).toLowerCase()}${about.slice(1)}`,
        params: InProject,
        body: schema,
        response: { 200: Kept, ...failures },
      },
    },
    async (request, reply) => {
      const { project } = request.params
      const expected = request.headers['if-match']
      const by = callerOf(request)
      const policy = request.body as Static<S> & object // checked by the schema
      const version = await kernel.store.change(async tx => {
        const present = await rulesOf(tx, project, { kind, fallback })
        if (expected !== undefined && expected.replace(/^(W\/)?"|"$/g, '') !== String(present.version))
          throw problem('revision-mismatch', `it is at revision ${present.version}`)
        const next = present.version + 1
        await writeRules(kernel, tx, project, { kind, policy, version: next, by: by.id })
        await kernel.audit.append(tx, {
          chain: projectChain(project),
          principal: by,
          action: `oob.${name}.change`,
          target: project,
          outcome: 'done',
          request: request.id,
          detail: { version: next, policy: policy as Json },
        })
        tx.afterCommit(() => route.changed?.(project))
        return next
      })
      return reply.header('etag', `"${version}"`).send(shown({ policy, version }) as never) // as above
    },
  )
}
