// SPDX-License-Identifier: Apache-2.0
/** What the firmware has switched on, and what follows when that is changed. */
import { List, NativeSelect, Stack, Switch, Text } from '@mantine/core'
import { useState } from 'react'
import { ActButton } from '../../../acts/act-button.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { t } from '../../../words/oob-host.ts'
import { type Machine, setFeatures } from '../acts-host.ts'
import { type Features, FIRMWARE, useFirmware } from './firmware.ts'
import { Facts, Part } from './part.tsx'
import type { PartOf } from './tab.tsx'

type Wanted = {
  readonly kvm: boolean
  readonly sol: boolean
  readonly ider: boolean
  readonly consent: 'none' | 'kvm' | 'all'
}

export default function FeaturesPart({ machine, line }: PartOf) {
  const query = useFirmware<Features>(machine, 'amt/features')
  return (
    <Part title={t.features.title} onAgain={() => void query.refetch()}>
      <QueryView query={query}>
        {features => (
          <Switches
            // What was read anew is where changes begin.
            key={JSON.stringify(presentOf(features))}
            machine={machine}
            features={features}
            isClient={line.controlMode === 'ccm'}
          />
        )}
      </QueryView>
    </Part>
  )
}

function presentOf({ KVM, SOL, IDER, userConsent = 'all' }: Features): Wanted {
  return { kvm: KVM, sol: SOL, ider: IDER, consent: userConsent }
}

type SwitchesProps = { readonly machine: Machine; readonly features: Features; readonly isClient: boolean }

function Switches({ machine, features, isClient }: SwitchesProps) {
  const present = presentOf(features)
  const [wanted, setWanted] = useState(present)
  const consequences = consequencesOf(present, wanted)
  const toggle = (name: 'kvm' | 'sol' | 'ider') => (
    <Switch
      label={t.features[name]}
      checked={wanted[name]}
      disabled={name === 'kvm' && !features.kvmAvailable}
      description={name === 'kvm' && !features.kvmAvailable ? t.features.noKvm : undefined}
      onChange={event => setWanted({ ...wanted, [name]: event.currentTarget.checked })}
    />
  )
  return (
    <Stack gap="sm" maw={560}>
      {toggle('kvm')}
      {toggle('sol')}
      {toggle('ider')}
      <NativeSelect
        label={t.features.consent}
        description={isClient ? t.features.ccm : undefined}
        disabled={isClient}
        value={wanted.consent}
        onChange={event => setWanted({ ...wanted, consent: event.currentTarget.value as Wanted['consent'] })} // one of the options below
        data={(['none', 'kvm', 'all'] as const).map(value => ({ value, label: t.features.consents[value] }))}
      />
      <Consequences lines={consequences} />
      <div>
        <ActButton
          act={setFeatures}
          input={consequences.length === 0 ? undefined : { ...machine, ...wanted }}
          title={t.features.changeTitle(machine.name)}
          label={t.features.change}
          done={t.features.done}
          refresh={[FIRMWARE]}
          button={{ variant: 'filled', disabled: consequences.length === 0 }}
        >
          <Consequences lines={consequences} />
        </ActButton>
      </div>
      <Text size="sm" fw={600} mt="sm">
        {t.features.others}
      </Text>
      <Facts
        rows={[
          [t.features.recovery, features.ocr ? t.features.on : t.features.off],
          [t.features.erase, eraseWord(features)],
        ]}
      />
    </Stack>
  )
}

function eraseWord({ remoteEraseSupported, remoteEraseEnabled }: Features): string {
  if (!remoteEraseSupported) return t.features.unsupported
  return remoteEraseEnabled ? t.features.on : t.features.off
}

function Consequences({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t.features.unchanged}
      </Text>
    )
  return (
    <List size="sm" spacing={4}>
      {lines.map(line => (
        <List.Item key={line}>{line}</List.Item>
      ))}
    </List>
  )
}

function consequencesOf(present: Wanted, wanted: Wanted): readonly string[] {
  const changed = (name: 'kvm' | 'sol' | 'ider'): readonly string[] => {
    if (present[name] === wanted[name]) return []
    return [t.features.if[`${name}${wanted[name] ? 'On' : 'Off'}`]]
  }
  return [
    ...changed('kvm'),
    ...changed('sol'),
    ...changed('ider'),
    ...(present.consent === wanted.consent ? [] : [t.features.if[wanted.consent]]),
  ]
}
