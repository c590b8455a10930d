// SPDX-License-Identifier: Apache-2.0
/** The audit: who did what, by filters that the address keeps, with the proof of it. */
import { Button, Switch, Text } from '@mantine/core'
import { ScrollText, ShieldCheck } from 'lucide-react'
import { useMemo, useState } from 'react'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { DataTable } from '../../../kit/data-table.tsx'
import { PageHead } from '../../../kit/page-head.tsx'
import { EmptyState } from '../../../kit/states.tsx'
import { useParam } from '../../../shell/go.tsx'
import { useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/audit.ts'
import { useAsked } from './asked.ts'
import { auditColumns } from './columns.tsx'
import { ExportMenu } from './download.tsx'
import { useEntries } from './entries.ts'
import { EntryDrawer } from './entry-drawer.tsx'
import { Filters } from './filters.tsx'
import { isFiltered, type Row } from './search.ts'
import { VerifyDrawer } from './verify-drawer.tsx'
import './audit.css'

export default function AuditPage() {
  const [asked, set] = useAsked()
  const [follow, setFollow] = useParam('follow')
  const [shown, setShown] = useParam('entry')
  const [verify, setVerify] = useParam('verify')
  const [isOver, setOver] = useState(false)
  const { modules } = useSurroundings().boot
  // What one reads does not move.
  const { rows, chains, fresh, showFresh } = useEntries(asked, follow === '1' && !isOver)
  const columns = useMemo(() => auditColumns(modules), [modules])
  return (
    <>
      <PageHead
        title={t.title}
        about={t.about}
        actions={
          <>
            <Button
              variant="default"
              leftSection={<ShieldCheck size={14} />}
              onClick={() => setVerify('1', { replace: false })}
            >
              {t.verify.button}
            </Button>
            <ExportMenu asked={asked} />
          </>
        }
      />
      <Filters asked={asked} set={set} chains={chains} />
      <div className="mu-fresh">
        <Switch
          label={t.follow}
          title={t.followWhy}
          checked={follow === '1'}
          onChange={event => setFollow(event.currentTarget.checked ? '1' : '')}
        />
        {fresh > 0 && (
          <Button size="compact-sm" variant="light" onClick={showFresh}>
            {t.fresh(fresh)}
          </Button>
        )}
      </div>
      <div className="mu-fill" onPointerEnter={() => setOver(true)} onPointerLeave={() => setOver(false)}>
        <DataTable<Row>
          key={JSON.stringify(asked)}
          label={t.title}
          rows={rows}
          columns={columns}
          keyOf={keyOf}
          nameOf={row => (row.kind === 'entry' ? t.entry.title(row.entry.n) : t.gap(row.from, row.to))}
          onOpen={row => row.kind === 'entry' && setShown(String(row.entry.n), { replace: false })}
          empty={isFiltered(asked) ? <Nothing /> : <Empty />}
        />
      </div>
      <EntryDrawer asked={asked} shown={shown} onShow={setShown} />
      <VerifyDrawer
        asked={asked}
        opened={verify === '1'}
        onClose={() => setVerify('')}
        onShow={n => set({ verify: '', entry: n })}
      />
    </>
  )
}

function keyOf(row: Row): string {
  return row.kind === 'entry' ? String(row.entry.n) : `gap ${row.from}`
}

function Empty() {
  return (
    <EmptyState
      icon={ScrollText}
      title={t.empty.title}
      action={<CopyLine text="muster host label <host> line=4" what={t.empty.title} />}
    >
      {t.empty.what}
    </EmptyState>
  )
}

function Nothing() {
  return (
    <EmptyState icon={ScrollText} title={t.nothing.title}>
      <Text span>{t.nothing.what}</Text>
    </EmptyState>
  )
}
