// SPDX-License-Identifier: Apache-2.0
/** Oneself: who one is here, how one signs in, what is signed in, tokens, and how pages look. */
import { Alert, SimpleGrid, Stack, Text } from '@mantine/core'
import { PageHead } from '../../../kit/page-head.tsx'
import { roleSentence } from '../../../kit/rights.ts'
import { useParam } from '../../../shell/go.tsx'
import { useMe, useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/me.ts'
import { Credentials } from './credentials.tsx'
import { useOwnRecord } from './own-record.ts'
import { OwnTokens } from './own-tokens.tsx'
import { Preferences } from './preferences.tsx'
import { Section } from './section.tsx'
import { Sessions } from './sessions.tsx'

export default function MePage() {
  const me = useMe()
  const { boot } = useSurroundings()
  const [changed] = useParam('changed')
  const hasAccess = boot.modules.includes('access')
  return (
    <>
      <PageHead title={t.title} about={me.name} />
      {changed === 'password' && (
        <Alert variant="light" role="status" mb="md">
          {t.password.changed}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Stack gap="md">
          <Who />
          {hasAccess && <Credentials />}
          <Preferences />
        </Stack>
        <Stack gap="md">
          {hasAccess && <Sessions />}
          <OwnTokens />
        </Stack>
      </SimpleGrid>
    </>
  )
}

function Who() {
  const me = useMe()
  const person = useOwnRecord()
  const { here } = me
  return (
    <Section title={t.who.title}>
      <Text fw={600} className="mu-own-name">
        {me.name}
      </Text>
      {person.data?.login !== undefined && <Text size="sm">{t.who.signsInAs(person.data.login)}</Text>}
      {t.who.kind[me.kind] !== undefined && <Text size="sm">{t.who.kind[me.kind]}</Text>}
      <Text size="sm" mt="xs">
        <strong>{t.who.everywhere}</strong> {roleSentence(me.permissions)}
      </Text>
      {here !== undefined && !sameRights(here.permissions, me.permissions) && (
        <Text size="sm" mt="xs">
          <strong>{t.who.here(here.project)}</strong> {roleSentence(here.permissions)}
        </Text>
      )}
      {(here?.onSomeHosts ?? []).length > 0 && (
        <Text size="sm" mt="xs">
          {t.who.some(roleSentence(here?.onSomeHosts ?? []))}
        </Text>
      )}
    </Section>
  )
}

function sameRights(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every(each => b.includes(each))
}
