// SPDX-License-Identifier: Apache-2.0
/** How the machine compares with its profile, and what is done when it is in trouble. */
import { NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ActButton } from '../../../acts/act-button.tsx'
import { type AnswerOf, get, send } from '../../../api/call.ts'
import { problemOf } from '../../../api/problem.ts'
import { LiveAge } from '../../../kit/live-age.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { t } from '../../../words/oob-host.ts'
import { checkDrift, PLAYBOOK_ACTS, planCall, repairDrift } from '../acts-care.ts'
import type { Machine } from '../acts-host.ts'
import { plainText } from './firmware.ts'
import { Part } from './part.tsx'
import { word } from './state-line.tsx'
import type { PartOf } from './tab.tsx'

export default function CarePart({ machine, line }: PartOf) {
  return (
    <div className="mu-oob-grid">
      <DriftPart machine={machine} canAsk={line.connected} />
      <PlaybooksPart machine={machine} />
    </div>
  )
}

const HUES = { compliant: 'ok', drifted: 'degraded', unknown: 'unknown' } as const

function DriftPart({ machine, canAsk }: { readonly machine: Machine; readonly canAsk: boolean }) {
  const { project, guid, name } = machine
  const query = useQuery({
    queryKey: ['oob-drift', project, guid],
    // A machine that nobody has looked at is an answer, not a failure.
    queryFn: context =>
      get('/v1/projects/{project}/oob/devices/{guid}/drift', { path: { project, guid } })(context).catch(
        (thrown: unknown) => {
          if (problemOf(thrown).status === 404) return null
          throw thrown
        },
      ),
  })
  const buttons = canAsk && (
    <>
      <ActButton act={checkDrift} input={machine} title={t.drift.check} refresh={['oob-drift']} button={{ size: 'xs' }}>
        <Text size="sm">{t.drift.checkWhat}</Text>
      </ActButton>
      {query.data?.state === 'drifted' && (
        <ActButton
          act={repairDrift}
          input={machine}
          title={t.drift.repairTitle(name)}
          label={t.drift.repair}
          refresh={['oob-drift']}
          button={{ size: 'xs', variant: 'filled' }}
        >
          <Text size="sm">{t.drift.repairWhat}</Text>
        </ActButton>
      )}
    </>
  )
  return (
    <Part title={t.drift.title} actions={buttons}>
      <QueryView query={query}>{line => <Drift line={line} />}</QueryView>
    </Part>
  )
}

type Line = AnswerOf<'/v1/projects/{project}/oob/devices/{guid}/drift', 'GET'> | null

function Drift({ line }: { readonly line: Line }) {
  if (line === null) return <Text c="dimmed">{t.drift.never}</Text>
  const { state, why, profile, checkedAt, steps } = line
  return (
    <Stack gap="xs">
      <div>
        <Badge hue={HUES[state]}>{t.drift.states[state]}</Badge>
      </div>
      <Text size="sm">
        {profile !== undefined && `${t.drift.profile(plainText(profile))}. `}
        {plainText(why)}
      </Text>
      <Text size="xs" c="dimmed">
        {t.drift.checked} <LiveAge at={checkedAt} ago />
      </Text>
      <ul className="mu-lines">
        {steps.map(({ area, do: act, says, held }) => (
          <li key={`${area} ${act}`}>
            <strong>{area}</strong>
            <span>{plainText(says)}</span>
            {held !== undefined && <span>{t.drift.held(plainText(held))}</span>}
          </li>
        ))}
      </ul>
    </Stack>
  )
}

function PlaybooksPart({ machine }: { readonly machine: Machine }) {
  const { project, guid } = machine
  const playbooks = useQuery({
    queryKey: ['oob', 'playbooks', project],
    queryFn: get('/v1/projects/{project}/oob/playbooks', { path: { project } }),
  })
  const runs = useQuery({
    queryKey: ['oob-runs', project, 'of', guid],
    queryFn: get('/v1/projects/{project}/oob/playbook-runs', { path: { project }, query: { guid, pageSize: 10 } }),
  })
  return (
    <Part title={t.playbooks.title}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t.playbooks.what}
        </Text>
        <QueryView query={playbooks}>{answer => <Start machine={machine} playbooks={answer.playbooks} />}</QueryView>
        <QueryView query={runs}>{answer => <Runs runs={answer.runs} />}</QueryView>
      </Stack>
    </Part>
  )
}

