// SPDX-License-Identifier: Apache-2.0
/** The projects that somebody may enter. */
import { PageHead } from '../../../kit/page-head.tsx'
import { PageParts, PageTabs } from '../../../shell/page-tabs.tsx'
import { t } from '../../../words/projects.ts'
import { ProjectList } from './project-list.tsx'

const TABS = [{ id: 'projects', title: t.list, order: 0, tab: ProjectList }]

export default function ProjectsPage() {
  return (
    <>
      <PageHead title={t.title} about={t.about} actions={<PageParts of="/projects head" />} />
      <PageTabs of="/projects" label={t.tabs} own={TABS} />
    </>
  )
}
