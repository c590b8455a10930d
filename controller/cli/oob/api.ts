// SPDX-License-Identifier: Apache-2.0
/** What the controller's out-of-band interface answers, as far as the command line reads it, and where. */
import { path } from '../api.ts'

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

/** A device as MPS lists it. */
export type DeviceLine = { readonly guid: string; readonly hostname?: string; readonly friendlyName?: string }

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

/** Rules of a project, each one document. */
export type RulesKind = 'policy' | 'drift-policy' | 'recovery-policy'

const oob = (project: string): string => path`/v1/projects/${project}/oob`

/** Where the WebSocket of a serial console is opened. */
export function serialAddress(controller: string, project: string, guid: string): URL {
  const url = new URL(`${controller}/v1/oob/sol`)
  url.searchParams.set('project', project)
  url.searchParams.set('device', guid)
  return url
}

export const oobPaths = {
  status: (project: string) => `${oob(project)}/status`,
  sharedPasswords: (project: string) => `${oob(project)}/shared-passwords`,
  endpoint: (project: string) => `${oob(project)}/endpoint`,
  activation: (project: string, host: string) => oob(project) + path`/hosts/${host}/activation`,
  power: (project: string, guid: string) => oob(project) + path`/devices/${guid}/power`,
  order: (project: string, id: string) => oob(project) + path`/power/${id}`,
  powerStates: (project: string) => `${oob(project)}/mps/amt/power/bulk/state`,
  devices: (project: string) => `${oob(project)}/mps/devices`,
  /** `what` is a path of ours and never typed: `amt/features`. */
  device: (project: string, what: string, guid: string) => `${oob(project)}/mps/${what}/${path`${guid}`}`,
  records: (project: string, kind: RecordKind) => `${oob(project)}/rps/${RECORDS[kind].path}`,
  record: (project: string, kind: RecordKind, name: string) =>
    `${oob(project)}/rps/${RECORDS[kind].path}/${path`${name}`}`,
  profileExport: (project: string, name: string) => oob(project) + path`/rps/profiles/export/${name}`,
  rules: (project: string, kind: RulesKind) => `${oob(project)}/${kind}`,
  redirections: (project: string) => `${oob(project)}/redirections`,
  redirection: (project: string, id: string) => oob(project) + path`/redirections/${id}`,
  grants: (project: string, guid: string) => oob(project) + path`/devices/${guid}/redirections`,
  images: (project: string) => `${oob(project)}/images`,
  servings: (project: string) => `${oob(project)}/ider`,
  serving: (project: string, id: string) => oob(project) + path`/ider/${id}`,
  drifts: (project: string) => `${oob(project)}/drift`,
  drift: (project: string, guid: string) => oob(project) + path`/devices/${guid}/drift`,
  playbooks: (project: string) => `${oob(project)}/playbooks`,
  playbook: (project: string, guid: string, name: string) => oob(project) + path`/devices/${guid}/playbooks/${name}`,
  runs: (project: string) => `${oob(project)}/playbook-runs`,
  run: (project: string, id: string) => oob(project) + path`/playbook-runs/${id}`,
} as const
