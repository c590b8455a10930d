// SPDX-License-Identifier: Apache-2.0
/** Recovery playbooks: what there is, what ran, and what waits for somebody. */
import { Tabs } from '@mantine/core'
import { PageHead } from '../../../kit/page-head.tsx'
import { useParam } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-care.ts'
import { Go } from '../links.ts'
import { OobNav } from '../oob-nav.tsx'
import { PlaybookList } from './playbook-list.tsx'
import { RunList } from './run-list.tsx'

export default function PlaybooksPage() {
  const [tab, setTab] = useParam('tab', 'runs')
  return (
    <>
      <PageHead
        title={t.playbooks.title}
        about={t.playbooks.about}
        actions={<Go to="/out-of-band/rules?tab=recovery">{t.rules.title}</Go>}
      />
      <OobNav />
      <Tabs value={tab === 'list' ? 'list' : 'runs'} onChange={next => setTab(next ?? 'runs')} mb="sm">
        <Tabs.List aria-label={t.playbooks.tabs.label}>
          <Tabs.Tab value="runs">{t.playbooks.tabs.runs}</Tabs.Tab>
          <Tabs.Tab value="list">{t.playbooks.tabs.list}</Tabs.Tab>
        </Tabs.List>
      </Tabs>
      {tab === 'list' ? <PlaybookList /> : <RunList />}
    </>
  )
}
