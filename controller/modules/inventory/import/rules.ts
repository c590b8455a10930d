// SPDX-License-Identifier: Apache-2.0
/** What is looked at before anything is created: every row by itself, rows against each other, names against the project. Pure. */
import type { HostRow } from './columns.ts'
import type { UploadedRow } from './reading.ts'

/** What rows may name in a project: each answers the id, `undefined` for what is not there or is not one thing alone. */
export type Known = {
  /** By id or by a name that only one site has. */
  readonly site: (text: string) => string | undefined
  /** By id, name or profile name. */
  readonly profile: (text: string) => Profile | undefined
  /** By id or user name. */
  readonly account: (text: string) => string | undefined
  /** By id or name. */
  readonly config: (text: string) => string | undefined
}

export type Profile = { readonly id: string; readonly securityFeature: string | undefined }

export type Label = { readonly key: string; readonly value: string }

/** A row whose words were understood: ids instead of names. */
export type HostPlan = {
  readonly serial: string | undefined
  /** Lower case. */
  readonly uuid: string | undefined
  readonly profile: string | undefined
  readonly site: string | undefined
  readonly secure: boolean
  readonly account: string | undefined
  readonly labels: readonly Label[]
  /** GB. */
  readonly lvmSize: number | undefined
  readonly configs: readonly string[]
}

export type Checked = UploadedRow &
  (
    | { readonly plan: HostPlan }
    /** What is wrong, in EIM's words and order. */
    | { readonly errors: readonly string[] }
  )

export type Rules = {
  readonly known: Known
  /** Whether a host needs an operating system and a place, as where machines come without either. */
  readonly requireProfile: boolean
  readonly isLabel: (label: Label) => boolean
}

/** EIM's messages, to the letter; those it has no words for are ours. */
export const SAYS = {
  notEmpty: 'Error not empty - invalid CSV entry',
  oneRequired: 'One of Serial number or UUID required',
  serial: 'Invalid Serial number',
  uuid: 'Invalid UUID',
  site: 'Invalid Site',
  siteRequired: 'Site is required',
  profile: 'Invalid OS profile',
  profileRequired: 'OS Profile is required',
  security: 'OS Profile and Security feature mismatch',
  account: 'Invalid Local Account',
  metadata: 'Invalid Metadata',
  lvm: 'Invalid LVM Size',
  template: 'Invalid cluster template',
  clusterConfig: 'Invalid cluster config',
  cloudInit: 'Invalid cloud init metadata',
  serialTwice: (row: number) => `Duplicate Serial number : Row ${row}`,
  uuidTwice: (row: number) => `Duplicate UUID : Row ${row}`,
  register: 'Failed to register host',
  instance: 'Failed to create instance',
  allocate: 'Failed to allocate site or metadata',
  already: 'Host already registered',
  mismatch: 'Host already registered with mismatching details',
  internal: 'Internal error',
} as const

const SERIAL = /^[A-Za-z0-9]{5,20}$/
const UUID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/
const TEMPLATE = /^[a-zA-Z0-9_.-]+:v\d+\.\d+\.\d+$/
const CLUSTER_CONFIG = /^role:[a-z]+(;name:[a-zA-Z0-9-]+)?(;labels:[^;=&]+=[^;=&]*(&[^;=&]+=[^;=&]*)*)?$/
const LVM = /^\d{1,9}$/
const SECURE = 'SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION'

/** Checks the whole file; answers a plan for each row, or what is wrong with it. */
export function preflight(rows: readonly UploadedRow[], rules: Rules): readonly Checked[] {
  const seen: Seen = { serials: new Map(), uuids: new Map() }
  return rows.map(uploaded => {
    const errors: string[] = []
    if (uploaded.row.error !== '') errors.push(SAYS.notEmpty)
    checkNames(uploaded, seen, errors)
    const plan = planOf(uploaded.row, rules, errors)
    return errors.length === 0 ? { ...uploaded, plan } : { ...uploaded, errors }
  })
}

/** How several messages stand in one cell. */
export function joined(errors: readonly string[]): string {
  return errors.map(each => `${each};`).join(' ')
}

