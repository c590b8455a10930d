// SPDX-License-Identifier: Apache-2.0
/** Setting up a second factor: a secret for the authenticator, a code that proves it, recovery codes to keep. */
import '../door/door.css'
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type AnswerOf, send } from '../../../api/call.ts'
import { type ApiProblem, problemOf } from '../../../api/problem.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { Qr } from '../../../kit/qr.tsx'
import { t } from '../../../words/door.ts'
import { PasswordField } from '../door/password-fields.tsx'
import { beginTotp, confirmTotp } from './acts.ts'

type Begun = AnswerOf<'/v1/access/totp', 'POST'>
type Kept = AnswerOf<'/v1/access/totp/confirm', 'POST'>

type TotpProps = {
  /** Known already where it was set a moment ago; asked for otherwise. */
  readonly password?: string
  /** One is in force and is replaced. */
  readonly isOn: boolean
  readonly onDone: () => void
}

export function TotpSetup({ password, isOn, onDone }: TotpProps) {
  const [begun, setBegun] = useState<Begun>()
  const [codes, setCodes] = useState<readonly string[]>()
  const client = useQueryClient()
  if (codes !== undefined) return <RecoveryCodes codes={codes} onKept={onDone} />
  if (begun === undefined) return <Begin password={password} isOn={isOn} onBegun={setBegun} />
  return (
    <Confirm
      begun={begun}
      onConfirmed={kept => {
        setCodes(kept.recoveryCodes)
        void client.invalidateQueries({ queryKey: ['people'] })
      }}
    />
  )
}

type BeginProps = {
  readonly password: string | undefined
  readonly isOn: boolean
  readonly onBegun: (begun: Begun) => void
}

function Begin({ password: known, isOn, onBegun }: BeginProps) {
  const [password, setPassword] = useState(known ?? '')
  const { isBusy, problem, submit } = useSend(async () => {
    for (const each of beginTotp.calls({ password })) onBegun(await send<Begun>(each))
  })
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{isOn ? t.totp.replaceAbout : t.totp.about}</Text>
        {problem !== undefined && <ProblemCard problem={problem} />}
        {known === undefined && (
          <PasswordField label={t.totp.your} value={password} onChange={setPassword} w="100%" maw={360} />
        )}
        <Button type="submit" variant="default" loading={isBusy}>
          {isOn ? t.totp.replace : t.totp.begin}
        </Button>
      </Stack>
    </form>
  )
}

function Confirm({ begun, onConfirmed }: { readonly begun: Begun; readonly onConfirmed: (kept: Kept) => void }) {
  const [code, setCode] = useState('')
  const { isBusy, problem, submit } = useSend(async () => {
    for (const each of confirmTotp.calls({ code: code.trim() })) onConfirmed(await send<Kept>(each))
  })
  const wrong = problem?.code === 'code-refused' || problem?.code === 'invalid'
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" align="flex-start">
        <Text fw={600}>{t.totp.scan}</Text>
        <Qr text={begun.uri} label={t.totp.picture} />
        <Text size="sm">{t.totp.byHand}</Text>
        <CopyLine text={(begun.secret.match(/.{1,4}/g) ?? []).join(' ')} what={t.totp.secret} />
        {problem !== undefined && !wrong && <ProblemCard problem={problem} />}
        <TextInput
          label={t.totp.code}
          autoComplete="one-time-code"
          inputMode="numeric"
          required
          maxLength={10}
          value={code}
          error={wrong ? t.totp.refused : undefined}
          onChange={event => setCode(event.currentTarget.value)}
        />
        <Button type="submit" loading={isBusy}>
          {t.totp.confirm}
        </Button>
      </Stack>
    </form>
  )
}

function RecoveryCodes({ codes, onKept }: { readonly codes: readonly string[]; readonly onKept: () => void }) {
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`${codes.join('\n')}\n`)}`
  return (
    <Stack gap="sm" align="flex-start">
      <Alert variant="light" color="yellow" role="status" title={t.totp.codes}>
        {t.totp.codesAbout}
      </Alert>
      <CopyLine text={codes.join('\n')} what={t.totp.copyCodes} />
      <Group gap="xs">
        <Button component="a" variant="default" href={file} download={t.totp.file}>
          {t.totp.save}
        </Button>
        <Button onClick={onKept}>{t.totp.kept}</Button>
      </Group>
    </Stack>
  )
}

/** Sends on submit, once at a time, and keeps what was refused. */
function useSend(work: () => Promise<void>) {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem>()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    setProblem(undefined)
    work()
      .catch(thrown => setProblem(problemOf(thrown)))
      .finally(() => setBusy(false))
  }
  return { isBusy, problem, submit }
}
