// SPDX-License-Identifier: Apache-2.0
/** Who may come in and what they may do: tokens, and what the module access adds. */
import { lazy } from 'react'
import { PageHead } from '../../../kit/page-head.tsx'
import { PageTabs } from '../../../shell/page-tabs.tsx'
import { t } from '../../../words/access-tokens.ts'

const TABS = [{ id: 'tokens', title: t.tokens, order: 30, tab: lazy(() => import('./tokens-tab.tsx')) }]

export default function AccessPage() {
  return (
    <>
      <PageHead title={t.title} about={t.about} />
      <PageTabs of="/access" label={t.tabs} own={TABS} />
    </>
  )
}
