// SPDX-License-Identifier: Apache-2.0
/** The playbooks there are, with their steps, and starting one after seeing what it would do. */
import { Alert, Button, Group, Select, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { type AnswerOf, send } from '../../../api/call.ts'
import { Checklist } from '../../../kit/checklist.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/oob-care.ts'
import { PLAYBOOK_ACTS, planCall, type RunPlaybook } from '../acts-care.ts'
import { useMachines } from '../reads.ts'
import { type Playbook, usePlaybooks } from './reads.ts'

export function PlaybookList() {
  const query = usePlaybooks()
  return (
    <QueryView query={query}>
      {({ playbooks }) => (
        <div className="mu-oob-cards">
          {playbooks.map(each => (
            <PlaybookCard key={each.name} playbook={each} />
          ))}
        </div>
      )}
    </QueryView>
  )
}

type Permission = keyof typeof PLAYBOOK_ACTS

function actOf({ permission }: Playbook) {
  return PLAYBOOK_ACTS[permission in PLAYBOOK_ACTS ? (permission as Permission) : 'host.destroy'] // a key, as just asked
}

function PlaybookCard({ playbook }: { readonly playbook: Playbook }) {
  const may = useMay()
  const [open, setOpen] = useState(false)
  const { name, title, steps, permission } = playbook
  return (
    <section className="mu-oob-card" aria-label={name}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Text fw={600}>{name}</Text>
          <Text size="sm" c="dimmed">
            {title}
          </Text>
        </div>
        {may(actOf(playbook).permission) ? (
          <Button
            size="xs"
            variant="default"
            miw="max-content"
            onClick={() => setOpen(true)}
            aria-label={`${t.playbooks.run}: ${name}`}
          >
            {t.playbooks.run}
          </Button>
        ) : (
          <Text size="xs" c="dimmed">
            {t.playbooks.takes(permission)}
          </Text>
        )}
      </Group>
      <ol className="mu-playbook-steps">
        {steps.map((each, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a playbook never move
          <li key={at}>{each}</li>
        ))}
      </ol>
      {open && <Start playbook={playbook} onClose={() => setOpen(false)} />}
    </section>
  )
}

function Start({ playbook, onClose }: { readonly playbook: Playbook; readonly onClose: () => void }) {
  const project = useProject()
  const { data = [] } = useMachines()
  const [guid, setGuid] = useState('')
  const [url, setUrl] = useState('')
  const known = data.flatMap(each => (each.guid === undefined ? [] : [{ value: each.guid, label: each.name }]))
  const name = known.find(each => each.value === guid)?.label ?? guid
  const needsUrl = playbook.takesUrl && !/^https?:\/\/\S+$/.test(url)
  const wish: RunPlaybook | undefined =
    guid === '' || needsUrl
      ? undefined
      : { project, name, guid, playbook: playbook.name, ...(playbook.takesUrl ? { url } : {}) }
  return (
    <ActDialog
      act={actOf(playbook)}
      input={wish}
      title={t.playbooks.runTitle(playbook.title)}
      verb={t.playbooks.run}
      name={name}
      done={t.playbooks.started}
      refresh={['oob-runs']}
      opened
      onClose={onClose}
    >
      <Select
        label={t.playbooks.machine}
        data={known}
        value={guid === '' ? null : guid}
        onChange={value => setGuid(value ?? '')}
        searchable
        withAsterisk
      />
      {playbook.takesUrl && (
        <TextInput
          label={t.playbooks.url}
          description={t.playbooks.urlWhat}
          value={url}
          onChange={event => setUrl(event.currentTarget.value)}
          withAsterisk
        />
      )}
      {wish !== undefined && <Plan wish={wish} />}
    </ActDialog>
  )
}

type Planned = Extract<
  AnswerOf<'/v1/projects/{project}/oob/devices/{guid}/playbooks/{name}', 'POST'>,
  { readonly dryRun: true }
>
const STATES = { run: 'now', skip: 'skipped', depends: 'waiting' } as const

function Plan({ wish }: { readonly wish: RunPlaybook }) {
  const query = useQuery({
    queryKey: ['oob', wish.project, 'plan', wish.guid, wish.playbook, wish.url ?? ''],
    queryFn: ({ signal }) => send<Planned>(planCall(wish), signal),
  })
  return (
    <section aria-label={t.playbooks.plan}>
      <Text size="sm" fw={600}>
        {t.playbooks.plan}
      </Text>
      <QueryView query={query}>
        {({ verdict, why, blockers, steps }) => (
          <>
            <Text size="sm" c="dimmed" mb={6}>
              {t.playbooks.verdict(verdict, why)}
            </Text>
            {blockers.length > 0 && (
              <Alert color="yellow" variant="light" title={t.playbooks.blockers} mb={6} p="xs">
                {blockers.join('; ')}
              </Alert>
            )}
            <Checklist
              label={t.playbooks.plan}
              checks={steps.map(({ says, would, why: reason }, at) => ({
                id: `${at}`,
                state: STATES[would],
                text: says,
                detail: [t.playbooks.would[would], reason].filter(Boolean).join(': '),
              }))}
            />
          </>
        )}
      </QueryView>
    </section>
  )
}
