// SPDX-License-Identifier: Apache-2.0
/** Questions about what somebody may do, one for each permission, as the API answers them. */
import { type AnswerOf, get } from '../../api/call.ts'

export type Answer = AnswerOf<'/v1/access/explain', 'GET'>

/** Stands for no project: the installation as a whole. */
export const EVERYWHERE = '*'
export const ANSWERS_KEY = 'explain'

export type Question = {
  readonly who: string
  readonly where: string
  readonly host: string
  readonly rights: readonly string[]
}

/** The answers, in the order of the permissions. */
export async function explainAll(
  { who, where, host, rights }: Question,
  signal: AbortSignal,
): Promise<readonly Answer[]> {
  return Promise.all(
    rights.map(permission =>
      get('/v1/access/explain', {
        query: {
          principal: who,
          // Names of permissions that this page and the controller share; a test compares them.
          permission: permission as never,
          ...(where === EVERYWHERE ? {} : { project: where }),
          ...(host === '' || where === EVERYWHERE ? {} : { host }),
        },
      })({ signal }),
    ),
  )
}

/** The line that asks the same. */
export function explainLine(
  { who, where, host }: Omit<Question, 'rights'>,
  permission: string,
  quoted: (word: string) => string,
): string {
  const place = where === EVERYWHERE ? ' --everywhere' : ` -p ${quoted(where)}`
  const on = host === '' || where === EVERYWHERE ? '' : ` --host ${quoted(host)}`
  return `muster access explain ${permission} --who ${quoted(who)}${on}${place}`
}
