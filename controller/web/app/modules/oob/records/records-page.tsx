// SPDX-License-Identifier: Apache-2.0
/** What activation is made of: profiles, domains, CIRA configurations, wireless, 802.1x, proxies, shared passwords. */
import { Button, Group, Tabs, Text } from '@mantine/core'
import { FileCog } from 'lucide-react'
import { useState } from 'react'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { DataTable } from '../../../kit/data-table.tsx'
import { PageHead } from '../../../kit/page-head.tsx'
import { useListRows } from '../../../kit/rows.ts'
import { EmptyState } from '../../../kit/states.tsx'
import { useParam } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/oob-records.ts'
import { RECORDS, type RecordKind } from '../acts-records.ts'
import { OobNav } from '../oob-nav.tsx'
import { columnsOf } from './columns.tsx'
import { PasswordsTab } from './passwords-tab.tsx'
import { type Item, nameOf, useRecords } from './reads.ts'
import { addTitle, RecordDialog } from './record-dialog.tsx'
import { RecordMenu } from './record-menu.tsx'

/** What a tab shows, by its word in the address. */
const TABS = {
  profiles: 'profile',
  domains: 'domain',
  cira: 'cira',
  wireless: 'wireless',
  '8021x': 'ieee8021x',
  proxy: 'proxy',
  passwords: undefined,
} as const satisfies Readonly<Record<string, RecordKind | undefined>>
type Tab = keyof typeof TABS

export default function RecordsPage() {
  const [asked, setTab] = useParam('tab', 'profiles')
  const tab: Tab = asked in TABS ? (asked as Tab) : 'profiles' // a key, as just asked
  const kind = TABS[tab]
  return (
    <>
      <PageHead title={t.title} about={t.about} />
      <OobNav />
      <Tabs value={tab} onChange={next => setTab(next ?? 'profiles')} keepMounted={false} mb="sm">
        <Tabs.List aria-label={t.tabs.label} className="mu-tabs-scroll">
          {Object.keys(TABS).map(each => (
            <Tabs.Tab key={each} value={each}>
              {t.tabs[each as Tab]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {kind === undefined ? <PasswordsTab /> : <RecordList key={kind} kind={kind} />}
    </>
  )
}

function RecordList({ kind }: { readonly kind: RecordKind }) {
  const query = useRecords(kind)
  const may = useMay()
  const mayWrite = may(RECORDS[kind].permission)
  const [name, setName] = useParam('record')
  const [adding, setAdding] = useState(false)
  const item = query.data?.find(each => nameOf(kind, each) === name)
  const { one, what, command } = t.kind[kind]
  const add = mayWrite && (
    <Button size="sm" onClick={() => setAdding(true)}>
      {addTitle(one)}
    </Button>
  )
  return (
    <>
      <Group justify="space-between" mb="xs" gap="sm">
        <Text size="sm" c="dimmed" maw={640}>
          {what}
        </Text>
        {(query.data?.length ?? 0) > 0 && add}
      </Group>
      <div className="mu-fill">
        <DataTable<Item>
          label={t.tabs.label}
          rows={useListRows(query.data, query)}
          columns={columnsOf(kind)}
          keyOf={each => nameOf(kind, each)}
          nameOf={each => nameOf(kind, each)}
          {...(mayWrite ? { onOpen: each => setName(nameOf(kind, each), { replace: false }) } : {})}
          {...(mayWrite || may('host.access')
            ? { rowEnd: each => <RecordMenu kind={kind} item={each} onEdit={() => setName(nameOf(kind, each))} /> }
            : {})}
          empty={
            <EmptyState
              icon={FileCog}
              title={t.empty(one)}
              action={
                <>
                  {add}
                  <CopyLine text={command} what={one} />
                </>
              }
            >
              {what}
            </EmptyState>
          }
        />
      </div>
      {adding && <RecordDialog kind={kind} item={undefined} onClose={() => setAdding(false)} />}
      {item !== undefined && mayWrite && (
        <RecordDialog key={name} kind={kind} item={item} onClose={() => setName('')} />
      )}
    </>
  )
}
