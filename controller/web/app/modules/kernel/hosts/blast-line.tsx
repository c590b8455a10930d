// SPDX-License-Identifier: Apache-2.0
/** The sentence of what an act reaches, and the first of the hosts by name. */
import { Text } from '@mantine/core'
import { Literal } from '../../../kit/literal.tsx'
import { t } from '../../../words/hosts.ts'
import { blastOf, blastSentence } from './blast.ts'
import type { BulkKind } from './bulk-dialog.tsx'
import { type HostRow, MOST_AT_ONCE } from './rows.ts'

const NAMED = 6

export function BlastLine({ kind, rows }: { readonly kind: BulkKind; readonly rows: readonly HostRow[] }) {
  return (
    <div>
      <Text fw={600}>{blastSentence(kind, blastOf(rows))}</Text>
      <Text size="sm" c="dimmed">
        {rows.slice(0, NAMED).map(({ resourceId, name }, at) => (
          <span key={resourceId}>
            {at > 0 && ', '}
            <Literal text={name === '' ? resourceId : name} max={40} />
          </span>
        ))}
        {rows.length > NAMED && ` ${t.moreLabels(rows.length - NAMED)}`}
      </Text>
      {rows.length >= MOST_AT_ONCE && <Text size="sm">{t.bulk.tooMany(MOST_AT_ONCE)}</Text>}
    </div>
  )
}