type Seen = { readonly serials: Map<string, number>; readonly uuids: Map<string, number> }

function checkNames({ number, row: { serial, uuid } }: UploadedRow, { serials, uuids }: Seen, errors: string[]): void {
  if (serial !== '') {
    const first = serials.get(serial.toLowerCase())
    if (!SERIAL.test(serial)) errors.push(SAYS.serial)
    else if (first !== undefined) errors.push(SAYS.serialTwice(first))
    else serials.set(serial.toLowerCase(), number)
  }
  if (uuid !== '') {
    const first = uuids.get(uuid.toLowerCase())
    if (!UUID.test(uuid)) errors.push(SAYS.uuid)
    else if (first !== undefined) errors.push(SAYS.uuidTwice(first))
    else uuids.set(uuid.toLowerCase(), number)
  }
  if (serial === '' && uuid === '') errors.push(SAYS.oneRequired)
}

function planOf(row: HostRow, { known, requireProfile, isLabel }: Rules, errors: string[]): HostPlan {
  const profile = row.osProfile === '' ? undefined : known.profile(row.osProfile)
  if (row.osProfile === '' && requireProfile) errors.push(SAYS.profileRequired)
  if (row.osProfile !== '' && profile === undefined) errors.push(SAYS.profile)
  const site = row.site === '' ? undefined : known.site(row.site)
  if (row.site === '' && requireProfile) errors.push(SAYS.siteRequired)
  if (row.site !== '' && site === undefined) errors.push(SAYS.site)
  const secure = row.secure.toLowerCase()
  // A name nobody knows has its own message; whether it could be secure is then not the question.
  const unsuited =
    secure === 'true' && profile?.securityFeature !== SECURE && (row.osProfile === '' || profile !== undefined)
  if (unsuited || !isBoolean(secure)) errors.push(SAYS.security)
  const account = row.remoteUser === '' ? undefined : known.account(row.remoteUser)
  if (row.remoteUser !== '' && account === undefined) errors.push(SAYS.account)
  const labels = labelsOf(row.metadata)
  if (labels === undefined || !labels.every(isLabel)) errors.push(SAYS.metadata)
  if (row.lvmSize !== '' && !LVM.test(row.lvmSize)) errors.push(SAYS.lvm)
  const configs = row.cloudInit === '' ? [] : row.cloudInit.split('&').map(name => known.config(name.trim()))
  if (configs.includes(undefined)) errors.push(SAYS.cloudInit)
  checkCluster(row, errors)
  return {
    serial: row.serial === '' ? undefined : row.serial,
    uuid: row.uuid === '' ? undefined : row.uuid.toLowerCase(),
    profile: profile?.id,
    site,
    secure: secure === 'true',
    account,
    labels: labels ?? [],
    lvmSize: row.lvmSize === '' ? undefined : Number(row.lvmSize),
    configs: configs.filter(id => id !== undefined),
  }
}

function isBoolean(text: string): boolean {
  return text === '' || text === 'true' || text === 'false'
}

function checkCluster({ clusterDeploy, clusterTemplate, clusterConfig }: HostRow, errors: string[]): void {
  const wanted = clusterDeploy.toLowerCase() === 'true'
  const unknown = !isBoolean(clusterDeploy.toLowerCase())
  const bad = clusterTemplate === '' ? wanted : !TEMPLATE.test(clusterTemplate)
  if (bad || unknown) errors.push(SAYS.template)
  if (clusterConfig !== '' && !CLUSTER_CONFIG.test(clusterConfig)) errors.push(SAYS.clusterConfig)
}

/** Reads `k=v&k=v`; `undefined` for what is not that, or names a key twice. */
function labelsOf(text: string): readonly Label[] | undefined {
  if (text === '') return []
  const labels = text.split('&').map(pair => {
    const at = pair.indexOf('=')
    return { key: pair.slice(0, Math.max(at, 0)), value: pair.slice(at + 1) }
  })
  const keys = new Set(labels.map(({ key }) => key))
  return keys.has('') || keys.size !== labels.length ? undefined : labels
}
