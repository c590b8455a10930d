// SPDX-License-Identifier: Apache-2.0
/** How long a certificate is still good. */
import { spoken } from '../../../kit/age.ts'
import { Badge } from '../../../kit/status-chip.tsx'
import { t } from '../../../words/system.ts'

const DAY_MS = 86_400_000
const SOON_MS = 14 * DAY_MS

export function Left({ notAfter, now }: { readonly notAfter: string; readonly now: number }) {
  const left = Date.parse(notAfter) - now
  if (left <= 0) return <Badge hue="failing">{t.certificates.over(spoken(-left))}</Badge>
  if (left < SOON_MS) return <Badge hue="degraded">{spoken(left)}</Badge>
  return <>{spoken(left)}</>
}
