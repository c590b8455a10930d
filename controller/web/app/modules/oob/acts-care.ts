// SPDX-License-Identifier: Apache-2.0
/** What is done about rules, differences, recoveries and open consoles. */
import { type AnyAct, defineAct, quoted, reasonFlag } from '../../acts/act.ts'
import { type AnswerOf, type Call, call } from '../../api/call.ts'
import { type InProject, line } from './line.ts'

type Policy = AnswerOf<'/v1/projects/{project}/oob/policy', 'GET'>
type DriftPolicy = AnswerOf<'/v1/projects/{project}/oob/drift-policy', 'GET'>
type RecoveryPolicy = AnswerOf<'/v1/projects/{project}/oob/recovery-policy', 'GET'>
type Rules<P> = InProject & { readonly rules: Omit<P, 'version'>; readonly version: number }

/** Refused when somebody else changed them since they were read. */
const guarded = (wanted: Call, version: number): Call => ({ ...wanted, headers: { 'if-match': `"${version}"` } })

export const setPolicy = defineAct<Rules<Policy>>({
  name: 'oob.policy.set',
  riskClass: 1,
  permission: 'host.change',
  cli: ({ project }) => line(project, 'oob policy set -f policy.yaml'),
  calls: ({ project, rules, version }) => [
    guarded(call('PUT', '/v1/projects/{project}/oob/policy', { path: { project }, body: rules }), version),
  ],
  example: { project: 'default', version: 3, rules: { rules: [{ name: 'kiosks', sku: 'ism', controlMode: 'ccm' }] } },
})

export const setDriftPolicy = defineAct<Rules<DriftPolicy>>({
  name: 'oob.drift-policy.set',
  riskClass: 1,
  permission: 'host.change',
  cli: ({ project }) => line(project, 'oob drift policy set -f drift.yaml'),
  calls: ({ project, rules, version }) => [
    guarded(call('PUT', '/v1/projects/{project}/oob/drift-policy', { path: { project }, body: rules }), version),
  ],
  example: {
    project: 'default',
    version: 0,
    rules: {
      clock: 'repair',
      cira: 'repair',
      features: 'report',
      tls: 'report',
      network: 'report',
      passwords: 'report',
      activation: 'report',
    },
  },
})

export const setRecoveryPolicy = defineAct<Rules<RecoveryPolicy>>({
  name: 'oob.recovery-policy.set',
  riskClass: 1,
  permission: 'host.change',
  cli: ({ project }) => line(project, 'oob playbook policy set -f recovery.yaml'),
  calls: ({ project, rules, version }) => [
    guarded(call('PUT', '/v1/projects/{project}/oob/recovery-policy', { path: { project }, body: rules }), version),
  ],
  example: {
    project: 'default',
    version: 0,
    rules: { rules: [{ verdict: 'off', playbook: 'power-on', mode: 'dry-run', afterMinutes: 30 }] },
  },
})

type OfDevice = InProject & { readonly name: string; readonly guid: string }
const DEVICE: OfDevice = { project: 'default', name: 'press-04', guid: '4c4c4544-0051-3510-8052-b4c04f4e4231' }

/** Names that need no quotes are what people would type. */
const wordOf = ({ name, guid }: OfDevice): string => (/^[A-Za-z0-9][\w.-]*$/.test(name) ? name : guid)

export const checkDrift = defineAct<OfDevice>({
  name: 'oob.drift.check',
  riskClass: 0,
  permission: 'host.read',
  cli: given => line(given.project, `oob drift check ${wordOf(given)}`),
  calls: ({ project, guid }) => [
    call('POST', '/v1/projects/{project}/oob/devices/{guid}/drift', { path: { project, guid }, body: {} }),
  ],
  example: DEVICE,
})

