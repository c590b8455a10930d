// SPDX-License-Identifier: Apache-2.0
/** Makes a role of one's own, out of what one may do oneself. */
import { Checkbox, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ActButton } from '../../acts/act-button.tsx'
import { RIGHTS, rightText, roleSentence } from '../../kit/rights.ts'
import { t as words } from '../../words/access.ts'
import { createRole } from './acts.ts'
import { useMayEverywhere } from './queries.ts'

const t = words.roles

export function NewRole() {
  const held = useMayEverywhere()
  const [name, setName] = useState('')
  const [about, setAbout] = useState('')
  const [permissions, setPermissions] = useState<string[]>([])
  const input =
    name.trim() === '' || permissions.length === 0 ? undefined : { name: name.trim(), about: about.trim(), permissions }
  return (
    <ActButton
      act={createRole}
      input={input}
      title={t.create}
      done={t.created(name.trim())}
      refresh={['roles']}
      button={{ variant: 'filled' }}
      onDone={() => {
        setName('')
        setAbout('')
        setPermissions([])
      }}
    >
      <Text size="sm">{t.createWhat}</Text>
      <TextInput
        label={t.name}
        description={t.nameHint}
        required
        maxLength={60}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label={t.about}
        maxLength={300}
        value={about}
        onChange={event => setAbout(event.currentTarget.value)}
      />
      <Checkbox.Group label={t.permissions} required value={permissions} onChange={setPermissions}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={6} mt={6}>
          {RIGHTS.filter(held).map(right => (
            <Checkbox key={right} value={right} label={rightText(right)} size="sm" />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
      {permissions.length > 0 && (
        <Text size="sm" c="dimmed" role="status">
          {roleSentence(permissions)}
        </Text>
      )}
    </ActButton>
  )
}