type Playbook = AnswerOf<'/v1/projects/{project}/oob/playbooks', 'GET'>['playbooks'][number]

function Start({ machine, playbooks }: { readonly machine: Machine; readonly playbooks: readonly Playbook[] }) {
  const [chosen, setChosen] = useState('')
  const [url, setUrl] = useState('')
  const playbook = playbooks.find(({ name }) => name === chosen) ?? playbooks[0]
  if (playbook === undefined) return null
  const { name, permission, takesUrl } = playbook
  const acts: Readonly<Record<string, (typeof PLAYBOOK_ACTS)[keyof typeof PLAYBOOK_ACTS]>> = PLAYBOOK_ACTS
  const act = acts[permission] ?? PLAYBOOK_ACTS['host.destroy']
  const isWhole = !takesUrl || /^https?:\/\/.+/i.test(url)
  const input = { ...machine, playbook: name, ...(takesUrl ? { url } : {}) }
  return (
    <Stack gap="xs">
      <NativeSelect
        label={t.playbooks.choose}
        value={name}
        onChange={event => setChosen(event.currentTarget.value)}
        data={playbooks.map(each => ({ value: each.name, label: each.title }))}
      />
      {takesUrl && (
        <TextInput
          label={t.playbooks.url}
          type="url"
          value={url}
          onChange={event => setUrl(event.currentTarget.value)}
        />
      )}
      {isWhole && <Plan key={name} input={input} />}
      <div>
        <ActButton
          act={act}
          input={isWhole ? input : undefined}
          title={t.playbooks.runTitle(name, machine.name)}
          label={t.playbooks.run}
          name={machine.name}
          done={t.playbooks.started}
          refresh={['oob-runs', 'oob']}
        >
          {isWhole && <Plan input={input} />}
        </ActButton>
      </div>
    </Stack>
  )
}

type Planned = {
  readonly blockers: readonly string[]
  readonly steps: readonly { readonly says: string; readonly would: string; readonly why: string }[]
}

function Plan({ input }: { readonly input: Parameters<typeof planCall>[0] }) {
  const query = useQuery({
    queryKey: ['oob', 'plan', input.project, input.guid, input.playbook, input.url ?? ''],
    queryFn: ({ signal }) => send<Planned>(planCall(input), signal),
  })
  return (
    <QueryView query={query}>
      {({ steps, blockers }) => (
        <div>
          <Text size="xs" c="dimmed">
            {t.playbooks.plan}
          </Text>
          <ul className="mu-lines">
            {steps.map(({ says, would, why }) => (
              <li key={says}>
                <strong>{word(t.playbooks.would, would)}</strong>
                <span>{plainText(says)}</span>
                {would !== 'run' && (
                  <Text span size="xs" c="dimmed">
                    {plainText(why)}
                  </Text>
                )}
              </li>
            ))}
          </ul>
          {blockers.length > 0 && <Text size="sm">{t.playbooks.blocked(plainText(blockers.join(', ')))}</Text>}
        </div>
      )}
    </QueryView>
  )
}

type Run = AnswerOf<'/v1/projects/{project}/oob/playbook-runs', 'GET'>['runs'][number]

function Runs({ runs }: { readonly runs: readonly Run[] }) {
  if (runs.length === 0) return <Text c="dimmed">{t.playbooks.noRuns}</Text>
  return (
    <div>
      <Text size="xs" c="dimmed">
        {t.playbooks.runs}
      </Text>
      <ul className="mu-lines">
        {runs.map(({ id, playbook, state, says, createdAt }) => (
          <li key={id}>
            <strong>{playbook}</strong>
            <span>{t.playbooks.states[state]}</span>
            <span>{plainText(says)}</span>
            <Text span size="xs" c="dimmed" className="mu-grow">
              <LiveAge at={createdAt} ago />
            </Text>
          </li>
        ))}
      </ul>
    </div>
  )
}
