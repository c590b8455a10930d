// SPDX-License-Identifier: Apache-2.0
/** What is asked and said before a console or a screen opens: why, how long, whether it is recorded, whether somebody must consent. */
import { Alert, Anchor, Button, Card, Group, List, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { SameElsewhere } from '../../../acts/act-dialog.tsx'
import { runCalls } from '../../../acts/run.ts'
import { type AnswerOf, get } from '../../../api/call.ts'
import { PageHead } from '../../../kit/page-head.tsx'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { Go } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-host.ts'
import { type Machine, openConsole, openScreen } from '../acts-host.ts'
import { ConsentBox } from '../host/consent.tsx'
import { consentOf, type Features, useFirmware } from '../host/firmware.ts'
import '../host/host.css'

export type Mode = 'sol' | 'kvm'
export type Grant = AnswerOf<'/v1/projects/{project}/oob/devices/{guid}/redirections', 'POST'>
/** What was asked for, so that it can be asked for again. */
export type Wish = { readonly reason: string; readonly minutes: number }

const ACTS = { sol: openConsole, kvm: openScreen } as const
const DEFAULT_MINUTES = 30

/** Asks for the token of one session. Throws the problem of the controller. */
export async function askFor(machine: Machine, mode: Mode, { reason, minutes }: Wish): Promise<Grant> {
  const calls = ACTS[mode].calls({ ...machine, minutes, reason })
  const [sent] = await runCalls(calls, { signal: new AbortController().signal })
  if (sent === undefined || 'problem' in sent) throw sent?.problem
  return sent.answer as Grant // as the description of the API has it
}

export type PreflightProps = {
  readonly machine: Machine
  readonly mode: Mode
  readonly onGrant: (grant: Grant, wish: Wish) => void
}

export function Preflight(props: PreflightProps) {
  const { machine, mode } = props
  const { project } = machine
  const rules = useQuery({
    queryKey: ['oob', 'redirection-rules', project],
    queryFn: get('/v1/projects/{project}/oob/redirection-rules', { path: { project } }),
  })
  const features = useFirmware<Features>(machine, 'amt/features')
  return (
    <>
      <PageHead title={t.preflight[mode](machine.name)} about={t.preflight.about}>
        <Anchor component={Go} to={`/hosts/${machine.host}?tab=out-of-band`} size="sm">
          {t.back}
        </Anchor>
      </PageHead>
      <Card withBorder maw={640} padding="md">
        <QueryView query={rules}>
          {held => (
            <QueryView query={features}>{found => <Sheet {...props} rules={held} features={found} />}</QueryView>
          )}
        </QueryView>
      </Card>
    </>
  )
}

type Rules = AnswerOf<'/v1/projects/{project}/oob/redirection-rules', 'GET'>
type SheetProps = PreflightProps & { readonly rules: Rules; readonly features: Features }

function Sheet({ machine, mode, onGrant, rules, features }: SheetProps) {
  const [reason, setReason] = useState('')
  const [minutes, setMinutes] = useState(String(Math.min(DEFAULT_MINUTES, rules.maxMinutes)))
  const [failure, setFailure] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  if (mode === 'kvm' && !features.kvmAvailable) return <Text>{t.preflight.noKvm}</Text>
  const isOn = mode === 'kvm' ? features.KVM : features.SOL
  if (!isOn) return <SwitchedOff machine={machine} mode={mode} />
  const consent = consentOf(features, mode)
  const mayOpen = consent === 'unneeded' || consent === 'given' || !rules.checksConsent
  const wanted = Number(minutes)
  const isWhole = Number.isInteger(wanted) && wanted >= 1 && wanted <= rules.maxMinutes && reason.trim() !== ''
  const wish = { reason: reason.trim(), minutes: wanted }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!isWhole || !mayOpen || busy) return
    setBusy(true)
    setFailure(undefined)
    await askFor(machine, mode, wish).then(grant => onGrant(grant, wish), setFailure)
    setBusy(false)
  }
  return (
    <Stack gap="md">
      {!mayOpen && (
        <Alert color="orange" title={t.preflight.consent}>
          <ConsentBox machine={machine} features={features} />
        </Alert>
      )}
      <form onSubmit={event => void submit(event)}>
        <Stack gap="sm">
          <Textarea
            label={t.preflight.reason}
            description={t.preflight.reasonWhat}
            required
            autosize
            minRows={1}
            maxLength={500}
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
          />
          <TextInput
            label={t.preflight.minutes}
            description={t.preflight.minutesWhat(rules.maxMinutes)}
            type="number"
            min={1}
            max={rules.maxMinutes}
            required
            value={minutes}
            onChange={event => setMinutes(event.currentTarget.value)}
          />
          <Notices rules={rules} mode={mode} />
          {isWhole && <SameElsewhere act={ACTS[mode]} input={{ ...machine, ...wish }} />}
          {failure !== undefined && <ProblemCard problem={failure} />}
          <Group justify="flex-end">
            <Button type="submit" loading={busy} disabled={!isWhole || !mayOpen}>
              {t.preflight.open[mode]}
            </Button>
          </Group>
        </Stack>
      </form>
    </Stack>
  )
}

function SwitchedOff({ machine, mode }: Pick<PreflightProps, 'machine' | 'mode'>) {
  return (
    <Stack gap="sm">
      <Text>{t.preflight.off[mode]}</Text>
      <Anchor component={Go} to={`/out-of-band/hosts/${machine.host}?part=features`}>
        {t.preflight.toFeatures}
      </Anchor>
    </Stack>
  )
}

function Notices({ rules, mode }: { readonly rules: Rules; readonly mode: Mode }) {
  const isRecorded = mode === 'sol' ? rules.recordsSol : rules.recordsKvm
  return (
    <List size="sm" spacing={4} data-notices>
      <List.Item>{isRecorded ? t.preflight.recorded : t.preflight.notRecorded}</List.Item>
      {isRecorded && rules.recordsInput && <List.Item>{t.preflight.input}</List.Item>}
      <List.Item>{t.preflight.idle(rules.idleMinutes)}</List.Item>
    </List>
  )
}
