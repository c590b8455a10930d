// SPDX-License-Identifier: Apache-2.0
/** Providers: who runs machines for us; kept for those who read them, and never changed. */
import { Type } from 'typebox'
import { Secret, type Secrets } from '../../../secrets/secrets.ts'
import { type Draft, defineKind, type Kind, type Row } from '../engine/kind.ts'

const OPAQUE = '^$|^[a-zA-Z-_0-9.\\/:;=?@!#,<>*(){}"\\\\ ]+$'

const Credentials = Type.Array(Type.String({ maxLength: 500, pattern: OPAQUE }), { maxItems: 100 })

/**
 * Credentials are sealed where there is a store for secrets. Without one only their number is kept: nothing here uses
 * them, and no database text may hold them.
 */
export function providerKind(secrets: Secrets | undefined): Kind {
  const nameOf = (row: Row) => ({ project: row.project, kind: 'provider-credentials', owner: row.id })
  return defineKind({
    name: 'provider',
    words: ['provider', 'providers'],
    prefix: 'provider',
    table: 'inventory_providers',
    places: [{ path: '/providers' }],
    plural: 'providers',
    verbs: ['list', 'get', 'create', 'delete'],
    members: {
      providerKind: {
        is: 'column',
        schema: Type.Enum(['PROVIDER_KIND_UNSPECIFIED', 'PROVIDER_KIND_BAREMETAL']),
        column: 'kind',
        required: true,
      },
      providerVendor: {
        is: 'column',
        schema: Type.Enum([
          'PROVIDER_VENDOR_UNSPECIFIED',
          'PROVIDER_VENDOR_LENOVO_LXCA',
          'PROVIDER_VENDOR_LENOVO_LOCA',
        ]),
        column: 'vendor',
      },
      name: {
        is: 'column',
        schema: Type.String({ minLength: 1, maxLength: 40, pattern: '^[a-zA-Z-_0-9./: ]+$' }),
        column: 'name',
        required: true,
        searched: true,
      },
      apiEndpoint: {
        is: 'column',
        schema: Type.String({ maxLength: 500, pattern: '^$|^[a-zA-Z-_0-9./:;=?@!#,<>*() ]+$' }),
        column: 'endpoint',
        required: true,
      },
      config: {
        is: 'column',
        schema: Type.String({ maxLength: 2_000, pattern: OPAQUE }),
        column: 'config',
        quiet: true,
      },
      apiCredentials: { is: 'extra', schema: Credentials, secret: true },
      providerID: { is: 'alias' },
    },
    unique: [{ columns: ['name'], key: 'name' }],
    check: async (_, { given }) => ({ credentials: credentialsIn(given).length }),
    save: async (tx, { next, given }) => {
      const credentials = credentialsIn(given)
      if (credentials.length > 0) await secrets?.put(tx, nameOf(next), Secret.of(JSON.stringify(credentials)))
    },
    drop: async (tx, _, row) => {
      await secrets?.remove(tx, nameOf(row))
    },
  })
}

function credentialsIn({ apiCredentials = [] }: Draft['given']): readonly unknown[] {
  return apiCredentials as readonly unknown[] // a list, as its schema says
}
