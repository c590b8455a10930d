// SPDX-License-Identifier: Apache-2.0
/** Makes an API token, as narrow as it can be, and shows its secret once. */
import { MultiSelect, SegmentedControl, Select, TagsInput, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ROLES, rightsOf } from '../../../../../query/roles.ts'
import { ActButton } from '../../../acts/act-button.tsx'
import { PlaceFields } from '../../../kit/place-fields.tsx'
import { type Place, RIGHTS, rightText, roleSentence } from '../../../kit/rights.ts'
import { ShownOnce } from '../../../kit/shown-once.tsx'
import { useProject } from '../../../shell/go.tsx'
import { useMe } from '../../../shell/session.tsx'
import { t } from '../../../words/access-tokens.ts'
import { createToken, type NewToken } from './acts.ts'

const LIVES = ['1', '7', '30', '90', '365'] as const

type Draft = {
  readonly name: string
  readonly days: (typeof LIVES)[number]
  readonly by: 'role' | 'permissions'
  readonly role: string
  readonly permissions: readonly string[]
  readonly place: Place
  readonly networks: readonly string[]
}

export function NewTokenButton() {
  const me = useMe()
  const project = useProject()
  const everywhere = me.permissions
  const held = everywhere.length > 0 ? everywhere : (me.here?.permissions ?? [])
  const first: Draft = {
    name: '',
    days: '30',
    by: 'permissions',
    role: 'viewer',
    permissions: [],
    place: everywhere.length > 0 ? {} : { project },
    networks: [],
  }
  const [draft, setDraft] = useState(first)
  const [secret, setSecret] = useState<string>()
  return (
    <>
      <ActButton
        act={createToken}
        input={inputOf(draft)}
        title={t.create}
        button={{ variant: 'filled' }}
        refresh={['tokens']}
        onDone={([made]) => {
          if (made !== undefined && 'answer' in made) setSecret((made.answer as { token: string }).token) // described so
          setDraft(first)
        }}
      >
        <TokenFields draft={draft} held={held} onChange={change => setDraft({ ...draft, ...change })} />
      </ActButton>
      {secret !== undefined && (
        <ShownOnce
          title={t.createdTitle}
          note={t.createdNote}
          lines={{ [t.token]: secret }}
          verb={t.once}
          onClose={() => setSecret(undefined)}
        />
      )}
    </>
  )
}

/** `undefined` until it says what it is for and what it may. */
function inputOf({ name, days, by, role, permissions, place, networks }: Draft): NewToken | undefined {
  if (name.trim() === '' || (by === 'permissions' && permissions.length === 0)) return undefined
  return {
    name: name.trim(),
    days: Number(days),
    ...(by === 'role' ? { role } : { permissions }),
    ...place,
    ...(networks.length === 0 ? {} : { networks }),
  }
}

type FieldsProps = {
  readonly draft: Draft
  readonly held: readonly string[]
  readonly onChange: (change: Partial<Draft>) => void
}

function TokenFields({ draft, held, onChange }: FieldsProps) {
  const me = useMe()
  const rights = RIGHTS.filter(right => held.includes(right))
  const roles = Object.entries(ROLES).flatMap(([role, all]) => (all.every(right => held.includes(right)) ? [role] : []))
  const may = draft.by === 'role' ? rightsOf(draft.role) : draft.permissions
  return (
    <>
      <TextInput
        label={t.name}
        description={t.nameHint}
        required
        maxLength={60}
        value={draft.name}
        onChange={event => onChange({ name: event.currentTarget.value })}
        data-autofocus
      />
      <Select
        label={t.life}
        data={LIVES.map(value => ({ value, label: t.lives[value] }))}
        value={draft.days}
        allowDeselect={false}
        onChange={value => onChange({ days: LIVES.find(each => each === value) ?? '30' })}
      />
      <div>
        <Text size="sm" fw={500} mb={4}>
          {t.may}
        </Text>
        <SegmentedControl
          aria-label={t.may}
          fullWidth
          data={[
            { value: 'permissions', label: t.byPermission },
            { value: 'role', label: t.byRole },
          ]}
          value={draft.by}
          onChange={value => onChange({ by: value === 'role' ? 'role' : 'permissions' })}
        />
      </div>
      {draft.by === 'role' ? (
        <Select
          label={t.role}
          data={[...roles]}
          value={draft.role}
          allowDeselect={false}
          onChange={value => onChange({ role: value ?? draft.role })}
        />
      ) : (
        <MultiSelect
          label={t.permissions}
          data={rights.map(value => ({ value, label: rightText(value) }))}
          value={[...draft.permissions]}
          onChange={permissions => onChange({ permissions })}
          searchable
          clearable
        />
      )}
      {may.length > 0 && (
        <Text size="sm" c="dimmed">
          {roleSentence(may)}
        </Text>
      )}
      <PlaceFields
        place={draft.place}
        onChange={place => onChange({ place })}
        mayBeEverywhere={me.permissions.length > 0}
      />
      <TagsInput
        label={t.networks}
        description={t.networksHint}
        value={[...draft.networks]}
        onChange={networks => onChange({ networks })}
        splitChars={[',', ' ']}
        clearable
      />
    </>
  )
}
