// SPDX-License-Identifier: Apache-2.0
/** Which project is looked at, and moving to another: the page stays, its address names the project. */
import { Select } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { get } from '../api/call.ts'
import { t } from '../words/kernel.ts'
import { DEFAULT_PROJECT, useProject } from './go.tsx'
import { groupedProjects, withRecent } from './recent-projects.ts'

/** Opens the list of all of them; no project has such a name. */
const ALL = '*'

export function ProjectSwitch() {
  const project = useProject()
  const [path, navigate] = useLocation()
  const { data } = useQuery({ queryKey: ['projects'], queryFn: get('/v1/projects'), staleTime: 60_000 })
  const [recent, setRecent] = useLocalStorage<readonly string[]>({
    key: 'muster.projects',
    defaultValue: [],
    getInitialValueInEffect: false,
  })
  useEffect(() => setRecent(old => withRecent(old, project)), [project, setRecent])
  const names = [...new Set([project, ...(data ?? []).map(({ name }) => name)])].sort()
  if (names.length < 2) return null
  const { lately, others } = groupedProjects(names, recent)
  // What stands behind the first part of a path belongs to the project that is left.
  const area = `/${path.split('/')[1] ?? ''}`
  const move = (name: string | null): void => {
    if (name === ALL)
      navigate(project === DEFAULT_PROJECT ? '/projects' : `/projects?project=${encodeURIComponent(project)}`)
    else if (name !== null && name !== project)
      navigate(name === DEFAULT_PROJECT ? area : `${area}?project=${encodeURIComponent(name)}`)
  }
  return (
    <Select
      aria-label={t.project}
      placeholder={t.searchProjects}
      nothingFoundMessage={t.noSuchProject}
      data={[
        ...(lately.length === 0 ? [] : [{ group: t.projectsLately, items: [...lately] }]),
        { group: lately.length === 0 ? t.projects : t.projectsOther, items: [...others] },
        { group: t.projectsMore, items: [{ value: ALL, label: t.allProjects }] },
      ].filter(({ items }) => items.length > 0)}
      value={project}
      searchable
      selectFirstOptionOnChange
      maxDropdownHeight={420}
      size="xs"
      w={{ base: 130, sm: 190 }}
      comboboxProps={{ width: 240, position: 'bottom-start' }}
      allowDeselect={false}
      onChange={move}
    />
  )
}
