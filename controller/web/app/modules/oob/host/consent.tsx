// SPDX-License-Identifier: Apache-2.0
/** Consent of the person at the machine: how it stands, and the code that gives it. */
import { Group, Stack, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ActButton } from '../../../acts/act-button.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { t } from '../../../words/oob-host.ts'
import { cancelConsent, type Machine, requestConsent, sendConsent } from '../acts-host.ts'
import { consentOf, type Features, FIRMWARE, useFirmware } from './firmware.ts'
import { Part } from './part.tsx'

/** A code that is shown runs out, and firmware tells nobody. */
const LOOK_MS = 15_000

export function ConsentPart({ machine }: { readonly machine: Machine }) {
  const features = useFirmware<Features>(machine, 'amt/features')
  return (
    <Part title={t.consent.title} onAgain={() => void features.refetch()}>
      <QueryView query={features}>{answer => <ConsentBox machine={machine} features={answer} />}</QueryView>
    </Part>
  )
}

export function ConsentBox({ machine, features }: { readonly machine: Machine; readonly features: Features }) {
  const state = consentOf(features, 'any')
  const client = useQueryClient()
  const refresh = (): void =>
    void client.invalidateQueries({ queryKey: [FIRMWARE, machine.project, machine.guid, 'amt/features'] })
  useEffect(() => {
    if (state !== 'shown') return undefined
    const timer = setInterval(
      () => void client.invalidateQueries({ queryKey: [FIRMWARE, machine.project, machine.guid, 'amt/features'] }),
      LOOK_MS,
    )
    return () => clearInterval(timer)
  }, [state, client, machine.project, machine.guid])
  return (
    <Stack gap="sm" data-consent={state}>
      <Text size="sm" role="status">
        {t.consent.state[state]}
      </Text>
      {state === 'none' && (
        <Group>
          <ActButton
            act={requestConsent}
            input={machine}
            title={t.consent.requestTitle(machine.name)}
            label={t.consent.request}
            done={t.consent.requested}
            onDone={refresh}
          >
            <Text size="sm">{t.consent.requestWhat}</Text>
          </ActButton>
        </Group>
      )}
      {state === 'shown' && <CodeEntry machine={machine} onDone={refresh} />}
    </Stack>
  )
}

const DIGITS = 6

function CodeEntry({ machine, onDone }: { readonly machine: Machine; readonly onDone: () => void }) {
  const [code, setCode] = useState('')
  const isWhole = code.length === DIGITS
  return (
    <Group align="flex-end" gap="xs">
      <TextInput
        label={t.consent.code}
        value={code}
        onChange={event => setCode(event.currentTarget.value.replaceAll(/\D/g, '').slice(0, DIGITS))}
        inputMode="numeric"
        autoComplete="one-time-code"
        w={160}
      />
      <ActButton
        act={sendConsent}
        input={isWhole ? { ...machine, code } : undefined}
        title={t.consent.send}
        done={t.consent.sent}
        onDone={onDone}
        button={{ variant: 'filled', disabled: !isWhole }}
      >
        <Text size="sm">{t.consent.sendWhat}</Text>
      </ActButton>
      <ActButton act={cancelConsent} input={machine} title={t.consent.cancel} onDone={onDone}>
        <Text size="sm">{t.consent.cancelWhat}</Text>
      </ActButton>
    </Group>
  )
}
