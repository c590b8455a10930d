// SPDX-License-Identifier: Apache-2.0
/** What needs somebody to look at it, security first, from every module that knows of something. */
import { Button, Card, Group, Text, Title } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { CircleCheck, Clock, ListTodo, OctagonX, Shield } from 'lucide-react'
import { useRef, useState } from 'react'
import { LiveAge } from '../../../kit/live-age.tsx'
import { Loading } from '../../../kit/states.tsx'
import { Go, useProject } from '../../../shell/go.tsx'
import { useMay, useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/overview.ts'
import type { Need } from '../../pages.ts'

const ICONS = [Shield, OctagonX, Clock, ListTodo] as const
const HUES = ['mu-failing', 'mu-failing', 'mu-degraded', 'mu-held'] as const
const FEW = 8
/** Asked again at least so often, for what no event tells: certificates expire in silence. */
const AGAIN_MS = 60_000

export function Needs() {
  const { needs, pending, failed, checkedAt } = useNeeds()
  const [all, setAll] = useState(false)
  const list = useSteady(needs)
  const shown = all ? list.items : list.items.slice(0, FEW)
  return (
    <Card
      withBorder
      component="section"
      aria-labelledby="needs"
      onPointerEnter={list.hold}
      onPointerLeave={list.release}
    >
      <Group justify="space-between">
        <Title order={2} size="h5" id="needs">
          {t.needs}
        </Title>
        {list.fresh > 0 && (
          <Button size="compact-xs" variant="light" onClick={list.release}>
            {t.newNeeds(list.fresh)}
          </Button>
        )}
      </Group>
      {pending && shown.length === 0 ? <Loading lines={3} /> : null}
      {!pending && shown.length === 0 && failed === 0 && (
        <Group gap="xs" mt="xs" className="mu-ok">
          <CircleCheck size={18} aria-hidden />
          <Text c="inherit">{t.nothing}</Text>
        </Group>
      )}
      <ul className="mu-list" aria-live="polite">
        {shown.map(need => (
          <NeedLine key={need.id} need={need} />
        ))}
      </ul>
      {list.items.length > FEW && !all && (
        <Button variant="subtle" size="xs" onClick={() => setAll(true)}>
          {t.moreNeeds(list.items.length - FEW)}
        </Button>
      )}
      <Text size="xs" c="dimmed" mt="xs">
        {failed > 0 && `${t.notChecked(failed)}. `}
        {t.checked} <LiveAge at={checkedAt} ago />
      </Text>
    </Card>
  )
}

function NeedLine({ need: { rank, text, to, verb, since } }: { readonly need: Need }) {
  const Icon = ICONS[rank]
  return (
    <li className="mu-need">
      <span className={HUES[rank]} title={t.rank[rank]}>
        <Icon size={18} aria-label={t.rank[rank]} />
      </span>
      <span className="mu-need-text">
        {text}
        {since !== undefined && (
          <>
            {' '}
            <Text span size="xs" c="dimmed">
              <LiveAge at={since} />
            </Text>
          </>
        )}
      </span>
      <Button component={Go} to={to} size="xs" variant="default">
        {verb}
      </Button>
    </li>
  )
}

function useNeeds() {
  const { modules } = useSurroundings()
  const may = useMay()
  const project = useProject()
  const sources = modules.flatMap(({ needs = [] }) => needs).filter(({ permission }) => may(permission))
  const results = useQueries({
    queries: sources.map(source => ({
      queryKey: [source.key, project, 'needs', source.id],
      queryFn: ({ signal }: { signal: AbortSignal }) => source.ask({ project, signal }),
      refetchInterval: AGAIN_MS,
    })),
  })
  const needs = results
    .flatMap(({ data = [] }) => data)
    .sort((a, b) => a.rank - b.rank || (a.since ?? '').localeCompare(b.since ?? ''))
  return {
    needs,
    pending: results.some(({ isPending }) => isPending),
    failed: results.filter(({ error }) => error !== null).length,
    checkedAt: results.reduce<number | undefined>(
      (last, { dataUpdatedAt }) => (dataUpdatedAt > (last ?? 0) ? dataUpdatedAt : last),
      undefined,
    ),
  }
}

/** Keeps the list as it is while the pointer is over it, so that nothing moves under a click. */
function useSteady(needs: readonly Need[]) {
  const [held, setHeld] = useState<readonly Need[]>()
  const latest = useRef(needs)
  latest.current = needs
  const known = new Set(held?.map(({ id }) => id))
  return {
    items: held ?? needs,
    fresh: held === undefined ? 0 : needs.filter(({ id }) => !known.has(id)).length,
    hold: () => setHeld(latest.current),
    release: () => setHeld(undefined),
  }
}
