// SPDX-License-Identifier: Apache-2.0
/** One webhook: how it is, what can be done with it, and what became of its deliveries. */
import { Alert, Anchor, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { useParams } from 'wouter'
import { ActButton } from '../../acts/act-button.tsx'
import { ApiProblem } from '../../api/problem.ts'
import { absolute } from '../../kit/age.ts'
import { Literal } from '../../kit/literal.tsx'
import { LiveAge } from '../../kit/live-age.tsx'
import { PageHead } from '../../kit/page-head.tsx'
import { ProblemCard } from '../../kit/problem-card.tsx'
import { QueryView } from '../../kit/query-view.tsx'
import { Go, useGo, useProject } from '../../shell/go.tsx'
import { useMay } from '../../shell/session.tsx'
import { t } from '../../words/webhooks.ts'
import { pingWebhook, removeWebhook, rotateSecret, switchWebhook } from './acts.ts'
import { Deliveries } from './deliveries.tsx'
import { EditButton } from './edit.tsx'
import { EVERYTHING } from './fields.tsx'
import { type Made, madeOf, SecretOnce } from './secret.tsx'
import { WebhookBadge } from './state-badge.tsx'
import { type Delivery, useWebhook, type Webhook } from './webhooks.ts'

export default function WebhookPage() {
  const { webhook = '' } = useParams()
  const query = useWebhook(webhook)
  return <QueryView query={query}>{data => <Whole webhook={data} />}</QueryView>
}

function Whole({ webhook }: { readonly webhook: Webhook }) {
  const [made, setMade] = useState<Made>()
  const [pinged, setPinged] = useState<Delivery>()
  const { name, url, types, timestamps } = webhook
  return (
    <>
      <PageHead
        title={name}
        about={<Literal text={url} />}
        actions={<Acts webhook={webhook} onSecret={setMade} onPing={setPinged} />}
      >
        <Group gap="sm" mt={4}>
          <WebhookBadge webhook={webhook} />
          <Text size="sm">
            {t.column.types}: {types.includes(EVERYTHING) ? t.field.all : types.join(', ')}
          </Text>
          <Text size="sm" c="dimmed" title={absolute(timestamps.updatedAt)}>
            {t.changed} <LiveAge at={timestamps.updatedAt} ago />
          </Text>
          <Links id={webhook.resourceId} />
        </Group>
      </PageHead>
      {pinged !== undefined && <Pinged delivery={pinged} />}
      <Deliveries webhook={webhook} />
      {made !== undefined && <SecretOnce made={made} onClose={() => setMade(undefined)} />}
    </>
  )
}

function Links({ id }: { readonly id: string }) {
  const may = useMay()
  return (
    <>
      {may('audit.read') && (
        <Anchor component={Go} to={`/audit?target=${id}`} size="sm">
          {t.audit}
        </Anchor>
      )}
      <Anchor component={Go} to="/webhooks" size="sm">
        {t.all}
      </Anchor>
    </>
  )
}

type ActsProps = {
  readonly webhook: Webhook
  readonly onSecret: (made: Made | undefined) => void
  readonly onPing: (delivery: Delivery | undefined) => void
}

function Acts({ webhook, onSecret, onPing }: ActsProps) {
  const project = useProject()
  const go = useGo()
  const { resourceId: id, name, url, enabled, deliveries } = webhook
  const of = { project, id }
  const refresh = ['webhooks']
  return (
    <>
      <ActButton
        act={pingWebhook}
        input={of}
        title={t.pingTitle}
        label={t.ping}
        refresh={refresh}
        onDone={([sent]) => onPing(sent !== undefined && 'answer' in sent ? (sent.answer as Delivery) : undefined)} // what this path answers
      >
        <Text size="sm">{t.pingWhat(url)}</Text>
      </ActButton>
      <EditButton webhook={webhook} />
      <ActButton
        act={switchWebhook}
        input={{ ...of, enabled: !enabled }}
        title={enabled ? t.disableTitle(name) : t.enableTitle(name)}
        label={enabled ? t.disable : t.enable}
        verb={enabled ? t.disable : t.enable}
        refresh={refresh}
      >
        <Text size="sm">{enabled ? t.disableWhat : t.enableWhat}</Text>
      </ActButton>
      <ActButton
        act={rotateSecret}
        input={of}
        title={t.rotateTitle(name)}
        label={t.rotate}
        verb={t.rotate}
        refresh={refresh}
        onDone={sent => onSecret(madeOf(sent))}
      >
        <Text size="sm">{t.rotateWhat}</Text>
      </ActButton>
      <ActButton
        act={removeWebhook}
        input={of}
        title={t.removeTitle(name)}
        label={t.remove}
        button={{ color: 'red', variant: 'light' }}
        onDone={() => go('/webhooks')}
      >
        <Text size="sm">{t.removeWhat(deliveries.pending)}</Text>
      </ActButton>
    </>
  )
}

/** What came of a test. */
function Pinged({ delivery: { state, status, error } }: { readonly delivery: Delivery }) {
  if (state === 'delivered')
    return (
      <Alert color="blue" variant="light" role="status" mb="sm">
        {t.pinged(status ?? 200)}
      </Alert>
    )
  const problem = new ApiProblem({
    code: 'ping-failed',
    status: 502,
    title: t.pingFailed,
    detail: error,
    next: t.pingNext,
  })
  return <ProblemCard problem={problem} />
}
