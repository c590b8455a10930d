// SPDX-License-Identifier: Apache-2.0
/** Name and password, and then the code where a second factor is on. */
import { Alert, Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { call, send } from '../../../api/call.ts'
import { problemOf } from '../../../api/problem.ts'
import { spoken } from '../../../kit/age.ts'
import { useNow, useTicker } from '../../../kit/now.ts'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { t } from '../../../words/door.ts'
import { PasswordField } from './password-fields.tsx'
import { type Refusal, refusalOf } from './sign-in-problem.ts'

export function SignInForm({ to }: { readonly to: string }) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [asksCode, setAsksCode] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal>()
  const now = useNow()
  const ticker = useTicker()
  const waits = refusal !== undefined && 'until' in refusal && refusal.until > now
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (isBusy || waits) return
    setBusy(true)
    const body = { name: name.trim(), password, ...(asksCode ? { totp: code.trim() } : {}) }
    try {
      await send(call('POST', '/v1/session', { body }))
      // A whole load: nothing that was read without the session, or in another one, is left.
      location.replace(to)
    } catch (thrown) {
      const refused = refusalOf(problemOf(thrown), { withCode: asksCode, now: ticker.exact() })
      if (refused.kind === 'code-needed') setAsksCode(true)
      setCode('')
      setRefusal(refused.kind === 'code-needed' ? undefined : refused)
      setBusy(false)
    }
  }
  const startOver = (): void => {
    setAsksCode(false)
    setPassword('')
    setRefusal(undefined)
  }
  return (
    <form onSubmit={event => void submit(event)}>
      <Stack gap="sm">
        {refusal !== undefined && <Refused refusal={refusal} left={'until' in refusal ? refusal.until - now : 0} />}
        {asksCode ? (
          <CodeStep name={name.trim()} code={code} onCode={setCode} onOther={startOver} />
        ) : (
          <>
            <TextInput
              label={t.name}
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              autoFocus
              maxLength={60}
              value={name}
              onChange={event => setName(event.currentTarget.value)}
            />
            <PasswordField name="password" value={password} onChange={setPassword} />
          </>
        )}
        <Button type="submit" loading={isBusy} disabled={waits} fullWidth>
          {t.signIn.verb}
        </Button>
      </Stack>
    </form>
  )
}

type CodeStepProps = {
  readonly name: string
  readonly code: string
  readonly onCode: (code: string) => void
  readonly onOther: () => void
}

function CodeStep({ name, code, onCode, onOther }: CodeStepProps) {
  const [recovery, setRecovery] = useState(false)
  const look = recovery
    ? { label: t.signIn.recovery, description: t.signIn.recoveryAbout, autoComplete: 'off', inputMode: 'text' as const }
    : {
        label: t.signIn.code,
        description: t.signIn.codeAbout,
        autoComplete: 'one-time-code',
        inputMode: 'numeric' as const,
      }
  return (
    <>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{t.signIn.for(name)}</Text>
        <Anchor component="button" type="button" size="sm" onClick={onOther}>
          {t.signIn.again}
        </Anchor>
      </Group>
      <TextInput
        key={String(recovery)}
        {...look}
        name="code"
        required
        autoFocus
        spellCheck={false}
        maxLength={40}
        value={code}
        onChange={event => onCode(event.currentTarget.value)}
      />
      <Anchor
        component="button"
        type="button"
        size="sm"
        ta="start"
        onClick={() => {
          setRecovery(!recovery)
          onCode('')
        }}
      >
        {recovery ? t.signIn.useCode : t.signIn.useRecovery}
      </Anchor>
    </>
  )
}

function Refused({ refusal, left }: { readonly refusal: Refusal; readonly left: number }) {
  if (refusal.kind === 'other') return <ProblemCard problem={refusal.problem} />
  if (refusal.kind === 'code-needed') return null
  if (refusal.kind === 'wrong')
    return (
      <Alert
        color="red"
        variant="light"
        role="alert"
        title={refusal.withCode ? t.signIn.codeRefused : t.signIn.refused}
      >
        {refusal.withCode ? `${t.signIn.codeRefusedWhat} ${t.signIn.lost}` : t.signIn.refusedWhat}
      </Alert>
    )
  if (left <= 0) return null
  const says = { waits: t.signIn.waits, 'too-many': t.signIn.tooMany, busy: t.signIn.busy }[refusal.kind]
  // Spoken once, and not again with every second that passes.
  return (
    <Alert color="yellow" variant="light" role="alert">
      {says} <span aria-hidden>{t.signIn.left(spoken(left))}</span>
    </Alert>
  )
}
