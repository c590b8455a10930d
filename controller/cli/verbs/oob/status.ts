// SPDX-License-Identifier: Apache-2.0
/** `muster oob status`: how each machine is, as agent, tunnel and power tell it. */
import type { Call, Session } from '../../call.ts'
import type { Run } from '../../grammar.ts'
import { listHosts } from '../../hosts.ts'
import { oobPaths, type StatusLine, type StatusPage } from '../../oob/api.ts'
import { findMachine } from '../../oob/machines.ts'
import { readPower } from '../../oob/power.ts'
import { statusView } from '../../oob/view.ts'
import { problem } from '../../problems.ts'
import { filterOf, selects } from '../../query.ts'

const PAGE = 500
const KINDS: Readonly<Record<string, string>> = {
  vpro: 'amt',
  amt: 'amt',
  ism: 'ism',
  none: 'none',
  unknown: 'unknown',
}

export const status: Run = async call => {
  const has = call.options.text('has')
  if (has !== undefined && !Object.hasOwn(KINDS, has)) throw problem('usage', '--has takes vpro, ism, none or unknown')
  const session = await call.session()
  const lines = call.words.length === 0 ? await linesThatFit(call, session) : await linesOf(call, session)
  const chosen = lines.filter(
    ({ sku, connected }) => (has === undefined || sku === KINDS[has]) && (connected || !call.options.has('connected')),
  )
  await call.output.list(statusView, call.options.has('read') ? await withPower(session, chosen) : chosen)
  return undefined
}

async function linesThatFit(call: Call, session: Session): Promise<readonly StatusLine[]> {
  const filter = filterOf(call.options)
  const lines = await pages(session, {})
  if (!selects(filter)) return lines
  const { hosts } = await listHosts(session, filter, Number.MAX_SAFE_INTEGER)
  const ids = new Set(hosts.map(each => each.resourceId))
  return lines.filter(({ host }) => host !== undefined && ids.has(host))
}

async function linesOf(call: Call, session: Session): Promise<readonly StatusLine[]> {
  if (selects(filterOf(call.options))) throw problem('usage', 'name hosts, or select them with -l or -q; not both')
  const lines: StatusLine[] = []
  for (const word of call.words) {
    const { host, guid, name } = await findMachine(session, word)
    const found = host === undefined ? [] : await pages(session, { host: host.resourceId })
    if (found.length === 0 && guid !== undefined) found.push(...(await pages(session, { guid })))
    if (found.length === 0)
      await call.output.note(`${name} has not said what it has: does its agent have the plugin amt?`)
    lines.push(...found)
  }
  return lines
}

async function pages(
  { client, project }: Session,
  query: { readonly host?: string; readonly guid?: string },
): Promise<StatusLine[]> {
  const lines: StatusLine[] = []
  let cursor: string | undefined
  do {
    const page: StatusPage = await client.get(oobPaths.status(project), { query: { ...query, pageSize: PAGE, cursor } })
    lines.push(...page.lines)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return lines
}

/** What the firmware says now, in place of what was read last. */
async function withPower(session: Session, lines: readonly StatusLine[]): Promise<readonly StatusLine[]> {
  const guids = lines.flatMap(({ guid, connected }) => (guid !== undefined && connected ? [guid] : []))
  const read = await readPower(session, guids)
  return lines.map(line => {
    const power = read.get(line.guid ?? '')
    return power?.power === undefined ? line : { ...line, powerState: power.power }
  })
}
