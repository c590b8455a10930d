// SPDX-License-Identifier: Apache-2.0
/** Whether machines have passwords of their own, and the way to and from one they share. */
import { Alert, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { KeyRound, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { ActButton } from '../../../acts/act-button.tsx'
import { get } from '../../../api/call.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-records.ts'
import { ownPasswords, sharePasswords } from '../acts-records.ts'
import { password } from './check.ts'

const REFRESH = ['oob-records', 'oob']

export function PasswordsTab() {
  const project = useProject()
  const query = useQuery({
    queryKey: ['oob-records', project, 'shared'],
    queryFn: get('/v1/projects/{project}/oob/shared-passwords', { path: { project } }),
  })
  return (
    <Stack gap="sm" maw={640}>
      <Title order={2} size="h5">
        {t.passwords.title}
      </Title>
      <QueryView query={query}>
        {({ shared, warning }) => (
          <>
            <Alert
              color={shared ? 'red' : 'blue'}
              variant="light"
              icon={shared ? <TriangleAlert size={18} /> : <KeyRound size={18} />}
              title={shared ? t.passwords.shared : t.passwords.own}
            >
              {warning}
            </Alert>
            <Group>
              <Share />
              {shared && (
                <ActButton
                  act={ownPasswords}
                  input={{ project }}
                  title={t.passwords.clear}
                  done={t.done}
                  refresh={REFRESH}
                >
                  <Text size="sm">{t.passwords.clearWhat}</Text>
                </ActButton>
              )}
            </Group>
          </>
        )}
      </QueryView>
    </Stack>
  )
}

function Share() {
  const project = useProject()
  const [amt, setAmt] = useState('')
  const [mebx, setMebx] = useState('')
  const isReady = password(amt) === undefined && password(mebx) === undefined
  return (
    <ActButton
      act={sharePasswords}
      input={isReady ? { project, amtPassword: amt, mebxPassword: mebx } : undefined}
      label={t.passwords.share}
      title={t.passwords.shareTitle}
      name={t.passwords.confirm}
      done={t.done}
      refresh={REFRESH}
      onDone={() => {
        setAmt('')
        setMebx('')
      }}
    >
      <Text size="sm">{t.passwords.shareWhat}</Text>
      <Typed label={t.passwords.amt} value={amt} onChange={setAmt} />
      <Typed label={t.passwords.mebx} value={mebx} onChange={setMebx} />
    </ActButton>
  )
}

type TypedProps = { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }

function Typed({ label, value, onChange }: TypedProps) {
  return (
    <TextInput
      type="password"
      autoComplete="new-password"
      label={label}
      description={t.help.amtPassword}
      error={value === '' ? undefined : password(value)}
      value={value}
      onChange={event => onChange(event.currentTarget.value)}
    />
  )
}
