// SPDX-License-Identifier: Apache-2.0
/** The lobby as a page of its own. */
import { PageHead } from '../../../kit/page-head.tsx'
import { SubNav } from '../../../shell/sub-nav.tsx'
import { t as frame } from '../../../words/kernel.ts'
import { t } from '../../../words/onboarding.ts'
import LobbyList from './lobby-list.tsx'

export default function LobbyPage() {
  return (
    <>
      <PageHead title={t.lobby.title} about={t.lobby.about} />
      <SubNav of="/hosts" label={frame.nav.hosts} />
      <LobbyList />
    </>
  )
}
