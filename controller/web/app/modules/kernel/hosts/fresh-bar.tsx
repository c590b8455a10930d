// SPDX-License-Identifier: Apache-2.0
/** The list while somebody points at it: rows stay, and a bar says that others wait and shows them when asked. */
import { UnstyledButton } from '@mantine/core'
import { ArrowDownUp } from 'lucide-react'
import type { ReactNode } from 'react'
import type { HeldRows } from '../../../kit/held-rows.ts'
import { t } from '../../../words/hosts.ts'
import type { HostRow } from './rows.ts'

type Pointed = {
  readonly rows: HeldRows<HostRow>
  readonly className: string
  readonly onPointed: (isPointed: boolean) => void
  readonly children: ReactNode
}

/** The bar belongs to what is pointed at: it must not vanish, and move the list, under whoever is about to press it. */
export function PointedList({ rows, className, onPointed, children }: Pointed) {
  return (
    <div
      className={className}
      onPointerEnter={event => event.pointerType === 'mouse' && onPointed(true)}
      onPointerLeave={() => onPointed(false)}
    >
      <FreshBar rows={rows} />
      {children}
    </div>
  )
}

function FreshBar({ rows: { fresh, moved, show } }: { readonly rows: HeldRows<HostRow> }) {
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
