// SPDX-License-Identifier: Apache-2.0
/** Gives a role by building a sentence: who, may or may never, which role, where. */
import { Alert, SegmentedControl, Select, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ActButton } from '../../acts/act-button.tsx'
import { PlaceFields, useSiteNames } from '../../kit/place-fields.tsx'
import { type Place, placeText, roleSentence } from '../../kit/rights.ts'
import { useProject } from '../../shell/go.tsx'
import { t as words } from '../../words/access.ts'
import { bindRole, type NewBinding } from './acts.ts'
import { useMayEverywhere, usePeople, useRoles } from './queries.ts'

const t = words.given

type Draft = {
  readonly who: string
  readonly isGroup: boolean
  readonly role: string
  readonly effect: 'allow' | 'deny'
  readonly place: Place
}

/** `who` is given where it stands fast; then nobody else can be chosen. */
export function BindButton({
  who = '',
  whoName,
  filled = false,
}: {
  readonly who?: string
  readonly whoName?: string
  readonly filled?: boolean
}) {
  const project = useProject()
  const first: Draft = { who, isGroup: false, role: '', effect: 'allow', place: { project } }
  const [draft, setDraft] = useState(first)
  const input: NewBinding | undefined = draft.who.trim() === '' || draft.role === '' ? undefined : draft
  return (
    <ActButton
      act={bindRole}
      input={input}
      title={t.give}
      done={t.done}
      refresh={['bindings', 'people', 'sessions', 'me']}
      button={filled ? { variant: 'filled' } : { size: 'xs' }}
      onDone={() => setDraft(first)}
    >
      <BindFields draft={draft} onChange={change => setDraft({ ...draft, ...change })} whoName={whoName} />
    </ActButton>
  )
}

type FieldsProps = {
  readonly draft: Draft
  readonly onChange: (change: Partial<Draft>) => void
  readonly whoName: string | undefined
}

function BindFields({ draft, onChange, whoName }: FieldsProps) {
  const roles = useRoles().data?.roles ?? []
  const everywhere = useMayEverywhere()('access.write')
  const role = roles.find(({ name }) => name === draft.role)
  return (
    <>
      {whoName === undefined && <WhoFields draft={draft} onChange={onChange} />}
      <div>
        <Text size="sm" fw={500} mb={4}>
          {t.effect}
        </Text>
        <SegmentedControl
          aria-label={t.effect}
          data={[
            { value: 'allow', label: t.allow },
            { value: 'deny', label: t.deny },
          ]}
          value={draft.effect}
          onChange={value => onChange({ effect: value === 'deny' ? 'deny' : 'allow' })}
        />
      </div>
      <Select
        label={t.role}
        data={roles.map(({ name }) => name)}
        value={draft.role === '' ? null : draft.role}
        data-autofocus
        onChange={value => onChange({ role: value ?? '' })}
        searchable
      />
      <PlaceFields place={draft.place} onChange={place => onChange({ place })} mayBeEverywhere={everywhere} />
      <Sentence draft={draft} whoName={whoName} permissions={role?.permissions} />
    </>
  )
}

function WhoFields({ draft, onChange }: Omit<FieldsProps, 'whoName'>) {
  const people = usePeople().data?.people ?? []
  return (
    <>
      <SegmentedControl
        aria-label={t.givenTo}
        data={[
          { value: 'person', label: t.person },
          { value: 'group', label: t.aGroup },
        ]}
        value={draft.isGroup ? 'group' : 'person'}
        onChange={value => onChange({ isGroup: value === 'group', who: '' })}
      />
      {draft.isGroup ? (
        <TextInput
          label={t.groupName}
          maxLength={200}
          value={draft.who}
          onChange={event => onChange({ who: event.currentTarget.value })}
        />
      ) : (
        <Select
          label={t.who}
          data={people.map(({ id, login, name }) => ({ value: login ?? id, label: name }))}
          value={draft.who === '' ? null : draft.who}
          data-autofocus
          onChange={value => onChange({ who: value ?? '' })}
          searchable
        />
      )}
    </>
  )
}

type SentenceProps = {
  readonly draft: Draft
  readonly whoName: string | undefined
  readonly permissions: readonly string[] | undefined
}

/** What is about to hold, as one sentence, and what the role means. */
function Sentence({ draft, whoName, permissions }: SentenceProps) {
  const names = useSiteNames(draft.place.project)
  const { who, role, effect, place, isGroup } = draft
  const called = whoName ?? (isGroup && who !== '' ? t.group(who) : who)
  const where = placeText(place, id => names.get(id) ?? id)
  const may = effect === 'deny' ? t.deny : t.allow
  return (
    <Alert variant="light" color={effect === 'deny' ? 'orange' : 'blue'} role="status">
      <Text fw={600} size="sm">
        {t.sentence(called === '' ? t.missing : called, may, role === '' ? t.missing : role, where)}
      </Text>
      {permissions !== undefined && <Text size="sm">{t.meaning(role, roleSentence(permissions))}</Text>}
      {effect === 'deny' && <Text size="sm">{t.denies}</Text>}
      <Text size="sm">{t.ends}</Text>
    </Alert>
  )
}
