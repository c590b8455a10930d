// SPDX-License-Identifier: Apache-2.0
/** Which project is looked at, and moving to another: the page stays, its address names the project. */
import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { get } from '../api/call.ts'
import { t } from '../words/kernel.ts'
import { DEFAULT_PROJECT, useProject } from './go.tsx'

export function ProjectSwitch() {
  const project = useProject()
  const [path, navigate] = useLocation()
  const { data } = useQuery({ queryKey: ['projects'], queryFn: get('/v1/projects'), staleTime: 60_000 })
  const names = [...new Set([project, ...(data ?? []).map(({ name = '' }) => name)])].filter(name => name !== '').sort()
  // What stands behind the first part of a path belongs to the project that is left.
  const area = `/${path.split('/')[1] ?? ''}`
  if (names.length < 2) return null
  return (
    <Select
      aria-label={t.project}
      placeholder={t.searchProjects}
      data={names}
      value={project}
      searchable
      size="xs"
      w={160}
      allowDeselect={false}
      onChange={name =>
        name !== null && navigate(name === DEFAULT_PROJECT ? area : `${area}?project=${encodeURIComponent(name)}`)
      }
    />
  )
}
