// SPDX-License-Identifier: Apache-2.0
/** One person: what was given to them, where they are signed in, and what can be done about it. */
import { Anchor, Drawer, Group, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { ActButton } from '../../acts/act-button.tsx'
import { LiveAge } from '../../kit/live-age.tsx'
import { Badge } from '../../kit/status-chip.tsx'
import { Go } from '../../shell/go.tsx'
import { useMe } from '../../shell/session.tsx'
import { t as words } from '../../words/access.ts'
import { t as kit } from '../../words/kit.ts'
import { disablePerson, dropFactor, enablePerson, invitePerson, removePerson } from './acts.ts'
import { BindButton } from './bind-form.tsx'
import { GrantLines } from './grant-lines.tsx'
import { type Invitation, InvitationShown, invitationIn } from './invitation.tsx'
import { grantsOf, stateOf } from './people.ts'
import { type Person, useBindings, useMayEverywhere, useSessions } from './queries.ts'
import { EndSessions, SessionLines } from './session-lines.tsx'

const t = words.people
const HUES = { active: 'ok', waiting: 'unknown', disabled: 'held' } as const

type DrawerProps = { readonly person: Person | undefined; readonly onClose: () => void }

export function PersonDrawer({ person, onClose }: DrawerProps) {
  return (
    <Drawer
      opened={person !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={person === undefined ? '' : t.drawer(person.name)}
      closeButtonProps={{ 'aria-label': kit.close }}
    >
      {person !== undefined && <About person={person} onClose={onClose} />}
    </Drawer>
  )
}

function About({ person, onClose }: { readonly person: Person; readonly onClose: () => void }) {
  const me = useMe()
  const bindings = grantsOf(person, useBindings().data?.bindings ?? [])
  const sessions = (useSessions().data?.sessions ?? []).filter(({ principal }) => principal === person.id)
  const mayEverywhere = useMayEverywhere()
  const isMe = person.id === me.id
  return (
    <Stack gap="lg">
      <Group gap="sm">
        <Badge hue={HUES[stateOf(person)]}>{t.states[stateOf(person)]}</Badge>
        <Text size="sm">
          {t.column.login}: {person.login ?? t.noLogin}
        </Text>
        <Text size="sm">
          {t.column.used}: <LiveAge at={person.signedInAt} ago />
        </Text>
      </Group>
      {isMe && <Text size="sm">{t.yourself}</Text>}
      <section>
        <Group justify="space-between" mb="xs">
          <Title order={2} size="h5">
            {t.given}
          </Title>
          {!isMe && <BindButton who={person.login ?? person.id} whoName={person.name} />}
        </Group>
        <GrantLines person={person} bindings={bindings} />
        <Anchor component={Go} to={`/access?tab=explain&who=${encodeURIComponent(person.id)}`} size="sm">
          {t.explain}
        </Anchor>
      </section>
      <section>
        <Group justify="space-between" mb="xs">
          <Title order={2} size="h5">
            {t.sessions}
          </Title>
          {sessions.length > 0 && <EndSessions sessions={sessions} />}
        </Group>
        {sessions.length === 0 ? <Text size="sm">{t.noSessions}</Text> : <SessionLines sessions={sessions} />}
      </section>
      {!isMe && mayEverywhere('access.write') && (
        <Acts person={person} grants={bindings.length} sessions={sessions.length} onClose={onClose} />
      )}
    </Stack>
  )
}

type ActsProps = {
  readonly person: Person
  readonly grants: number
  readonly sessions: number
  readonly onClose: () => void
}

/** What destroys stands last. */
function Acts({ person, grants, sessions, onClose }: ActsProps) {
  const { id, name, login, disabled, totp } = person
  const input = { person: login ?? id }
  const [made, setMade] = useState<Invitation>()
  const refresh = ['people', 'sessions', 'bindings', 'tokens']
  const common = { input, refresh }
  return (
    <Group gap="xs">
      <ActButton
        {...common}
        act={invitePerson}
        title={t.inviteTitle(name)}
        label={t.invite}
        verb={t.invite}
        onDone={sent => setMade(invitationIn(sent, name))}
      >
        <Text>{t.inviteWhat}</Text>
      </ActButton>
      {totp && (
        <ActButton
          {...common}
          act={dropFactor}
          title={t.dropFactorTitle(name)}
          label={t.dropFactor}
          verb={t.dropFactor}
          done={t.dropped(name)}
        >
          <Text>{t.dropFactorWhat}</Text>
        </ActButton>
      )}
      {disabled ? (
        <ActButton
          {...common}
          act={enablePerson}
          title={t.enableTitle(name)}
          label={t.enable}
          verb={t.enable}
          done={t.enabled(name)}
        >
          <Text>{t.enableWhat}</Text>
        </ActButton>
      ) : (
        <ActButton
          {...common}
          act={disablePerson}
          title={t.disableTitle(name)}
          label={t.disable}
          verb={t.disable}
          done={t.disabled(name)}
        >
          <Text>{t.disableWhat}</Text>
        </ActButton>
      )}
      <ActButton
        {...common}
        act={removePerson}
        title={t.removeTitle(name)}
        label={t.remove}
        verb={t.removeTitle(name)}
        name={name}
        done={t.removed(name)}
        button={{ c: 'var(--mu-failing)', ms: 'auto' }}
        onDone={onClose}
      >
        <Text>{t.removeWhat(grants, sessions)}</Text>
      </ActButton>
      {made !== undefined && <InvitationShown made={made} onClose={() => setMade(undefined)} />}
    </Group>
  )
}
