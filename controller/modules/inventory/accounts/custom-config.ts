// SPDX-License-Identifier: Apache-2.0
/** Custom configurations: cloud-init that a host is given when it is installed. */
import { Type } from 'typebox'
import { problem } from '../../../../plugins/contract/index.ts'
import { defineKind } from '../engine/kind.ts'
import { wrongCloudConfig } from './cloud-init.ts'

export const customConfig = defineKind({
  name: 'customConfig',
  words: ['custom config', 'custom configs'],
  prefix: 'customconfig',
  table: 'inventory_custom_configs',
  places: [{ path: '/customConfigs' }],
  plural: 'customConfigs',
  verbs: ['list', 'get', 'create', 'delete'],
  // A character may take six bytes in JSON.
  bodyBytes: 131_072,
  members: {
    name: {
      is: 'column',
      schema: Type.String({ maxLength: 40, pattern: '^[a-z][a-z0-9-]{0,31}$' }),
      column: 'name',
      required: true,
      searched: true,
    },
    description: {
      is: 'column',
      schema: Type.String({ maxLength: 256, pattern: '^$|^[a-zA-Z-_0-9./:;=@?!#,<>*()" ]+$' }),
      column: 'description',
      searched: true,
    },
    config: {
      is: 'column',
      schema: Type.String({
        description: 'Cloud-init user data of at most 16,384 characters: YAML behind #cloud-config',
      }),
      column: 'config',
      required: true,
      filter: 'none',
      quiet: true,
    },
  },
  unique: [{ columns: ['name'], key: 'name' }],
  check: async (_, { next }) => {
    const wrong = wrongCloudConfig(String(next.config))
    if (wrong === undefined) return
    throw problem('invalid', `config: ${wrong}`, { findings: [{ pointer: '/body/config', message: wrong }] })
  },
})
