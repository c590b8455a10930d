// SPDX-License-Identifier: Apache-2.0
/** What is done to the records that activation is made of. */
import { type Act, type AnyAct, defineAct, quoted, reasonFlag } from '../../acts/act.ts'
import { type Call, call } from '../../api/call.ts'
import { type InProject, line } from './line.ts'

export const RECORD_KINDS = ['profile', 'domain', 'cira', 'wireless', 'ieee8021x', 'proxy'] as const
export type RecordKind = (typeof RECORD_KINDS)[number]

/** Where they lie, and which member is their name. */
export const RECORDS = {
  profile: { path: 'profiles', key: 'profileName', permission: 'host.change' },
  domain: { path: 'domains', key: 'profileName', permission: 'host.access' },
  cira: { path: 'ciraconfigs', key: 'configName', permission: 'host.change' },
  wireless: { path: 'wirelessconfigs', key: 'profileName', permission: 'host.change' },
  ieee8021x: { path: 'ieee8021xconfigs', key: 'profileName', permission: 'host.change' },
  proxy: { path: 'proxyconfigs', key: 'name', permission: 'host.change' },
} as const

export type Body = Readonly<Record<string, unknown>>
export type Writing = InProject & {
  readonly name: string
  readonly body: Body
  /** The version that was read, of a change. */
  readonly version?: string | undefined
}
type Naming = InProject & { readonly name: string }

function address(project: string, kind: RecordKind, name?: string): string {
  const all = `/v1/projects/${encodeURIComponent(project)}/oob/rps/${RECORDS[kind].path}`
  return name === undefined ? all : `${all}/${encodeURIComponent(name)}`
}

/** All of one kind, in one answer. */
export function listCall(project: string, kind: RecordKind): Call {
  return { method: 'GET', path: `${address(project, kind)}?$top=100000` }
}

/** A domain is mostly a certificate, which the command line reads from its own file. */
function fileFlags(kind: RecordKind, { name, body }: Writing): string {
  if (kind !== 'domain') return ` -f ${quoted(`${name}.yaml`)}`
  const suffix = typeof body.domainSuffix === 'string' ? body.domainSuffix : ''
  if (body.provisioningCert === undefined) return ` -f ${quoted(`${name}.yaml`)}`
  return ` --suffix ${quoted(suffix)} --pfx ${quoted(`${name}.pfx`)} --password-file pfx-password.txt`
}

const EXAMPLES: Readonly<Record<RecordKind, Writing>> = {
  profile: { project: 'default', name: 'floor', body: { activation: 'ccmactivate' } },
  domain: { project: 'default', name: 'plant', body: { domainSuffix: 'plant.example', provisioningCert: 'TUlJ' } },
  cira: { project: 'default', name: 'here', body: { mpsServerAddress: 'ctl.example' } },
  wireless: { project: 'default', name: 'floor', body: { ssid: 'Floor' } },
  ieee8021x: { project: 'default', name: 'wired', body: { wiredInterface: true } },
  proxy: { project: 'default', name: 'proxy1', body: { address: 'proxy.plant.example' } },
}

export type ActsOfKind = {
  readonly create: Act<Writing>
  readonly change: Act<Writing>
  readonly remove: Act<Naming>
}

function actsOf(kind: RecordKind): ActsOfKind {
  const { key, permission } = RECORDS[kind]
  return {
    create: defineAct<Writing>({
      name: `oob.${kind}.create`,
      riskClass: 1,
      permission,
      cli: given =>
        line(
          given.project,
          `oob ${kind} create${kind === 'domain' && given.body.provisioningCert !== undefined ? ` ${quoted(given.name)}` : ''}${fileFlags(kind, given)}`,
        ),
      calls: ({ project, name, body }) => [
        { method: 'POST', path: address(project, kind), body: { ...body, [key]: name } },
      ],
      example: EXAMPLES[kind],
    }),
    change: defineAct<Writing>({
      name: `oob.${kind}.change`,
      riskClass: 1,
      permission,
      cli: given => line(given.project, `oob ${kind} set ${quoted(given.name)}${fileFlags(kind, given)}`),
      calls: ({ project, name, body, version = '' }) => [
        {
          method: 'PATCH',
          path: address(project, kind),
          body: { ...body, [key]: name, version },
          // So that two people do not undo each other: refused when it was changed since it was read.
          headers: { 'if-match': version },
        },
      ],
      example: { ...EXAMPLES[kind], version: '3' },
    }),
    remove: defineAct<Naming>({
      name: `oob.${kind}.delete`,
      riskClass: 1,
      permission,
      cli: ({ project, name }) => line(project, `oob ${kind} delete ${quoted(name)}`),
      calls: ({ project, name }) => [{ method: 'DELETE', path: address(project, kind, name) }],
      example: { project: 'default', name: EXAMPLES[kind].name },
    }),
  }
}

export const RECORD_ACTS = {
  profile: actsOf('profile'),
  domain: actsOf('domain'),
  cira: actsOf('cira'),
  wireless: actsOf('wireless'),
  ieee8021x: actsOf('ieee8021x'),
  proxy: actsOf('proxy'),
} as const satisfies Readonly<Record<RecordKind, ActsOfKind>>

export type Export = Naming & { readonly domain?: string | undefined }

/** Gives out every secret of a profile, sealed under a key that is shown once. */
export const exportProfile = defineAct<Export>({
  name: 'oob.profile.export',
  riskClass: 3,
  permission: 'host.access',
  cli: ({ project, name, domain, reason }) =>
    line(
      project,
      `oob profile export ${quoted(name)}${domain === undefined ? '' : ` --domain ${quoted(domain)}`} -f ${quoted(`${name}.enc`)}${reasonFlag({ reason })}`,
    ),
  calls: ({ project, name, domain, reason }) => {
    const query = new URLSearchParams({
      ...(domain === undefined ? {} : { domainName: domain }),
      ...(reason === undefined ? {} : { reason }),
    }).toString()
    const path = `${address(project, 'profile')}/export/${encodeURIComponent(name)}`
    return [{ method: 'GET', path: query === '' ? path : `${path}?${query}` }]
  },
  example: { project: 'default', name: 'default_acm', domain: 'plant' },
})

export const sharePasswords = defineAct<InProject & { readonly amtPassword: string; readonly mebxPassword: string }>({
  name: 'oob.shared-passwords.set',
  riskClass: 4,
  permission: 'host.destroy',
  cli: ({ project, reason }) =>
    line(project, `oob shared-passwords set --amt-file amt.txt --mebx-file mebx.txt${reasonFlag({ reason })}`),
  calls: ({ project, amtPassword, mebxPassword, reason }) => [
    call('PUT', '/v1/projects/{project}/oob/shared-passwords', {
      path: { project },
      body: { amt: amtPassword, mebx: mebxPassword, ...(reason === undefined ? {} : { reason }) },
    }),
  ],
  example: { project: 'default', amtPassword: 'Aa1!aaaa', mebxPassword: 'Bb2!bbbb' },
})

export const ownPasswords = defineAct<InProject>({
  name: 'oob.shared-passwords.clear',
  riskClass: 1,
  permission: 'host.change',
  cli: ({ project }) => line(project, 'oob shared-passwords clear'),
  calls: ({ project }) => [call('DELETE', '/v1/projects/{project}/oob/shared-passwords', { path: { project } })],
  example: { project: 'default' },
})

export const recordActs: readonly AnyAct[] = [
  ...RECORD_KINDS.flatMap(kind => Object.values<AnyAct>(RECORD_ACTS[kind])),
  exportProfile,
  sharePasswords,
  ownPasswords,
]
