// SPDX-License-Identifier: Apache-2.0
/** Everything the buttons of the kernel's pages do. */
import type { AnyAct } from '../../acts/act.ts'
import { createToken, revokeTokens } from './access/acts.ts'
import { exportAudit } from './audit/acts.ts'
import { acts as ofHost } from './host/acts.ts'
import { acts as ofHosts } from './hosts/acts.ts'
import { acts as ofMe } from './me/acts.ts'
import { fetchBackup, restoreBackup } from './system/acts.ts'

export const acts: readonly AnyAct[] = [
  ...ofHost,
  ...ofHosts,
  ...ofMe,
  createToken,
  revokeTokens,
  exportAudit,
  fetchBackup,
  restoreBackup,
]
