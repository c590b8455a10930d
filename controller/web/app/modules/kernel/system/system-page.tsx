// SPDX-License-Identifier: Apache-2.0
/** The controller itself: health, broker, database, backups, certificates, modules. */
import { Text } from '@mantine/core'
import { lazy } from 'react'
import { LiveAge } from '../../../kit/live-age.tsx'
import { PageHead } from '../../../kit/page-head.tsx'
import { PageTabs } from '../../../shell/page-tabs.tsx'
import { t } from '../../../words/system.ts'
import { EVERY_MS, Sampling, useSystem } from './system.tsx'
import './system.css'

const TABS = [
  { id: 'health', order: 10, tab: lazy(() => import('./health-tab.tsx')) },
  { id: 'broker', order: 20, tab: lazy(() => import('./broker-tab.tsx')) },
  { id: 'database', order: 30, tab: lazy(() => import('./database-tab.tsx')) },
  { id: 'backups', order: 40, tab: lazy(() => import('./backups-tab.tsx')) },
  { id: 'certificates', order: 50, tab: lazy(() => import('./certificates-tab.tsx')) },
  { id: 'modules', order: 60, tab: lazy(() => import('./modules-tab.tsx')) },
  { id: 'about', order: 70, tab: lazy(() => import('./about-tab.tsx')) },
] as const

export default function SystemPage() {
  return (
    <>
      <PageHead title={t.title} about={t.about} actions={<Asked />} />
      <Sampling>
        <PageTabs of="/system" label={t.tabs} own={TABS.map(tab => ({ ...tab, title: t.tab[tab.id] }))} />
      </Sampling>
    </>
  )
}

/** How old the figures are. */
function Asked() {
  const { dataUpdatedAt } = useSystem()
  if (dataUpdatedAt === 0) return null
  return (
    <Text size="sm" c="dimmed" title={t.asOf}>
      <LiveAge at={dataUpdatedAt} expectedMs={3 * EVERY_MS} ago />
    </Text>
  )
}
