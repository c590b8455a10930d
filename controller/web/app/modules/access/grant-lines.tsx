// SPDX-License-Identifier: Apache-2.0
/** What was given to one person, line by line, each with a way to take it back. */
import { Group, Stack, Text } from '@mantine/core'
import { ActButton } from '../../acts/act-button.tsx'
import { useSiteNames } from '../../kit/place-fields.tsx'
import { grantsText, grantText, placeText } from '../../kit/rights.ts'
import { t as words } from '../../words/access.ts'
import { unbindRole } from './acts.ts'
import type { Binding, Person } from './queries.ts'

const t = words.given

export function GrantLines({ person, bindings }: { readonly person: Person; readonly bindings: readonly Binding[] }) {
  const own = person.role !== 'none' && person.role !== ''
  if (bindings.length === 0 && !own) return <Text size="sm">{words.people.nothingGiven}</Text>
  return (
    <Stack gap={4} mb="xs">
      {own && <Text size="sm">{grantsText(person.role, [])}</Text>}
      {bindings.map(binding => (
        <GrantLine key={binding.id} binding={binding} who={person.name} />
      ))}
    </Stack>
  )
}

function GrantLine({ binding, who }: { readonly binding: Binding; readonly who: string }) {
  const names = useSiteNames(binding.scope.sites === undefined ? undefined : binding.scope.project)
  return (
    <Group gap="xs" wrap="nowrap" justify="space-between">
      <Text size="sm" className="mu-wrap">
        {grantText(binding, id => names.get(id) ?? id)}
      </Text>
      <TakeButton binding={binding} who={who} />
    </Group>
  )
}

/** "Vera may do what operator may, in project plant." */
export function sentenceOf({ role, effect, scope }: Binding, who: string): string {
  return t.sentence(who, effect === 'deny' ? t.deny : t.allow, role, placeText(scope))
}

export function TakeButton({ binding, who }: { readonly binding: Binding; readonly who: string }) {
  return (
    <ActButton
      act={unbindRole}
      input={{ id: binding.id }}
      title={t.takeTitle}
      label={t.take}
      verb={t.take}
      done={t.taken}
      refresh={['bindings', 'people', 'sessions', 'me']}
      button={{ size: 'xs' }}
    >
      <Text>{t.takeWhat(sentenceOf(binding, who))}</Text>
    </ActButton>
  )
}
