// SPDX-License-Identifier: Apache-2.0
/** The hosts: their list, and what modules put beside it. */
import { PageHead } from '../../../kit/page-head.tsx'
import { PageParts, PageTabs } from '../../../shell/page-tabs.tsx'
import { t } from '../../../words/hosts.ts'
import { AddHost } from './add-host.tsx'
import { HostList } from './host-list.tsx'
import './hosts.css'

const OWN = [{ id: 'list', title: t.list, order: 0, tab: HostList }]

export default function HostsPage() {
  return (
    <>
      <PageHead
        title={t.title}
        actions={
          <>
            <PageParts of="/hosts head" />
            <AddHost />
          </>
        }
      />
      <PageTabs of="/hosts" label={t.tabs} own={OWN} />
    </>
  )
}
