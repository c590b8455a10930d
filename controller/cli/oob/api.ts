// SPDX-License-Identifier: Apache-2.0
/** What the controller's out-of-band interface answers, as far as the command line reads it, and where. */
import { type Host, path } from '../api.ts'
import { problem } from '../problems.ts'

export type StatusLine = {
  readonly host?: string
  readonly name: string
  readonly guid?: string
  readonly sku: string
  readonly why: string
  readonly version?: string
  readonly controlMode: string
  readonly connected: boolean
  readonly since?: string
  readonly address?: string
  readonly powerState: string
  readonly wanted?: string
  readonly attempt?: number
  readonly status: string
  readonly indicator: string
  readonly verdict: string
  readonly evidence: string
  readonly advice: string
}
export type StatusPage = { readonly lines: readonly StatusLine[]; readonly nextCursor?: string }

export type Activation = {
  readonly host: string
  readonly wanted: string
  readonly mode?: string
  readonly attempt: number
  readonly status: string
  readonly indicator: string
}

export type PowerOrder = {
  readonly id: string
  readonly guid: string
  readonly action: string
  readonly state: 'open' | 'done' | 'failed' | 'replaced'
  readonly says: string
  readonly tries: number
}

/** Kinds of records, as they are called on the command line, and where they lie. */
export const RECORDS = {
  profile: { path: 'profiles', key: 'profileName' },
  domain: { path: 'domains', key: 'profileName' },
  cira: { path: 'ciraconfigs', key: 'configName' },
  wireless: { path: 'wirelessconfigs', key: 'profileName' },
  ieee8021x: { path: 'ieee8021xconfigs', key: 'profileName' },
  proxy: { path: 'proxyconfigs', key: 'name' },
} as const
export type RecordKind = keyof typeof RECORDS

export const oobPaths = {
  status: (project: string) => path`/v1/projects/${project}/oob/status`,
  activation: (project: string, host: string) => path`/v1/projects/${project}/oob/hosts/${host}/activation`,
  power: (project: string, guid: string) => path`/v1/projects/${project}/oob/devices/${guid}/power`,
  order: (project: string, id: string) => path`/v1/projects/${project}/oob/power/${id}`,
  /** `what` is a path of ours and never typed: `amt/features`. */
  device: (project: string, what: string, guid: string) =>
    `${path`/v1/projects/${project}/oob/mps`}/${what}/${path`${guid}`}`,
  records: (project: string, kind: RecordKind) => `${path`/v1/projects/${project}/oob/rps`}/${RECORDS[kind].path}`,
  record: (project: string, kind: RecordKind, name: string) =>
    `${path`/v1/projects/${project}/oob/rps`}/${RECORDS[kind].path}/${path`${name}`}`,
  redirections: (project: string) => path`/v1/projects/${project}/oob/redirections`,
  images: (project: string) => path`/v1/projects/${project}/oob/images`,
  serial: (project: string, guid: string) => path`/v1/projects/${project}/oob/devices/${guid}/sol`,
  ider: (project: string, guid: string) => path`/v1/projects/${project}/oob/devices/${guid}/ider`,
} as const

/** GUID of the firmware of a host, which is its UUID. Throws `name-unknown` for a host that did not tell it. */
export function guidOf(host: Host): string {
  if (host.uuid === undefined)
    throw problem('name-unknown', `${host.name} has not told its UUID, so no device is known to be it`)
  return host.uuid.toLowerCase()
}
