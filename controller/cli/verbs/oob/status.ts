// SPDX-License-Identifier: Apache-2.0
/** `muster oob status`: how each machine is, as agent, tunnel and power tell it. */
import type { Session } from '../../call.ts'
import type { Run } from '../../grammar.ts'
import { findHost } from '../../hosts.ts'
import { oobPaths, type StatusLine, type StatusPage } from '../../oob/api.ts'
import { statusView } from '../../oob/view.ts'

const PAGE = 500

export const status: Run = async call => {
  const session = await call.session()
  const lines: StatusLine[] = []
  if (call.words.length === 0) lines.push(...(await pages(session, {})))
  for (const word of call.words) {
    const { resourceId } = await findHost(session, word)
    lines.push(...(await pages(session, { host: resourceId })))
  }
  const chosen = lines.filter(line => fits(line, call.options.text('has'), call.options.has('connected')))
  await call.output.list(statusView, chosen)
  return undefined
}

function fits({ sku, connected }: StatusLine, has: string | undefined, mustBeConnected: boolean): boolean {
  const wanted = has === 'vpro' ? 'amt' : has
  return (wanted === undefined || sku === wanted) && (!mustBeConnected || connected)
}

async function pages({ client, project }: Session, query: { readonly host?: string }): Promise<readonly StatusLine[]> {
  const lines: StatusLine[] = []
  let cursor: string | undefined
  do {
    const page: StatusPage = await client.get(oobPaths.status(project), { query: { ...query, pageSize: PAGE, cursor } })
    lines.push(...page.lines)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return lines
}
