// SPDX-License-Identifier: Apache-2.0
/** What it takes until the host is managed out of band, line by line with the reason, and what can be done about it. */
import { Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { CircleCheck, CircleDashed, CircleMinus, CircleX } from 'lucide-react'
import { useState } from 'react'
import { ActButton } from '../../../acts/act-button.tsx'
import { type AnswerOf, get } from '../../../api/call.ts'
import { LiveAge } from '../../../kit/live-age.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { t } from '../../../words/oob-host.ts'
import { activate, deactivate, detect, type Machine, rotatePassword, setClock } from '../acts-host.ts'
import { plainText, type StatusLine } from './firmware.ts'
import { Part } from './part.tsx'

type Readiness = AnswerOf<'/v1/projects/{project}/oob/hosts/{host}/readiness', 'GET'>

const LOOKS = {
  met: { icon: CircleCheck, hue: 'mu-ok' },
  unmet: { icon: CircleX, hue: 'mu-failing' },
  open: { icon: CircleDashed, hue: 'mu-unknown' },
  unneeded: { icon: CircleMinus, hue: 'mu-unknown' },
} as const
const FEW = 3

export function ActivationPart({ machine, line }: { readonly machine: Machine; readonly line: StatusLine }) {
  const { project, host } = machine
  const readiness = useQuery({
    queryKey: ['oob', 'readiness', project, host],
    queryFn: get('/v1/projects/{project}/oob/hosts/{host}/readiness', { path: { project, host } }),
  })
  return (
    <Part title={t.checklist.title}>
      <Stack gap="sm">
        <QueryView query={readiness}>{answer => <Checks answer={answer} />}</QueryView>
        {line.status !== '' && (
          <Text size="sm" role="status" data-activation={line.indicator}>
            {plainText(line.status)}
          </Text>
        )}
        <Acts machine={machine} line={line} />
        <Attempts machine={machine} />
      </Stack>
    </Part>
  )
}

function Checks({ answer: { checks, ready } }: { readonly answer: Readiness }) {
  return (
    <>
      {ready && <Text size="sm">{t.checklist.ready}</Text>}
      <ul className="mu-oob-checks">
        {checks.map(({ check, state, says }) => {
          const { icon: Icon, hue } = LOOKS[state]
          return (
            <li key={check} data-check={check} data-state={state}>
              <Icon size={18} className={hue} aria-hidden />
              <div>
                <Text size="sm" fw={600}>
                  {t.checklist.check[check]}:{' '}
                  <Text span size="sm" className={hue}>
                    {t.checklist.states[state]}
                  </Text>
                </Text>
                <p className="mu-oob-says">{plainText(says)}</p>
              </div>
            </li>
          )
        })}
      </ul>
    </>
  )
}

function Acts({ machine, line }: { readonly machine: Machine; readonly line: StatusLine }) {
  const isActivated = line.controlMode === 'acm' || line.controlMode === 'ccm'
  const isCapable = line.sku === 'amt' || line.sku === 'ism'
  return (
    <Group gap="xs">
      {isCapable && !isActivated && <ActivateButton machine={machine} />}
      {line.connected && (
        <>
          <ActButton
            act={rotatePassword}
            input={machine}
            title={t.password.title(machine.name)}
            label={t.password.button}
            done={t.password.done}
            refresh={['oob']}
          >
            <Text size="sm">{t.password.what}</Text>
          </ActButton>
          <ActButton act={setClock} input={machine} title={t.clock.title} done={t.clock.done}>
            <Text size="sm">{t.clock.what}</Text>
          </ActButton>
        </>
      )}
      <ActButton act={detect} input={machine} title={t.detect.title} done={t.detect.done} refresh={['oob']}>
        <Text size="sm">{t.detect.what}</Text>
      </ActButton>
      {isActivated && (
        <ActButton
          act={deactivate}
          input={machine}
          title={t.deactivate.title(machine.name)}
          label={t.deactivate.button}
          done={t.deactivate.done}
          refresh={['oob', 'oob-activations', 'host']}
          button={{ color: 'red', variant: 'light' }}
        >
          <Text size="sm">{t.deactivate.what}</Text>
        </ActButton>
      )}
    </Group>
  )
}

function ActivateButton({ machine }: { readonly machine: Machine }) {
  const [mode, setMode] = useState('')
  const [suffix, setSuffix] = useState('')
  const input = {
    ...machine,
    ...(mode === 'acm' || mode === 'ccm' ? { mode: mode as 'acm' | 'ccm' } : {}), // one of the two, just compared
    ...(suffix.trim() === '' ? {} : { dnsSuffix: suffix.trim() }),
  }
  return (
    <ActButton
      act={activate}
      input={input}
      title={t.activate.title(machine.name)}
      label={t.activate.button}
      done={t.activate.done}
      refresh={['oob', 'oob-activations', 'host']}
      button={{ variant: 'filled' }}
    >
      <Text size="sm">{t.activate.what}</Text>
      <Text size="sm" c="dimmed">
        {t.activate.away}
      </Text>
      <NativeSelect
        label={t.activate.mode}
        value={mode}
        onChange={event => setMode(event.currentTarget.value)}
        data={[
          { value: '', label: t.activate.byPolicy },
          { value: 'acm', label: t.activate.acm },
          { value: 'ccm', label: t.activate.ccm },
        ]}
      />
      {mode === 'acm' && (
        <TextInput
          label={t.activate.suffix}
          description={t.activate.suffixWhat}
          value={suffix}
          onChange={event => setSuffix(event.currentTarget.value)}
          maxLength={255}
        />
      )}
    </ActButton>
  )
}

function Attempts({ machine: { project, host } }: { readonly machine: Machine }) {
  const query = useQuery({
    queryKey: ['oob-activations', project, 'of', host],
    queryFn: get('/v1/projects/{project}/oob/activations', { path: { project }, query: { host, limit: FEW } }),
  })
  if (query.data?.activations.length === 0) return null
  return (
    <QueryView query={query}>
      {({ activations }) => (
        <div>
          <Text size="xs" c="dimmed">
            {t.checklist.last}
          </Text>
          <ul className="mu-lines">
            {activations.map(({ id, verb, outcome, message, startedAt }) => (
              <li key={id}>
                <strong>{t.checklist.attempt(verb, outcome)}</strong>
                <span>{plainText(message)}</span>
                <Text span size="xs" c="dimmed" className="mu-grow">
                  <LiveAge at={startedAt} ago />
                </Text>
              </li>
            ))}
          </ul>
        </div>
      )}
    </QueryView>
  )
}
