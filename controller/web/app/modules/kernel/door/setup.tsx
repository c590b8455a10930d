// SPDX-License-Identifier: Apache-2.0
/** The first run: from the one-time link to an administrator, an address that hosts reach, and a first host. */
import { Alert, Anchor, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { Loading } from '../../../kit/states.tsx'
import { Go } from '../../../shell/go.tsx'
import { MeProvider, useMeQuery, useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/door.ts'
import { DoorFrame } from './door-frame.tsx'
import { AccountForm } from './setup-account.tsx'
import { SetupSteps, Step } from './setup-steps.tsx'

export default function Setup() {
  const { boot } = useSurroundings()
  const [secret] = useState(() => location.hash.slice(1))
  const [search] = useSearchParams()
  const [, navigate] = useLocation()
  const [password, setPassword] = useState<string>()
  const [isDead, setDead] = useState(false)
  const me = useMeQuery()
  const client = useQueryClient()
  if (search.has('step')) {
    if (me.isPending) return <Loading />
    if (me.isSuccess)
      return (
        <MeProvider me={me.data}>
          <DoorFrame title={t.setup.title} about={t.setup.about} wide bare>
            <SetupSteps password={password} />
          </DoorFrame>
        </MeProvider>
      )
  }
  if (isDead) return <Dead title={t.setup.refused} what={t.setup.refusedWhat} />
  if (secret === '') return <Dead title={t.setup.noSecret} what={t.setup.noSecretWhat} />
  const opened = async (typed: string): Promise<void> => {
    setPassword(typed)
    await client.invalidateQueries({ queryKey: ['me'] })
    // The secret is used up; it leaves the address, and so the history.
    navigate('/setup?step=1', { replace: true })
  }
  return (
    <DoorFrame title={t.setup.title} about={t.setup.about} wide bare>
      <ol className="mu-steps">
        <Step number={1} title={t.setup.account.title} state="open">
          <Stack gap="md">
            {!boot.needsSetup && (
              <Alert variant="light" color="yellow">
                {t.setup.already}{' '}
                <Anchor component={Go} to="/sign-in">
                  {t.setup.signIn}
                </Anchor>
              </Alert>
            )}
            <AccountForm secret={secret} onDead={() => setDead(true)} onOpened={opened} />
          </Stack>
        </Step>
        {[t.setup.address.title, t.setup.modules.title, t.setup.host.title].map((title, at) => (
          <Step key={title} number={at + 2} title={title} state="later" />
        ))}
      </ol>
    </DoorFrame>
  )
}

function Dead({ title, what }: { readonly title: string; readonly what: string }) {
  const { boot } = useSurroundings()
  return (
    <DoorFrame title={title} about={what}>
      <Stack gap="md">
        <CopyLine text={t.newLink} what={t.newLinkWhat} />
        {!boot.needsSetup && (
          <Anchor component={Go} to="/sign-in" size="sm">
            {t.setup.signIn}
          </Anchor>
        )}
      </Stack>
    </DoorFrame>
  )
}