export const repairDrift = defineAct<OfDevice>({
  name: 'oob.drift.repair',
  riskClass: 2,
  permission: 'host.change',
  cli: ({ reason, ...given }) => line(given.project, `oob drift repair ${wordOf(given)}${reasonFlag({ reason })}`),
  calls: ({ project, guid, reason }) => [
    call('POST', '/v1/projects/{project}/oob/devices/{guid}/drift', {
      path: { project, guid },
      body: { repair: true, ...(reason === undefined ? {} : { reason }) },
    }),
  ],
  example: DEVICE,
})

export type RunPlaybook = OfDevice & { readonly playbook: string; readonly url?: string | undefined }

function startCall({ project, guid, playbook, url, reason }: RunPlaybook & { readonly reason?: string }): Call {
  return call('POST', '/v1/projects/{project}/oob/devices/{guid}/playbooks/{name}', {
    path: { project, guid, name: playbook },
    body: { ...(url === undefined ? {} : { url }), ...(reason === undefined ? {} : { reason }) },
  })
}

const startLine = ({ playbook, url, reason, ...given }: RunPlaybook & { readonly reason?: string }): string =>
  line(
    given.project,
    `oob playbook run ${quoted(playbook)} ${wordOf(given)}${url === undefined ? '' : ` --url ${quoted(url)}`}${reasonFlag({ reason })}`,
  )

/** Which class a playbook is of is told with it: one act for each permission that starting one may take. */
export const PLAYBOOK_ACTS = {
  'host.read': startAct('look', 0, 'host.read', 'diagnose'),
  'host.operate': startAct('operate', 2, 'host.operate', 'power-on'),
  'host.change': startAct('change', 2, 'host.change', 'reactivate'),
  'host.access': startAct('access', 3, 'host.access', 'restart-hung'),
  'host.destroy': startAct('destroy', 4, 'host.destroy', 'replace-activation'),
} as const

function startAct(name: string, riskClass: 0 | 2 | 3 | 4, permission: string, playbook: string) {
  return defineAct<RunPlaybook>({
    name: `oob.playbook.run.${name}`,
    riskClass,
    permission,
    cli: startLine,
    calls: given => [startCall(given)],
    example: { ...DEVICE, playbook },
  })
}

/** What would be done, and why; changes nothing. */
export function planCall(given: RunPlaybook): Call {
  const wanted = startCall(given)
  return { ...wanted, body: { ...(wanted.body as object), dryRun: true } } // made just above
}

type OfRun = InProject & { readonly id: string }
const RUN: OfRun = { project: 'default', id: '01JD2Z9B3Q8V5K7M4N6P0R2S4Y' }

export const approveRun = defineAct<OfRun>({
  name: 'oob.playbook.approve',
  riskClass: 1,
  permission: 'host.read',
  cli: ({ project, id }) => line(project, `oob playbook approve ${id}`),
  calls: ({ project, id }) => [
    call('POST', '/v1/projects/{project}/oob/playbook-runs/{id}/approve', { path: { project, id } }),
  ],
  example: RUN,
})

export const cancelRun = defineAct<OfRun>({
  name: 'oob.playbook.cancel',
  riskClass: 1,
  permission: 'host.operate',
  cli: ({ project, id }) => line(project, `oob playbook cancel ${id}`),
  calls: ({ project, id }) => [
    call('POST', '/v1/projects/{project}/oob/playbook-runs/{id}/cancel', { path: { project, id } }),
  ],
  example: RUN,
})

export const endSession = defineAct<OfRun>({
  name: 'oob.session.end',
  riskClass: 1,
  permission: 'host.read',
  cli: ({ project, id }) => line(project, `oob session end ${id}`),
  calls: ({ project, id }) => [
    call('DELETE', '/v1/projects/{project}/oob/redirections/{id}', { path: { project, id } }),
  ],
  example: RUN,
})

export const careActs: readonly AnyAct[] = [
  setPolicy,
  setDriftPolicy,
  setRecoveryPolicy,
  checkDrift,
  repairDrift,
  ...Object.values<AnyAct>(PLAYBOOK_ACTS),
  approveRun,
  cancelRun,
  endSession,
]
