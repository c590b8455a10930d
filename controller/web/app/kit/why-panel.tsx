// SPDX-License-Identifier: Apache-2.0
/** What keeps a host from its desired state, in the order in which to mend it and in the words of `muster why`. */
import { Badge, Card, Code, Group, Text, Title } from '@mantine/core'
import { CircleCheck } from 'lucide-react'
import type { Why } from '../api/types.ts'
import { t } from '../words/views.ts'
import { CopyLine } from './copy-as.tsx'
import { LiveAge } from './live-age.tsx'
import './views.css'

export type WhyPanelProps = { readonly why: Why }

export function WhyPanel({ why: { settled, blockers } }: WhyPanelProps) {
  if (settled)
    return (
      <Group gap="xs" className="mu-ok" wrap="nowrap">
        <CircleCheck size={16} aria-hidden />
        <Text size="sm">{t.why.settled}</Text>
      </Group>
    )
  return (
    <Card withBorder p="md" className="mu-why" component="section" aria-label={t.why.title}>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          {t.why.title}
        </Title>
        <Text size="xs" c="dimmed">
          {t.why.count(blockers.length)}
        </Text>
      </Group>
      <ol>
        {blockers.map((blocker, at) => (
          <li key={`${blocker.code} ${blocker.section ?? ''} ${String(blocker.evidence.id ?? at)}`}>
            <Blocker blocker={blocker} isFirst={at === 0 && blockers.length > 1} />
          </li>
        ))}
      </ol>
    </Card>
  )
}

type BlockerProps = { readonly blocker: Why['blockers'][number]; readonly isFirst: boolean }

function Blocker({ blocker: { code, title, since, evidence, next, command }, isFirst }: BlockerProps) {
  const facts = Object.entries(evidence).filter(([, value]) => value !== null)
  return (
    <div data-blocker={code}>
      <Text size="sm" fw={600} component="span">
        {title}
      </Text>{' '}
      <Code>{code}</Code>
      {since !== undefined && (
        <Text size="sm" c="dimmed" component="span">
          {' '}
          <LiveAge at={since} />
        </Text>
      )}
      {isFirst && (
        <Badge size="sm" variant="outline" ms="xs">
          {t.why.first}
        </Badge>
      )}
      <dl>
        {facts.length > 0 && (
          <>
            <dt>{t.why.seen}</dt>
            <dd>
              {facts
                .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
                .join(' ')}
            </dd>
          </>
        )}
        <dt>{t.why.next}</dt>
        <dd>{next}</dd>
      </dl>
      {command !== undefined && <CopyLine text={command} what={t.why.tryIt} />}
    </div>
  )
}
