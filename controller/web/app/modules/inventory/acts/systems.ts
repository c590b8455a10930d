// SPDX-License-Identifier: Apache-2.0
/** Acts on operating systems, update policies and the record of update runs. */
import { defineAct, quoted, reasonFlag } from '../../../acts/act.ts'
import { call } from '../../../api/call.ts'

type InProject = { readonly project: string }
type One = InProject & { readonly id: string }

export type SystemBody = {
  readonly name?: string
  readonly profileName?: string
  readonly architecture?: string
  readonly imageUrl?: string
  readonly imageId?: string
  readonly sha256?: string
  readonly description?: string
  readonly osType?: 'OS_TYPE_MUTABLE' | 'OS_TYPE_IMMUTABLE'
  readonly securityFeature?: 'SECURITY_FEATURE_NONE' | 'SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION'
}

const SYSTEM_OPTIONS: Readonly<Record<keyof SystemBody, string>> = {
  name: 'name',
  profileName: 'profile-name',
  architecture: 'architecture',
  imageUrl: 'image-url',
  imageId: 'image-id',
  sha256: 'sha256',
  description: 'description',
  osType: 'type',
  securityFeature: 'security',
}

export type PolicyBody = {
  readonly name: string
  readonly description?: string
  readonly updatePolicy: 'UPDATE_POLICY_LATEST' | 'UPDATE_POLICY_TARGET'
  readonly targetOsId?: string
  readonly updatePackages?: string
  readonly updateKernelCommand?: string
  readonly updateSources?: readonly string[]
}

const POLICY_OPTIONS = {
  description: 'description',
  updatePolicy: 'policy',
  targetOsId: 'target-os',
  updatePackages: 'packages',
  updateKernelCommand: 'kernel-command',
  updateSources: 'source',
} as const

/** The prefix that the interface puts before words, and the command line does not. */
const PREFIX = /^(OS_TYPE_|SECURITY_FEATURE_|UPDATE_POLICY_)/

function flags(options: Readonly<Record<string, string>>, body: object): string {
  const given: Readonly<Record<string, unknown>> = { ...body }
  return Object.entries(options)
    .flatMap(([member, option]) =>
      [given[member] ?? []].flat().map(value => ` --${option} ${quoted(spelled(String(value)))}`),
    )
    .join('')
}

function spelled(value: string): string {
  return PREFIX.test(value) ? value.replace(PREFIX, '').toLowerCase().replaceAll('_', '-') : value
}

export const createSystem = defineAct<
  InProject & { readonly body: SystemBody & { readonly name: string; readonly sha256: string } }
>({
  name: 'os.create',
  riskClass: 1,
  permission: 'inventory.write',
  cli: ({ body: { name, ...rest } }) => `muster os create ${quoted(name)}${flags(SYSTEM_OPTIONS, rest)}`,
  calls: ({ project, body }) => [
    call('POST', '/v1/projects/{projectName}/compute/os', { path: { projectName: project }, body }),
  ],
  example: {
    project: 'default',
    body: {
      name: 'Ubuntu 24.04',
      sha256: 'a'.repeat(64),
      osType: 'OS_TYPE_MUTABLE',
      securityFeature: 'SECURITY_FEATURE_NONE',
    },
  },
})

export const changeSystem = defineAct<One & { readonly body: SystemBody }>({
  name: 'os.change',
  riskClass: 1,
  permission: 'inventory.write',
  cli: ({ id, body }) => `muster os set ${id}${flags(SYSTEM_OPTIONS, body)}`,
  calls: ({ project, id, body }) => [
    call('PATCH', '/v1/projects/{projectName}/compute/os/{resourceId}', {
      path: { projectName: project, resourceId: id },
      body: body as never, // a change need not name the digest, which the description asks of every body
    }),
  ],
  example: { project: 'default', id: 'os-1a2b3c4d', body: { description: 'for lines 1 to 4' } },
})

export const deleteSystem = defineAct<One>({
  name: 'os.delete',
  riskClass: 2,
  permission: 'inventory.write',
  cli: ({ id, reason }) => `muster os rm ${id}${reasonFlag({ reason })} -y`,
  calls: ({ project, id, reason }) => [
    call('DELETE', '/v1/projects/{projectName}/compute/os/{resourceId}', {
      path: { projectName: project, resourceId: id },
      query: { reason },
    }),
  ],
  example: { project: 'default', id: 'os-1a2b3c4d', reason: 'out of support' },
})

export const createPolicy = defineAct<InProject & { readonly body: PolicyBody }>({
  name: 'update-policy.create',
  riskClass: 1,
  permission: 'inventory.write',
  cli: ({ body: { name, ...rest } }) => `muster update-policy create ${quoted(name)}${flags(POLICY_OPTIONS, rest)}`,
  calls: ({ project, body: { updateSources, ...body } }) => [
    call('POST', '/v1/projects/{projectName}/os-update-policies', {
      path: { projectName: project },
      body: { ...body, ...(updateSources === undefined ? {} : { updateSources: [...updateSources] }) },
    }),
  ],
  example: { project: 'default', body: { name: 'weekly', updatePolicy: 'UPDATE_POLICY_LATEST' } },
})

export const deletePolicy = defineAct<One>({
  name: 'update-policy.delete',
  riskClass: 2,
  permission: 'inventory.write',
  cli: ({ id, reason }) => `muster update-policy rm ${id}${reasonFlag({ reason })} -y`,
  calls: ({ project, id, reason }) => [
    call('DELETE', '/v1/projects/{projectName}/os-update-policies/{resourceId}', {
      path: { projectName: project, resourceId: id },
      query: { reason },
    }),
  ],
  example: { project: 'default', id: 'osupdatepolicy-1a2b3c4d' },
})

export const deleteRun = defineAct<One>({
  name: 'update-run.delete',
  riskClass: 2,
  permission: 'inventory.write',
  cli: ({ id, reason }) => `muster update-run rm ${id}${reasonFlag({ reason })} -y`,
  calls: ({ project, id, reason }) => [
    call('DELETE', '/v1/projects/{projectName}/os-update-runs/{resourceId}', {
      path: { projectName: project, resourceId: id },
      query: { reason },
    }),
  ],
  example: { project: 'default', id: 'osupdaterun-1a2b3c4d' },
})
