// SPDX-License-Identifier: Apache-2.0
/** OS update policies: what an instance is to be brought to; made once and never changed. */
import { Type } from 'typebox'
import { defineKind } from '../engine/kind.ts'
import { textOf } from '../engine/world.ts'
import { refuseFindings } from '../findings.ts'
import { type PolicyMembers, policyFindings } from './policy-rules.ts'

export const osUpdatePolicy = defineKind({
  name: 'osUpdatePolicy',
  words: ['OS update policy', 'OS update policies'],
  prefix: 'osupdatepolicy',
  table: 'inventory_update_policies',
  places: [{ path: '/os-update-policies' }],
  plural: 'osUpdatePolicies',
  verbs: ['list', 'get', 'create', 'delete'],
  bodyBytes: 1_048_576,
  members: {
    name: {
      is: 'column',
      column: 'name',
      schema: Type.String({ maxLength: 50, pattern: '^$|^[a-zA-Z-_0-9./: ]+$' }),
      required: true,
      searched: true,
    },
    description: {
      is: 'column',
      column: 'description',
      schema: Type.String({ maxLength: 200, pattern: '^$|^[a-zA-Z-_0-9./:;=?@!#,<>*() ]+$' }),
    },
    updateSources: {
      is: 'column',
      column: 'update_sources',
      form: 'json',
      schema: Type.Array(
        Type.String({ maxLength: 10_000, pattern: '^$|^[a-zA-Z-_0-9./:;=?@!#,<>*+()\\[\\]" \\n]+$' }),
        {
          maxItems: 100,
          description: 'Package sources (DEB822), for mutable systems',
        },
      ),
    },
    updatePackages: {
      is: 'column',
      column: 'update_packages',
      schema: Type.String({
        maxLength: 500_000,
        pattern: '^$|^[A-Za-z0-9._/:;=@?!#,<>\\-*+~()\\[\\]{} \\n]+$',
        description: 'Names of packages, one in a line, for mutable systems',
      }),
      filter: 'none',
    },
    updateKernelCommand: {
      is: 'column',
      column: 'update_kernel_command',
      schema: Type.String({
        maxLength: 500,
        pattern: '^$|^[a-zA-Z-_0-9./:;=?@!#,<>*()" ]+$',
        description: 'For mutable systems',
      }),
    },
    targetOs: { is: 'reference', to: 'operatingSystem', column: 'target_os', writes: 'targetOsId' },
    updatePolicy: {
      is: 'column',
      column: 'update_policy',
      schema: Type.Enum(['UPDATE_POLICY_UNSPECIFIED', 'UPDATE_POLICY_LATEST', 'UPDATE_POLICY_TARGET']),
      // Said by its own rule, which names the values that are possible.
      required: false,
    },
  },
  check: async (_tx, { given, next }) => {
    const members = given as PolicyMembers // checked by the schemas above
    refuseFindings(policyFindings({ ...members, targetOsId: textOf(next.target_os) }))
  },
})
