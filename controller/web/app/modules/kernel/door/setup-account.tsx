// SPDX-License-Identifier: Apache-2.0
/** The first step: a name and a password make the administrator; without passwords, a name and a token to keep. */
import { Alert, Button, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type ApiProblem, problemOf } from '../../../api/problem.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/door.ts'
import { becomeAdministrator, makePerson, type Progress } from './first-run.ts'
import { NewPasswordField } from './password-fields.tsx'
import { strengthOf } from './strength.ts'

/** What the controller takes as a name. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,59}$/u

type AccountFormProps = {
  readonly secret: string
  /** The link is no longer good. */
  readonly onDead: () => void
  readonly onOpened: (password: string) => Promise<void>
}

export function AccountForm({ secret, onDead, onOpened }: AccountFormProps) {
  const { boot } = useSurroundings()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [progress, setProgress] = useState<Progress>({})
  const [problem, setProblem] = useState<ApiProblem>()
  const [isBusy, setBusy] = useState(false)
  const { made } = progress
  const hasPasswords = boot.signIn.password
  const isNamed = NAME.test(name.trim())
  const isStrong = !hasPasswords || strengthOf(password, [name.trim()]).grade !== 'weak'
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    setProblem(undefined)
    const wish = { secret, name: name.trim(), password }
    try {
      if (hasPasswords) {
        await becomeAdministrator(wish, progress, setProgress)
        return await onOpened(password)
      }
      setProgress({ made: await makePerson(wish) })
    } catch (thrown) {
      const found = problemOf(thrown)
      if (found.code === 'setup-refused') return onDead()
      setProblem(found)
    }
    setBusy(false)
  }
  if (made !== undefined && !hasPasswords) return <TokenOnly name={made.principal.name} token={made.token} />
  return (
    <form onSubmit={event => void submit(event)}>
      <Stack gap="md">
        <Text size="sm">{made === undefined ? t.setup.account.about : t.setup.account.resumed}</Text>
        {problem !== undefined && <ProblemCard problem={problem} />}
        {problem !== undefined && made !== undefined && (
          <Unfinished token={made.token} isTaken={problem.code === 'name-taken'} />
        )}
        <TextInput
          label={t.name}
          description={t.setup.account.nameAbout}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
          maxLength={60}
          disabled={made !== undefined}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          error={name === '' || isNamed ? undefined : t.setup.account.nameWrong}
        />
        {hasPasswords && (
          <NewPasswordField names={[name.trim()]} value={password} onChange={setPassword} name="password" />
        )}
        <Button type="submit" loading={isBusy} disabled={!isNamed || !isStrong}>
          {t.setup.account.verb}
        </Button>
      </Stack>
    </form>
  )
}

function Unfinished({ token, isTaken }: { readonly token: string; readonly isTaken: boolean }) {
  return (
    <Alert color="yellow" variant="light">
      <Stack gap="xs">
        {isTaken && <span>{t.setup.account.taken}</span>}
        <span>{t.setup.account.unfinished}</span>
        <CopyLine text={token} what={t.setup.account.token} />
      </Stack>
    </Alert>
  )
}

function TokenOnly({ name, token }: { readonly name: string; readonly token: string }) {
  const { title, what, next, line, lineWhat, token: tokenWhat } = t.setup.tokenOnly
  return (
    <Stack gap="sm" role="status">
      <Text fw={600}>{title(name)}</Text>
      <Text size="sm">{what}</Text>
      <CopyLine text={token} what={tokenWhat} />
      <Text size="sm">{next}</Text>
      <CopyLine text={line(location.origin)} what={lineWhat} />
    </Stack>
  )
}
