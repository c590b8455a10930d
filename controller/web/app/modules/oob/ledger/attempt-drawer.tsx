// SPDX-License-Identifier: Apache-2.0
/** One attempt: every step as a line of a checklist, red ones with their reason, and another try. */
import { Button, Drawer, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Checklist } from '../../../kit/checklist.tsx'
import { Literal } from '../../../kit/literal.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t as kit } from '../../../words/kit.ts'
import { t } from '../../../words/oob-fleet.ts'
import { ActivateDialog } from '../fleet/activate-dialog.tsx'
import { Go, hostPath } from '../links.ts'
import { type Attempt, useMachines, useNames } from '../reads.ts'
import { OutcomeBadge } from './outcome.tsx'
import { useAttempt, useAttemptSteps } from './reads.ts'
import { checklistOf, spokenStep } from './steps.ts'

export function AttemptDrawer({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const query = useAttempt(id)
  const named = useNames()
  const attempt = query.data
  const title =
    attempt === undefined ? t.ledger.title : t.attempt.title(t.ledger.verb[attempt.verb], named(attempt.guid).name)
  return (
    <Drawer
      opened={id !== ''}
      onClose={onClose}
      title={title}
      position="right"
      size="lg"
      closeButtonProps={{ 'aria-label': kit.close }}
    >
      {id !== '' && <QueryView query={query}>{found => <Body attempt={found} />}</QueryView>}
    </Drawer>
  )
}

function Body({ attempt }: { readonly attempt: Attempt }) {
  const { host } = useNames()(attempt.guid)
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <OutcomeBadge outcome={attempt.outcome} />
        <Group gap="xs">
          {host !== undefined && <Go to={hostPath(host)}>{t.attempt.host}</Go>}
          <Retry attempt={attempt} />
        </Group>
      </Group>
      <Facts attempt={attempt} />
      <Steps attempt={attempt} />
    </Stack>
  )
}

function Facts({ attempt }: { readonly attempt: Attempt }) {
  const { profile, mode, fromMode, address, startedAt, finishedAt, message, messages } = attempt
  const rows = [
    [t.attempt.says, message === '' ? undefined : <Literal key="says" text={message} max={500} />],
    [t.ledger.column.profile, profile],
    [t.attempt.from, t.attempt.fromMode[fromMode]],
    [t.attempt.to, mode === undefined ? undefined : t.attempt.fromMode[mode]],
    [t.attempt.began, <LiveAge key="began" at={startedAt} ago />],
    [t.attempt.ended, finishedAt === undefined ? undefined : <LiveAge key="ended" at={finishedAt} ago />],
    [t.attempt.address, address],
    [t.attempt.messages, messages === 0 ? undefined : messages],
  ] as const
  return (
    <dl className="mu-facts">
      {rows.map(([what, value]) =>
        value === undefined || value === '' ? null : (
          <div key={what} className="mu-facts-row">
            <dt>{what}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}

function Steps({ attempt }: { readonly attempt: Attempt }) {
  const may = useMay()
  const query = useAttemptSteps(attempt)
  const known = query.data ?? []
  return (
    <section aria-label={t.attempt.steps}>
      <Text size="sm" fw={600} mb={6}>
        {t.attempt.steps}
      </Text>
      {query.error !== null && <QueryView query={query}>{() => null}</QueryView>}
      <Checklist
        label={t.attempt.steps}
        checks={checklistOf(attempt, known).map(({ step, why, at, state }, index) => ({
          id: `${index}`,
          state,
          text: (
            <span className="mu-step">
              {spokenStep(step)}
              <span className="mu-unknown">
                <LiveAge at={at} />
              </span>
            </span>
          ),
          ...(why === '' ? {} : { detail: <Literal text={why} max={500} /> }),
        }))}
      />
      {!may('event.read') && <Text size="xs">{t.attempt.mayNot}</Text>}
      {query.data !== undefined && query.data.length === 0 && (
        <Text size="xs" c="dimmed" mt="xs">
          {t.attempt.lost}
        </Text>
      )}
    </section>
  )
}

function Retry({ attempt }: { readonly attempt: Attempt }) {
  const may = useMay()
  const { data = [] } = useMachines()
  const [opened, setOpened] = useState(false)
  const machine = data.find(each => each.guid === attempt.guid || each.host === attempt.host)
  const isOver = attempt.outcome === 'failed' || attempt.outcome === 'cut'
  if (!isOver || attempt.verb !== 'activate' || machine?.host === undefined || !may('host.change')) return null
  return (
    <>
      <Button size="xs" onClick={() => setOpened(true)}>
        {t.ledger.retry}
      </Button>
      <ActivateDialog machines={[machine]} opened={opened} onClose={() => setOpened(false)} first={attempt.profile} />
    </>
  )
}
