// SPDX-License-Identifier: Apache-2.0
/** An invitation: somebody sets their password with the one-time link they were given. */
import { Alert, Button, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type AnswerOf, call, send } from '../../../api/call.ts'
import { type ApiProblem, problemOf } from '../../../api/problem.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { Go } from '../../../shell/go.tsx'
import { t } from '../../../words/door.ts'
import { DoorFrame } from './door-frame.tsx'
import { NewPasswordField } from './password-fields.tsx'
import { strengthOf } from './strength.ts'

export default function Invite() {
  const [secret] = useState(() => location.hash.slice(1))
  const [password, setPassword] = useState('')
  const [login, setLogin] = useState<string>()
  const [problem, setProblem] = useState<ApiProblem>()
  const [isBusy, setBusy] = useState(false)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    try {
      const done = await send<AnswerOf<'/v1/access/invites', 'POST'>>(
        call('POST', '/v1/access/invites', { body: { secret, password } }),
      )
      setLogin(done.login)
      // The secret is used up; it need not stay in the history of the browser.
      history.replaceState(null, '', location.pathname)
    } catch (thrown) {
      setProblem(problemOf(thrown))
    }
    setBusy(false)
  }
  if (login !== undefined)
    return (
      <DoorFrame title={t.invite.title} about={t.invite.done(login)}>
        <Button component={Go} to="/sign-in" fullWidth>
          {t.invite.go}
        </Button>
      </DoorFrame>
    )
  if (secret === '' || problem?.code === 'invite-refused')
    return (
      <DoorFrame title={t.invite.refused} about={secret === '' ? t.invite.noSecret : t.invite.refusedWhat}>
        {secret !== '' && <CopyLine text={t.invite.line} what={t.invite.lineWhat} />}
      </DoorFrame>
    )
  return (
    <DoorFrame title={t.invite.title} about={t.invite.about}>
      <form onSubmit={event => void submit(event)}>
        <Stack gap="md">
          {problem?.code === 'password-weak' ? (
            <Alert color="red" variant="light" role="alert" title={problem.title}>
              {problem.detail}
            </Alert>
          ) : (
            problem !== undefined && <ProblemCard problem={problem} />
          )}
          <NewPasswordField names={[]} value={password} onChange={setPassword} autoFocus />
          <Button type="submit" loading={isBusy} disabled={strengthOf(password, []).grade === 'weak'} fullWidth>
            {t.invite.verb}
          </Button>
        </Stack>
      </form>
    </DoorFrame>
  )
}
