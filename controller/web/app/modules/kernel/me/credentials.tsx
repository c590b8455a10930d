// SPDX-License-Identifier: Apache-2.0
/** How somebody signs in: password and second factor. */
import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { ActButton } from '../../../acts/act-button.tsx'
import { SameElsewhere } from '../../../acts/act-dialog.tsx'
import { type AnswerOf, call, send } from '../../../api/call.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { useMay, useMe } from '../../../shell/session.tsx'
import { t } from '../../../words/me.ts'
import { NewPasswordField, PasswordField } from '../door/password-fields.tsx'
import { strengthOf } from '../door/strength.ts'
import { beginTotp, changePassword } from './acts.ts'
import { useOwnRecord } from './own-record.ts'
import { Section } from './section.tsx'
import { TotpSetup } from './totp.tsx'

type Person = AnswerOf<'/v1/access/people', 'GET'>['people'][number]

export function Credentials() {
  const query = useOwnRecord()
  return (
    <>
      <Section title={t.password.title}>
        <QueryView query={query}>{person => person !== undefined && <Password person={person} />}</QueryView>
      </Section>
      <Section title={t.factor.title}>
        <QueryView query={query}>{person => person !== undefined && <Factor person={person} />}</QueryView>
      </Section>
    </>
  )
}

function Password({ person }: { readonly person: Person }) {
  const me = useMe()
  const may = useMay()
  const [password, setPassword] = useState('')
  const [current, setCurrent] = useState('')
  const names = [me.name, person.login ?? '']
  const isReady = strengthOf(password, names).grade !== 'weak' && (!person.password || current !== '')
  if (!person.password && !may('access.write')) return <Text size="sm">{t.password.none}</Text>
  const again = async (): Promise<void> => {
    const name = person.login ?? me.name
    const isIn = await send(call('POST', '/v1/session', { body: { name, password } })).then(
      () => true,
      () => false,
    )
    // With a second factor only its owner can go on.
    location.replace(isIn ? '/me?changed=password' : '/sign-in?to=%2Fme%3Fchanged%3Dpassword')
  }
  const title = person.password ? t.password.change : t.password.set
  return (
    <>
      <Text size="sm" mb="xs">
        {person.totp ? t.password.aboutCode : t.password.about}
      </Text>
      <ActButton
        act={changePassword}
        input={isReady ? { password, ...(person.password ? { current } : {}) } : undefined}
        title={title}
        onDone={() => void again()}
      >
        {person.password && (
          <PasswordField label={t.password.current} value={current} onChange={setCurrent} data-autofocus />
        )}
        <NewPasswordField names={names} value={password} onChange={setPassword} />
      </ActButton>
    </>
  )
}

function Factor({ person }: { readonly person: Person }) {
  const [open, setOpen] = useState(false)
  if (!person.password) return <Text size="sm">{t.factor.provider}</Text>
  return (
    <>
      <Group gap="sm" mb="xs">
        <Badge hue={person.totp ? 'ok' : 'degraded'}>{person.totp ? t.factor.isOn : t.factor.isOff}</Badge>
        <Text size="sm">{person.totp ? t.factor.on : t.factor.off}</Text>
      </Group>
      <Text size="sm" mb="xs">
        {t.factor.lost}
      </Text>
      {open ? (
        <>
          <TotpSetup isOn={person.totp} onDone={() => setOpen(false)} />
          <SameElsewhere act={beginTotp} input={{ password: '' }} />
        </>
      ) : (
        <Button variant="default" onClick={() => setOpen(true)}>
          {person.totp ? t.factor.replace : t.factor.begin}
        </Button>
      )}
    </>
  )
}
