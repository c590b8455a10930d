// SPDX-License-Identifier: Apache-2.0
/** Says that rows wait while somebody points at the list, and shows them when asked. */
import { UnstyledButton } from '@mantine/core'
import { ArrowDownUp } from 'lucide-react'
import type { HeldRows } from '../../../kit/held-rows.ts'
import { t } from '../../../words/hosts.ts'
import type { HostRow } from './rows.ts'

export function FreshBar({ rows: { fresh, moved, show } }: { readonly rows: HeldRows<HostRow> }) {
  return (
    <div role="status" className="mu-fresh-place">
      {moved && (
        <UnstyledButton className="mu-fresh" onClick={show}>
          <ArrowDownUp size={14} aria-hidden />
          {fresh > 0 ? t.fresh(fresh) : t.reordered}
          <span className="mu-fresh-verb">{t.show}</span>
        </UnstyledButton>
      )}
    </div>
  )
}
