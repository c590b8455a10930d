// SPDX-License-Identifier: Apache-2.0
/** Reads which machines seeds are made for: a table with a line for each, names in its first line. Pure. */
import { parseToken } from '../enroll/token.ts'
import { problem } from './problems.ts'

export type SeedMachine = { readonly hostname: string; readonly token: string }

/** RFC 1123, and short enough for every file system. */
const HOSTNAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * Columns `hostname` and, where machines have tokens of their own, `token`; anything else is refused, so that a column
 * with a slip in its name does not go unnoticed. Throws `machines-unreadable`.
 */
export function readMachines(text: string, token: string | undefined): readonly SeedMachine[] {
  const [head = '', ...lines] = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter(line => line.trim() !== '')
  const columns = cells(head)
  const strange = columns.find(column => column !== 'hostname' && column !== 'token')
  if (strange !== undefined || !columns.includes('hostname'))
    throw problem(
      'machines-unreadable',
      `the first line names the columns: hostname, or hostname,token${strange === undefined ? '' : `; not ${strange.slice(0, 40)}`}`,
    )
  const machines = lines.map((line, at) => {
    const values = cells(line)
    if (values.length > columns.length)
      throw problem('machines-unreadable', `line ${at + 2} has more cells than columns`)
    const named = Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']))
    return machineOf({ hostname: named.hostname ?? '', token: named.token || token || '' }, `line ${at + 2}`)
  })
  if (machines.length === 0) throw problem('machines-unreadable', 'there is no machine in it')
  const names = machines.map(({ hostname }) => hostname)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw problem('machines-unreadable', `${twice} is there twice`)
  return machines
}

/** Throws `machines-unreadable` for a name or token that is none; the token is not repeated. */
export function machineOf({ hostname, token }: SeedMachine, where: string): SeedMachine {
  if (!HOSTNAME.test(hostname))
    throw problem('machines-unreadable', `${where}: ${JSON.stringify(hostname.slice(0, 70))} is no host name`)
  const parsed = parseToken(token)
  if (parsed.token === undefined) throw problem('machines-unreadable', `${where}: the join token: ${parsed.why}`)
  return { hostname, token: token.trim() }
}

/** Neither names nor tokens hold commas or quotes, so a cell is what stands between two commas. */
function cells(line: string): readonly string[] {
  return line.split(',').map(cell => cell.trim().replace(/^"(.*)"$/, '$1'))
}
