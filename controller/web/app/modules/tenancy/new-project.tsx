// SPDX-License-Identifier: Apache-2.0
/** Makes a project. */
import { Select, Text, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ActButton } from '../../acts/act-button.tsx'
import { get } from '../../api/call.ts'
import { useMe } from '../../shell/session.tsx'
import { t } from '../../words/tenancy.ts'
import { createProject } from './acts.ts'

const MOST_NAME = 64
const MOST_DESCRIPTION = 1_000

export default function NewProject() {
  const me = useMe()
  const orgs = useQuery({ queryKey: ['orgs'], queryFn: get('/v1/orgs'), staleTime: 60_000 }).data ?? []
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [org, setOrg] = useState<string | null>(null)
  // Making one is for those who may write projects everywhere; a project's own administrator makes no other.
  if (!me.permissions.includes('project.write')) return null
  const input = name === '' ? undefined : { name, description: description.trim(), ...(org === null ? {} : { org }) }
  return (
    <ActButton
      act={createProject}
      input={input}
      title={t.create}
      button={{ variant: 'filled' }}
      done={t.created(name)}
      refresh={['projects', 'me']}
      onDone={() => {
        setName('')
        setDescription('')
      }}
    >
      <Text size="sm">{t.createWhat}</Text>
      <TextInput
        label={t.name}
        description={t.nameHint}
        required
        maxLength={MOST_NAME}
        autoComplete="off"
        spellCheck={false}
        value={name}
        onChange={event => setName(event.currentTarget.value.trim())}
        data-autofocus
      />
      <Textarea
        label={t.description}
        maxLength={MOST_DESCRIPTION}
        autosize
        minRows={1}
        value={description}
        onChange={event => setDescription(event.currentTarget.value)}
      />
      {orgs.length > 1 && (
        <Select
          label={t.org}
          description={t.orgHint}
          data={orgs.map(each => each.name)}
          value={org}
          onChange={setOrg}
          clearable
        />
      )}
    </ActButton>
  )
}
