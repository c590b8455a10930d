// SPDX-License-Identifier: Apache-2.0
/** Describes a project, or deletes it with everything in it. */
import { Stack, Text, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ActButton } from '../../acts/act-button.tsx'
import { get } from '../../api/call.ts'
import { DEFAULT_PROJECT } from '../../shell/go.tsx'
import { t } from '../../words/tenancy.ts'
import { changeProject, deleteProject } from './acts.ts'

const MOST_DESCRIPTION = 1_000

export default function ProjectActs({ about: name }: { readonly about: string }) {
  return (
    <>
      <Describe name={name} />
      {name !== DEFAULT_PROJECT && <Remove name={name} />}
    </>
  )
}

function Describe({ name }: { readonly name: string }) {
  const project = useQuery({
    queryKey: ['projects', name],
    queryFn: get('/v1/projects/{project}', { path: { project: name } }),
  })
  const [typed, setTyped] = useState<string>()
  const description = typed ?? project.data?.spec.description ?? ''
  return (
    <ActButton
      act={changeProject}
      input={{ name, description: description.trim() }}
      title={t.changeTitle(name)}
      label={t.change}
      verb={t.change}
      done={t.changed}
      refresh={['projects']}
      onDone={() => setTyped(undefined)}
    >
      <Textarea
        label={t.description}
        maxLength={MOST_DESCRIPTION}
        autosize
        minRows={2}
        value={description}
        onChange={event => setTyped(event.currentTarget.value)}
        data-autofocus
      />
    </ActButton>
  )
}

function Remove({ name }: { readonly name: string }) {
  return (
    <ActButton
      act={deleteProject}
      input={{ name }}
      title={t.removeTitle(name)}
      label={t.remove}
      verb={t.removeVerb(name)}
      name={name}
      done={t.removing(name)}
      refresh={['projects']}
      button={{ c: 'var(--mu-failing)' }}
    >
      <Radius name={name} />
    </ActButton>
  )
}

/** What goes with it, counted. */
function Radius({ name }: { readonly name: string }) {
  const { data } = useQuery({
    queryKey: ['summary', name],
    queryFn: get('/v1/projects/{projectName}/compute/hosts/summary', { path: { projectName: name } }),
    retry: false,
  })
  return (
    <Stack gap={4}>
      <Text fw={600}>{data === undefined ? t.removeUnknown : t.removeWhat(data.total)}</Text>
      <Text>{t.removeRest}</Text>
      <Text size="sm">{t.removeFirmware}</Text>
    </Stack>
  )
}
