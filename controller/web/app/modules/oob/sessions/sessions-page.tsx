// SPDX-License-Identifier: Apache-2.0
/** Consoles and drives that are open, recordings, and images that machines can be given. */
import { Tabs, Text } from '@mantine/core'
import { PageHead } from '../../../kit/page-head.tsx'
import { useParam } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/oob-care.ts'
import { OobNav } from '../oob-nav.tsx'
import { ImageList } from './image-list.tsx'
import { LiveList } from './live-list.tsx'
import { RecordingList } from './recording-list.tsx'

const TABS = ['live', 'recordings', 'images'] as const

export default function SessionsPage() {
  const [asked, setTab] = useParam('tab', 'live')
  const tab = TABS.find(each => each === asked) ?? 'live'
  const may = useMay()
  return (
    <>
      <PageHead title={t.sessions.title} about={t.sessions.about} />
      <OobNav />
      <Tabs value={tab} onChange={next => setTab(next ?? 'live')} mb="sm">
        <Tabs.List aria-label={t.sessions.tabs.label}>
          {TABS.map(each => (
            <Tabs.Tab key={each} value={each}>
              {t.sessions.tabs[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {tab === 'live' && <LiveList />}
      {tab === 'recordings' &&
        (may('audit.read') ? <RecordingList /> : <Text size="sm">{t.sessions.mayNotRecordings}</Text>)}
      {tab === 'images' && <ImageList />}
    </>
  )
}
