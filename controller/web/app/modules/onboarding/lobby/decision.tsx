// SPDX-License-Identifier: Apache-2.0
/** Letting a machine in, or sending it away. */
import { Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { t } from '../../../words/onboarding.ts'
import { type AcceptWish, acceptMachine, rejectMachine } from '../acts.ts'
import { LabelsField, SiteField } from '../labels-field.tsx'
import type { Request } from './requests.ts'

type DecisionProps = {
  readonly project: string
  readonly request: Request
  readonly accept: boolean
  readonly onClose: () => void
}

const REFRESH = ['lobby', 'hosts', 'summary', 'needs']

export function Decision({ accept, ...rest }: DecisionProps) {
  return accept ? <Accept {...rest} /> : <Reject {...rest} />
}

type OneProps = Omit<DecisionProps, 'accept'>

function Accept({ project, request, onClose }: OneProps) {
  const { id, reclaims } = request
  const name = request.name ?? t.lobby.nameless
  const [wish, setWish] = useState<AcceptWish>({ project, id, labels: [] })
  const set = (member: 'name' | 'site', value: string | undefined): void => {
    const { [member]: _, ...others } = wish
    setWish(value === undefined || value === '' ? others : { ...others, [member]: value })
  }
  return (
    <ActDialog
      act={acceptMachine}
      input={wish}
      title={t.lobby.acceptTitle(name)}
      verb={t.lobby.accept}
      done={t.lobby.accepted(name)}
      refresh={REFRESH}
      opened
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text size="sm">{reclaims === undefined ? t.lobby.acceptAbout : t.lobby.acceptReclaim(reclaims)}</Text>
        {reclaims === undefined && (
          <TextInput
            label={t.lobby.hostName}
            description={t.lobby.hostNameHint}
            placeholder={request.name}
            maxLength={50}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            value={wish.name ?? ''}
            onChange={event => set('name', event.currentTarget.value)}
          />
        )}
        <SiteField project={project} site={wish.site} onChange={site => set('site', site)} />
        <LabelsField labels={wish.labels} onChange={labels => setWish({ ...wish, labels })} />
      </Stack>
    </ActDialog>
  )
}

function Reject({ project, request, onClose }: OneProps) {
  const name = request.name ?? t.lobby.nameless
  return (
    <ActDialog
      act={rejectMachine}
      input={{ project, id: request.id }}
      title={t.lobby.rejectTitle(name)}
      verb={t.lobby.reject}
      done={t.lobby.rejected(name)}
      refresh={REFRESH}
      opened
      onClose={onClose}
    >
      <Text size="sm">{t.lobby.rejectAbout}</Text>
    </ActDialog>
  )
}
