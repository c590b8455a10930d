// SPDX-License-Identifier: Apache-2.0
/** Each role in words, with how often it was given. */
import { Card, Group, SimpleGrid, Text, Title } from '@mantine/core'
import { ActButton } from '../../acts/act-button.tsx'
import { roleSentence } from '../../kit/rights.ts'
import { Go } from '../../shell/go.tsx'
import { t as words } from '../../words/access.ts'
import { removeRole } from './acts.ts'
import { type Role, useBindings, useMayEverywhere } from './queries.ts'

const t = words.roles

export function RoleCards({ roles }: { readonly roles: readonly Role[] }) {
  const { data } = useBindings()
  return (
    <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="sm">
      {roles.map(role => (
        <RoleCard
          key={role.name}
          role={role}
          given={data === undefined ? undefined : data.bindings.filter(each => each.role === role.name).length}
        />
      ))}
    </SimpleGrid>
  )
}

function RoleCard({ role, given }: { readonly role: Role; readonly given: number | undefined }) {
  const { name, description, permissions, builtIn } = role
  const mayEverywhere = useMayEverywhere()
  return (
    <Card withBorder padding="sm" component="section" aria-label={name}>
      <Group justify="space-between" gap="xs">
        <Title order={2} size="h5">
          {name}
        </Title>
        <Text size="xs" c="dimmed">
          {builtIn ? t.builtIn : t.own}
        </Text>
      </Group>
      {!builtIn && description !== '' && <Text size="sm">{description}</Text>}
      <Text size="sm" mt={4}>
        {roleSentence(permissions)}
      </Text>
      <Group justify="space-between" mt="xs">
        <Text size="xs" c="dimmed">
          {given === undefined || given === 0 ? (
            given === 0 && t.unused
          ) : (
            <Go to={`/access?tab=roles&view=given&q=${encodeURIComponent(name)}`}>{t.holders(given)}</Go>
          )}
        </Text>
        {!builtIn && given === 0 && mayEverywhere('access.write') && (
          <ActButton
            act={removeRole}
            input={{ name }}
            title={t.removeTitle(name)}
            label={t.remove}
            verb={t.remove}
            done={t.removed(name)}
            refresh={['roles']}
            button={{ size: 'xs' }}
          >
            <Text>{t.removeWhat}</Text>
          </ActButton>
        )}
      </Group>
    </Card>
  )
}
