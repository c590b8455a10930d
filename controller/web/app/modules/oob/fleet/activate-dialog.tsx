// SPDX-License-Identifier: Apache-2.0
/** Activation of machines, as the rules say or with one profile, with what that takes. */
import { Alert, Select, Text } from '@mantine/core'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-fleet.ts'
import { activate } from '../acts.ts'
import type { Machine } from '../reads.ts'
import { useRecords } from '../records/reads.ts'
import { isAt, skuOf } from './steps.ts'

export type ManyProps = {
  readonly machines: readonly Machine[]
  readonly opened: boolean
  readonly onClose: () => void
}

export type ActivateDialogProps = ManyProps & {
  /** Chosen already, as in the attempt before. */
  readonly first?: string | undefined
}

export function ActivateDialog({ machines, opened, onClose, first = '' }: ActivateDialogProps) {
  const project = useProject()
  const [profile, setProfile] = useState(first)
  // What has none is told so instead of being ordered; what could not be asked yet may have one.
  const able = machines.flatMap(each =>
    each.host !== undefined && skuOf(each) !== 'none' ? [{ name: each.name, host: each.host }] : [],
  )
  const left = machines.length - able.length
  const already = machines.filter(each => isAt(each, 'activated')).length
  const input = able.length === 0 ? undefined : { project, machines: able, ...(profile === '' ? {} : { profile }) }
  return (
    <ActDialog
      act={activate}
      input={input}
      title={t.activate.title(able.length)}
      done={t.activate.done}
      refresh={['oob', 'oob-fleet', 'oob-activations']}
      opened={opened}
      onClose={onClose}
    >
      <Text size="sm">{t.activate.blast(able.length, already)}</Text>
      {left > 0 && (
        <Text size="sm" c="dimmed">
          {t.activate.without(left)}
        </Text>
      )}
      {opened && <ProfileChoice profile={profile} onChange={setProfile} />}
      <Text size="sm" c="dimmed">
        {t.activate.follow}
      </Text>
    </ActDialog>
  )
}

function ProfileChoice({ profile, onChange }: { readonly profile: string; readonly onChange: (name: string) => void }) {
  const profiles = useRecords('profile').data ?? []
  const domains = useRecords('domain').data
  const chosen = profiles.find(each => each.profileName === profile)
  const isAdmin = chosen?.activation === 'acmactivate'
  return (
    <>
      <Select
        label={t.activate.profile}
        description={profile === '' ? t.activate.byPolicyWhat : undefined}
        data={[
          { value: '', label: t.activate.byPolicy },
          ...profiles.map(({ profileName, activation }) => ({
            value: String(profileName),
            label: `${profileName} (${activation === 'acmactivate' ? t.mode.acm : t.mode.ccm})`,
          })),
        ]}
        value={profile}
        onChange={value => onChange(value ?? '')}
        allowDeselect={false}
        searchable
      />
      {isAdmin && domains?.length === 0 && (
        <Alert color="yellow" variant="light" p="xs">
          {t.activate.acmNone}
        </Alert>
      )}
      {isAdmin && domains !== undefined && domains.length > 0 && (
        <Text size="sm" c="dimmed">
          {t.activate.acmNeeds(domains.map(each => String(each.domainSuffix)).join(', '))}
        </Text>
      )}
    </>
  )
}
