// SPDX-License-Identifier: Apache-2.0
/** Local accounts: who may sign in to a host by SSH. */
import { Type } from 'typebox'
import { problem } from '../../../../plugins/contract/index.ts'
import { defineKind } from '../engine/kind.ts'
import { wrongSshKey } from './ssh-key.ts'

export const localAccount = defineKind({
  name: 'localAccount',
  words: ['local account', 'local accounts'],
  prefix: 'localaccount',
  table: 'inventory_local_accounts',
  places: [{ path: '/localAccounts' }],
  plural: 'localAccounts',
  verbs: ['list', 'get', 'create', 'delete'],
  members: {
    username: {
      is: 'column',
      schema: Type.String({ maxLength: 32, pattern: '^[a-z][a-z0-9-]{0,31}$' }),
      column: 'username',
      required: true,
      searched: true,
    },
    sshKey: {
      is: 'column',
      schema: Type.String({ maxLength: 800, description: 'A public key: ssh-ed25519 or ecdsa-sha2-nistp521' }),
      column: 'ssh_key',
      required: true,
    },
    localAccountID: { is: 'alias' },
  },
  unique: [{ columns: ['username'], key: 'username' }],
  check: async (_, { next }) => {
    const wrong = wrongSshKey(String(next.ssh_key))
    if (wrong === undefined) return
    throw problem('invalid', `sshKey: ${wrong}`, { findings: [{ pointer: '/body/sshKey', message: wrong }] })
  },
})
