// SPDX-License-Identifier: Apache-2.0
/** Reads how every machine of a project is, without a page around it. */
import { type AnswerOf, get } from '../../api/call.ts'

export type Line = AnswerOf<'/v1/projects/{project}/oob/status', 'GET'>['lines'][number]

export const PAGE = 500

type Paged = { readonly nextCursor?: string }

/** Every page of an answer, one after the other. */
export async function allPages<P extends Paged>(
  ask: (cursor: string | undefined) => Promise<P>,
): Promise<readonly P[]> {
  const pages: P[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await ask(cursor)
    pages.push(page)
    if (page.nextCursor === undefined) return pages
    cursor = page.nextCursor
  }
}

export type Asked = { readonly project: string; readonly signal?: AbortSignal }

export async function readLines({ project, signal }: Asked): Promise<readonly Line[]> {
  const pages = await allPages(cursor =>
    get('/v1/projects/{project}/oob/status', { path: { project }, query: { pageSize: PAGE, cursor } })(
      signal === undefined ? {} : { signal },
    ),
  )
  return pages.flatMap(({ lines }) => lines)
}
