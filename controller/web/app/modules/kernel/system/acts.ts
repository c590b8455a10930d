// SPDX-License-Identifier: Apache-2.0
/** What is done with the controller itself: its backup and its restore. */
import { defineAct, quoted, reasonFlag } from '../../../acts/act.ts'
import { call } from '../../../api/call.ts'

export const fetchBackup = defineAct<object>({
  name: 'system.backup',
  riskClass: 0,
  permission: 'system.write',
  cli: () => 'muster system backup -f muster.db',
  calls: () => [call('GET', '/v1/system/backup')],
  example: {},
})

export type Restore = {
  /** Name of the file, as the command line would take it. */
  readonly name: string
  /** Its content, where there is one to send. */
  readonly file?: File
}

export const restoreBackup = defineAct<Restore>({
  name: 'system.restore',
  riskClass: 4,
  permission: 'system.write',
  cli: ({ name, ...given }) => `muster system restore -f ${quoted(name)}${reasonFlag(given)} -y`,
  calls: ({ file, reason }) => [
    {
      ...call('POST', '/v1/system/restore', { query: reason === undefined ? {} : { reason } }),
      ...(file === undefined ? {} : { file }),
    },
  ],
  example: { name: 'muster-2026-11-21.db', reason: 'the import of this morning was wrong' },
})
