// SPDX-License-Identifier: Apache-2.0
/** Passwords that all devices of a project share: only for those who ask for them, and never without complaint. */
import { Type } from 'typebox'
import { DAY } from '../../../../plugins/contract/index.ts'
import { callerOf } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { failures, InProject } from '../../../http/schemas.ts'
import { projectChain } from '../../../kernel/audit.ts'
import type { KernelTables } from '../../../kernel/tables/tables.ts'
import { Secret } from '../../../secrets/secrets.ts'
import { isAmtPassword } from '../device/password.ts'
import { type DefaultsParts, ensureDefaults, sharePasswords, sharesPasswords } from './defaults.ts'
import { problem } from './problems.ts'

const COMPLAINT = 'the devices of this project share one password: whoever learns it from one has them all'

const Password = Type.String({ minLength: 8, maxLength: 32 })
const Reason = Type.Optional(Type.String({ minLength: 1, maxLength: 500 }))
const Shared = Type.Object({ amt: Password, mebx: Password, reason: Reason }, { additionalProperties: false })
const Answer = Type.Object({ shared: Type.Boolean(), warning: Type.Optional(Type.String()) })

export function sharedPasswordRoutes(http: Http, parts: DefaultsParts): void {
  const path = '/v1/projects/:project/oob/shared-passwords'
  const change = async (project: string, shared: Parameters<typeof sharePasswords>[2]) => {
    await ensureDefaults(parts, project)
    await sharePasswords(parts, project, shared)
    return answerFor(parts, project)
  }
  http.get(
    path,
    {
      config: { access: 'host.read' },
      schema: {
        ...about('Whether the default profiles give all devices one password'),
        response: { 200: Answer, ...failures },
      },
    },
    async ({ params }) => answerFor(parts, params.project),
  )
  http.put(
    path,
    {
      config: { access: 'host.destroy' },
      schema: {
        ...about('Give all devices that the default profiles activate one password; not advised'),
        body: Shared,
        response: { 200: Answer, ...failures },
      },
    },
    async request => {
      const amt = Secret.of(request.body.amt)
      const mebx = Secret.of(request.body.mebx)
      if (!isAmtPassword(amt) || !isAmtPassword(mebx)) throw problem('shared-password-weak')
      await parts.kernel.store.change(tx =>
        parts.kernel.audit.append(tx, {
          chain: projectChain(request.params.project),
          principal: callerOf(request),
          action: 'oob.shared-passwords',
          target: request.params.project,
          outcome: 'done',
          request: request.id,
          ...(request.body.reason === undefined ? {} : { reason: request.body.reason }),
        }),
      )
      return change(request.params.project, { amt, mebx })
    },
  )
  http.delete(
    path,
    {
      config: { access: 'host.change' },
      schema: { ...about('Give each device a password of its own again'), response: { 200: Answer, ...failures } },
    },
    async ({ params }) => change(params.project, undefined),
  )
}

function about(summary: string) {
  return { tags: ['out-of-band'], summary, params: InProject }
}

async function answerFor(parts: DefaultsParts, project: string): Promise<{ shared: boolean; warning?: string }> {
  const [warning] = await passwordWarnings(parts, project)
  return { shared: warning !== undefined, ...(warning === undefined ? {} : { warning }) }
}

/** What every view of a project should complain about. */
export async function passwordWarnings(
  parts: Pick<DefaultsParts, 'kernel'>,
  project: string,
): Promise<readonly string[]> {
  return (await sharesPasswords(parts, project)) ? [COMPLAINT] : []
}

/** Complains once a day as long as a project shares its passwords; the returned function stops it. */
export function nagAboutPasswords(parts: DefaultsParts): () => void {
  const { kernel, log } = parts
  let stop = (): void => {}
  const look = async (): Promise<void> => {
    const rows = await kernel.store.installation<KernelTables>().selectFrom('kernel_projects').select('name').execute()
    for (const { name } of rows) {
      const [warning] = await passwordWarnings(parts, name)
      if (warning !== undefined) log.warn(warning, { project: name })
    }
  }
  const again = (): void => {
    void look().catch(thrown => log.error('passwords were not looked at', { error: String(thrown) }))
    stop = kernel.clock.after(DAY, again)
  }
  again()
  return () => stop()
}
