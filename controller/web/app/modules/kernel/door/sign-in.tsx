// SPDX-License-Identifier: Apache-2.0
/** The door: with a password and perhaps a code, or by way of an identity provider; then on to where somebody wanted to be. */
import { Alert, Button, Divider, Stack } from '@mantine/core'
import { Redirect, useSearchParams } from 'wouter'
import { ownPath } from '../../../../../query/own-path.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { useMeQuery, useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/door.ts'
import { DoorFrame } from './door-frame.tsx'
import { SignInForm } from './sign-in-form.tsx'

export default function SignIn() {
  const { boot } = useSurroundings()
  const [search] = useSearchParams()
  const to = ownPath(search.get('to'))
  const me = useMeQuery()
  const { password, providers } = boot.signIn
  // Who has a session needs no door. What was known of an ended one is kept beside the failure.
  if (me.isSuccess) return <Redirect to={to} replace />
  if (!password && providers.length === 0) return <Off />
  if (boot.needsSetup) return <Nobody />
  return (
    <DoorFrame title={t.signIn.title}>
      <Stack gap="md">
        <Failed />
        {password && <SignInForm to={to} />}
        {password && providers.length > 0 && <Divider label={t.signIn.or} />}
        {providers.map(({ name, title, start }) => (
          <Button
            key={name}
            component="a"
            variant="default"
            href={to === '/' ? start : `${start}?to=${encodeURIComponent(to)}`}
            fullWidth
          >
            {t.signIn.with(title)}
          </Button>
        ))}
      </Stack>
    </DoorFrame>
  )
}

/** What the way back from an identity provider said. */
function Failed() {
  const [search] = useSearchParams()
  const failed = search.get('failed')
  if (failed === null) return null
  const said: Readonly<Record<string, string>> = t.signIn.failedWhy
  return (
    <Alert color="red" variant="light" role="alert" title={t.signIn.failed(t.signIn.theProvider)}>
      {said[failed] ?? t.signIn.failedWhy.other}
    </Alert>
  )
}

function Nobody() {
  const { title, what } = t.signIn.nobody
  return (
    <DoorFrame title={title} about={what}>
      <CopyLine text={t.newLink} what={t.newLinkWhat} />
    </DoorFrame>
  )
}

function Off() {
  const { title, what, line, how, on, config, configWhat } = t.signIn.off
  return (
    <DoorFrame title={title} about={what}>
      <Stack gap="sm">
        <CopyLine text={line(location.origin)} what={how} />
        <span>{on}</span>
        <CopyLine text={config} what={configWhat} />
      </Stack>
    </DoorFrame>
  )
}
