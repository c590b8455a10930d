// SPDX-License-Identifier: Apache-2.0
/** Help: problems by code, words, keys, topics of the command line. */
import { lazy } from 'react'
import { PageHead } from '../../../kit/page-head.tsx'
import { PageTabs } from '../../../shell/page-tabs.tsx'
import { t } from '../../../words/help.ts'
import './help.css'

const TABS = [
  { id: 'problems', order: 10, tab: lazy(() => import('./problems-tab.tsx')) },
  { id: 'words', order: 20, tab: lazy(() => import('./words-tab.tsx')) },
  { id: 'keys', order: 30, tab: lazy(() => import('./keys-tab.tsx')) },
  { id: 'cli', order: 40, tab: lazy(() => import('./topics-tab.tsx')) },
] as const

export default function HelpPage() {
  return (
    <>
      <PageHead title={t.title} about={t.about} />
      <PageTabs of="/help" label={t.tabs} own={TABS.map(tab => ({ ...tab, title: t.tab[tab.id] }))} />
    </>
  )
}
