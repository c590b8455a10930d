// SPDX-License-Identifier: Apache-2.0
/** The dialog of an act on many hosts: who is meant is asked anew when it opens, and stays so until it is sent. */
import { Loader, Modal, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { t } from '../../../words/hosts.ts'
import { t as kit } from '../../../words/kit.ts'
import { LabelDialog } from './bulk-label.tsx'
import { PowerDialog, RevokeDialog } from './bulk-power.tsx'
import { RunDialog } from './bulk-run.tsx'
import { type Asking, filterOfSearch, freeze, freezeIds, type HostRow, readSearch } from './rows.ts'

export type BulkKind = 'label' | 'reboot' | 'shutdown' | 'run' | 'revoke'

/** Ids; and the search, where everything it finds is meant. */
export type Meant = { readonly ids: readonly string[]; readonly q?: string }

export type BulkDialogProps = {
  readonly kind: BulkKind
  readonly meant: Meant
  readonly asking: Asking
  readonly onClose: () => void
  readonly onDone: () => void
}

/** What each of the dialogs is given. */
export type FrozenProps = {
  readonly rows: readonly HostRow[]
  readonly project: string
  readonly q: string | undefined
  readonly onClose: () => void
  readonly onDone: () => void
}

const FIELDS = 'name,metadata,simulated,hostStatus,hostStatusIndicator,presence.online,presence.standing'

export function BulkDialog({ kind, meant, asking, onClose, onDone }: BulkDialogProps) {
  const [asked] = useState(() => meant)
  const { project } = asking
  const fields = asking.fields.includes('site.name') ? `${FIELDS},site.resourceId` : FIELDS
  const frozen = useQuery({
    // Never shared, never refreshed: what was shown is what is sent.
    queryKey: ['frozen', project, asked],
    queryFn: ({ signal }) =>
      asked.q === undefined
        ? freezeIds({ project, fields }, asked.ids, signal)
        : freeze({ project, fields, filter: filterOfSearch(readSearch(asked.q)) }, signal),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  const rows = frozen.data
  if (rows === undefined || rows.length === 0)
    return (
      <Modal opened onClose={onClose} title={t.bulk[kind]} closeButtonProps={{ 'aria-label': kit.close }}>
        {frozen.error !== null && <ProblemCard problem={frozen.error} onRetry={() => void frozen.refetch()} />}
        {frozen.isPending && (
          <Text size="sm" role="status">
            <Loader size="xs" /> {t.bulk.counting}
          </Text>
        )}
        {rows?.length === 0 && <Text size="sm">{t.bulk.nobody}</Text>}
      </Modal>
    )
  const props: FrozenProps = { rows, project, q: asked.q, onClose, onDone }
  if (kind === 'label') return <LabelDialog {...props} />
  if (kind === 'run') return <RunDialog {...props} />
  if (kind === 'revoke') return <RevokeDialog {...props} />
  return <PowerDialog kind={kind} {...props} />
}
