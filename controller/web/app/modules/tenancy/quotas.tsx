// SPDX-License-Identifier: Apache-2.0
/** What a project may hold and holds, as bars, and setting it. */
import { Card, Group, NumberInput, Progress, SimpleGrid, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ActButton } from '../../acts/act-button.tsx'
import { get } from '../../api/call.ts'
import { QueryView } from '../../kit/query-view.tsx'
import { Badge } from '../../kit/status-chip.tsx'
import { useMe } from '../../shell/session.tsx'
import { t as words } from '../../words/tenancy.ts'
import { type Limits, QUOTAS, type Quota, setQuotas } from './acts.ts'
import { fillingOf, type Usage, usageOf } from './usage.ts'

const t = words.quota
const AGAIN_MS = 30_000
const MOST = 10_000_000
const COLORS = { free: 'blue', near: 'yellow', full: 'red' } as const

export default function Quotas({ about: name }: { readonly about: string }) {
  const me = useMe()
  const limits = useQuery({
    queryKey: ['quotas', name],
    queryFn: get('/v1/projects/{project}/quotas', { path: { project: name } }),
  })
  const usage = useQuery({
    queryKey: ['quotas', name, 'usage'],
    queryFn: ({ signal }) => usageOf(name, signal),
    refetchInterval: AGAIN_MS,
  })
  return (
    <Card withBorder padding="md">
      <Group justify="space-between" mb={4}>
        <Title order={2} size="h4">
          {t.title}
        </Title>
        {me.permissions.includes('project.write') && limits.data !== undefined && (
          <SetQuotas name={name} limits={limits.data.quotas} usage={usage.data ?? {}} />
        )}
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {t.what}
      </Text>
      <QueryView query={limits}>
        {({ quotas }) => (
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
            {QUOTAS.map(quota => (
              <Bar key={quota} quota={quota} most={quotas[quota]} usage={usage.data} />
            ))}
          </SimpleGrid>
        )}
      </QueryView>
    </Card>
  )
}

type BarProps = {
  readonly quota: Quota
  readonly most: number | undefined
  /** `undefined` while it is counted. */
  readonly usage: Usage | undefined
}

function Bar({ quota, most, usage }: BarProps) {
  const used = usage?.[quota]
  const filling = used === undefined || most === undefined ? undefined : fillingOf(used.count, most)
  return (
    <div data-quota={quota}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {t.names[quota]}
        </Text>
        <Group gap="xs">
          {filling !== undefined && filling !== 'free' && (
            <Badge hue={filling === 'full' ? 'failing' : 'degraded'} why={filling === 'full' ? t.fullWhy : t.nearWhy}>
              {t[filling]}
            </Badge>
          )}
          <Text size="sm">{usage !== undefined && amountText(used, most)}</Text>
        </Group>
      </Group>
      {most !== undefined && used !== undefined && filling !== undefined && (
        <Progress
          value={most === 0 ? 100 : Math.min(100, (100 * used.count) / most)}
          color={COLORS[filling]}
          aria-label={t.names[quota]}
          mt={4}
        />
      )}
    </div>
  )
}

function amountText(used: Usage[Quota], most: number | undefined): string {
  const limit = most === undefined ? ` (${t.none})` : ''
  if (used === undefined) return `${t.unknown}${limit}`
  if (used.more === true) return `${t.atLeast(used.count)}${limit}`
  return most === undefined ? `${t.used(used.count)}${limit}` : t.of(used.count, most)
}

type SetProps = { readonly name: string; readonly limits: Limits; readonly usage: Usage }

function SetQuotas({ name, limits, usage }: SetProps) {
  const [changed, setChanged] = useState<Partial<Record<Quota, number | undefined>>>({})
  const draft: Partial<Record<Quota, number | undefined>> = { ...limits, ...changed }
  const wanted = Object.fromEntries(Object.entries(draft).filter(([, most]) => most !== undefined)) as Limits // absent ones are left out
  const below = QUOTAS.filter(quota => (wanted[quota] ?? MOST) < (usage[quota]?.count ?? 0))
  return (
    <ActButton
      act={setQuotas}
      input={{ name, limits: wanted }}
      title={t.change}
      done={t.saved}
      refresh={['quotas']}
      onDone={() => setChanged({})}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {QUOTAS.map(quota => (
          <NumberInput
            key={quota}
            label={t.names[quota]}
            description={t.hint}
            min={0}
            max={MOST}
            allowDecimal={false}
            allowNegative={false}
            thousandSeparator=","
            value={draft[quota] ?? ''}
            onChange={value => setChanged({ ...changed, [quota]: typeof value === 'number' ? value : undefined })}
          />
        ))}
      </SimpleGrid>
      {below.map(quota => (
        <Text key={quota} size="sm" role="status">
          {t.below(t.names[quota], usage[quota]?.count ?? 0)}
        </Text>
      ))}
    </ActButton>
  )
}
