// SPDX-License-Identifier: Apache-2.0
/** Machines that wait for somebody to decide, one card each, with keys for who decides about many. */
import { Anchor, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { DoorOpen } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { get } from '../../../api/call.ts'
import { usePageKeys } from '../../../kit/page-keys.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { EmptyState } from '../../../kit/states.tsx'
import { Go, useParam, useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/onboarding.ts'
import { Decision } from './decision.tsx'
import { RequestCard } from './request-card.tsx'
import { type Request, readRequests } from './requests.ts'
import './lobby.css'

/** What the API gives at most. */
const MOST = 500

export default function LobbyList() {
  const project = useProject()
  const query = useQuery({
    queryKey: ['lobby', project],
    queryFn: get('/v1/projects/{project}/enrollment/requests', { path: { project } }),
    select: readRequests,
  })
  return (
    <QueryView query={query}>
      {requests => (requests.length === 0 ? <Empty /> : <Requests project={project} requests={requests} />)}
    </QueryView>
  )
}

function Empty() {
  const may = useMay()
  return (
    <EmptyState
      icon={DoorOpen}
      title={t.lobby.empty}
      {...(may('token.write')
        ? {
            action: (
              <Anchor component={Go} to="/lobby?add=command">
                {t.lobby.emptyDo}
              </Anchor>
            ),
          }
        : {})}
    >
      {t.lobby.emptyWhat}
    </EmptyState>
  )
}

type Deciding = { readonly request: Request; readonly accept: boolean }

function Requests({ project, requests }: { readonly project: string; readonly requests: readonly Request[] }) {
  const mayAdmit = useMay()('host.admit')
  const [asked] = useParam('request')
  const [deciding, setDeciding] = useState<Deciding>()
  const list = useRef<HTMLUListElement>(null)
  const at = useRef(
    Math.max(
      0,
      requests.findIndex(({ id }) => id === asked),
    ),
  )
  const focus = (index: number): void => {
    at.current = Math.max(0, Math.min(requests.length - 1, index))
    list.current?.children[at.current]?.querySelector<HTMLElement>('article')?.focus()
  }
  // Somebody came with the address of one: it is shown, once.
  useEffect(() => {
    if (asked !== '') list.current?.children[at.current]?.querySelector<HTMLElement>('article')?.focus()
  }, [asked])
  const decide = (accept: boolean) => (): void => {
    const request = requests[at.current]
    if (request !== undefined && mayAdmit && (!accept || request.waitsFor !== 'registration'))
      setDeciding({ request, accept })
  }
  const isInside = (): boolean => list.current?.contains(document.activeElement) === true
  usePageKeys({
    j: () => focus(isInside() ? at.current + 1 : at.current),
    k: () => focus(isInside() ? at.current - 1 : at.current),
    ...(mayAdmit ? { a: decide(true), r: decide(false) } : {}),
  })
  return (
    <Stack gap="sm">
      {mayAdmit && (
        <Text size="xs" c="dimmed" visibleFrom="sm">
          {t.lobby.keys}
        </Text>
      )}
      <ul className="mu-lobby" ref={list} aria-label={t.lobby.list}>
        {requests.map((request, index) => (
          <li key={request.id}>
            <RequestCard
              project={project}
              request={request}
              onFocus={() => {
                at.current = index
              }}
              {...(mayAdmit ? { onDecide: (accept: boolean) => setDeciding({ request, accept }) } : {})}
            />
          </li>
        ))}
      </ul>
      {requests.length >= MOST && <Text size="sm">{t.lobby.others(MOST)}</Text>}
      {deciding !== undefined && (
        <Decision
          project={project}
          {...deciding}
          onClose={() => {
            setDeciding(undefined)
            // The card that was decided about is gone, and the next stands in its place.
            setTimeout(() => focus(at.current))
          }}
        />
      )}
    </Stack>
  )
}
