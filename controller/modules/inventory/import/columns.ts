// SPDX-License-Identifier: Apache-2.0
/** The columns of EIM's file of hosts, and a row of it by name. Pure. */

/** EIM's header, to the letter. */
export const COLUMNS = [
  'Serial',
  'UUID',
  'OSProfile',
  'Site',
  'Secure',
  'RemoteUser',
  'Metadata',
  'LVMSize',
  'CloudInitMeta',
  'K8sEnable',
  'K8sClusterTemplate',
  'K8sConfig',
  'Error - do not fill',
] as const

/** A host as the file says it: texts, spaces around them taken off, `''` where the cell is empty. */
export type HostRow = {
  readonly serial: string
  readonly uuid: string
  readonly osProfile: string
  readonly site: string
  readonly secure: string
  readonly remoteUser: string
  readonly metadata: string
  readonly lvmSize: string
  readonly cloudInit: string
  readonly clusterDeploy: string
  readonly clusterTemplate: string
  readonly clusterConfig: string
  readonly error: string
}

/** Members of {@link HostRow} in the order of the columns. */
export const MEMBERS = [
  'serial',
  'uuid',
  'osProfile',
  'site',
  'secure',
  'remoteUser',
  'metadata',
  'lvmSize',
  'cloudInit',
  'clusterDeploy',
  'clusterTemplate',
  'clusterConfig',
  'error',
] as const satisfies readonly (keyof HostRow)[]

export const EMPTY_ROW: HostRow = {
  serial: '',
  uuid: '',
  osProfile: '',
  site: '',
  secure: '',
  remoteUser: '',
  metadata: '',
  lvmSize: '',
  cloudInit: '',
  clusterDeploy: '',
  clusterTemplate: '',
  clusterConfig: '',
  error: '',
}

/** What replaces the cells of every row, as the options of EIM's command line do. */
export type Overrides = Partial<Omit<HostRow, 'serial' | 'uuid' | 'error'>>

/** Reads the cells of one line; there are as many as columns. */
export function rowOf(cells: readonly string[], overrides: Overrides = {}): HostRow {
  const read: Record<string, string> = {}
  for (const [at, member] of MEMBERS.entries()) read[member] = unguarded((cells[at] ?? '').trim())
  return { ...EMPTY_ROW, ...read, ...overrides }
}

/** A cell that a spreadsheet would take for a formula is written with an apostrophe before it, which is none of its text. */
function unguarded(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell
}

/** The cells of a row, in the order of the columns. */
export function cellsOf(row: HostRow): readonly string[] {
  return MEMBERS.map(member => row[member])
}
