// SPDX-License-Identifier: Apache-2.0
/** Adds a person, with a first role where it holds, and shows their invitation. */
import { Select, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ActButton } from '../../acts/act-button.tsx'
import { PlaceFields } from '../../kit/place-fields.tsx'
import { type Place, roleSentence } from '../../kit/rights.ts'
import { useProject } from '../../shell/go.tsx'
import { t as words } from '../../words/access.ts'
import { addPerson } from './acts.ts'
import { type Invitation, InvitationShown, invitationIn } from './invitation.tsx'
import { useRoles } from './queries.ts'

const t = words.people

export function AddPerson() {
  const project = useProject()
  const roles = useRoles().data?.roles ?? []
  const [name, setName] = useState('')
  const [role, setRole] = useState<string | null>(null)
  const [place, setPlace] = useState<Place>({ project })
  const [made, setMade] = useState<Invitation>()
  const chosen = roles.find(each => each.name === role)
  const input =
    name.trim() === ''
      ? undefined
      : {
          name: name.trim(),
          ...(role === null ? {} : { role, ...(place.project === undefined ? {} : { project: place.project }) }),
        }
  return (
    <>
      <ActButton
        act={addPerson}
        input={input}
        title={t.add}
        button={{ variant: 'filled' }}
        refresh={['people', 'bindings']}
        onDone={sent => {
          setMade(invitationIn(sent, name.trim()))
          setName('')
          setRole(null)
        }}
      >
        <Text size="sm">{t.addWhat}</Text>
        <TextInput
          label={t.name}
          description={t.nameHint}
          required
          maxLength={60}
          autoComplete="off"
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Select
          label={t.roleNow}
          description={t.roleHint}
          placeholder={t.roleNone}
          data={roles.map(each => each.name)}
          value={role}
          onChange={setRole}
          clearable
          searchable
        />
        {chosen !== undefined && (
          <Text size="sm" c="dimmed">
            {roleSentence(chosen.permissions)}
          </Text>
        )}
        {chosen !== undefined && <PlaceFields place={place} onChange={setPlace} wholeOnly />}
      </ActButton>
      {made !== undefined && <InvitationShown made={made} onClose={() => setMade(undefined)} />}
    </>
  )
}
