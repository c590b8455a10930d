// SPDX-License-Identifier: Apache-2.0
/** The live foot of the sheet: what the machines that were given the token have done so far. */
import { Anchor, Group, Loader, Stack, Text, Title } from '@mantine/core'
import { Check, CircleDashed, OctagonX, Pause } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { useNow, useTicker } from '../../../kit/now.ts'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { Go } from '../../../shell/go.tsx'
import { t } from '../../../words/onboarding.ts'
import type { Arrival } from './arrivals.ts'
import { DOCTOR } from './lines.ts'
import { type MadeToken, TOLD, useArrivals } from './use-arrivals.ts'
import './add-host.css'

/** After so long without a sign the usual causes are named. */
const SILENT_MS = 60_000

type FooterProps = { readonly project: string; readonly token: MadeToken; readonly uses: number }

export function Footer({ project, token, uses }: FooterProps) {
  const { data, error } = useArrivals(project, token)
  const arrivals = data?.arrivals ?? []
  const shown = arrivals.slice(-TOLD).reverse()
  return (
    <section className="mu-watch" aria-label={t.watch.title}>
      <Stack gap="sm">
        <Title order={3} size="h5">
          {t.watch.title}
        </Title>
        {error !== null && <ProblemCard problem={error} compact />}
        <div role="status">
          {shown.map(arrival => (
            <Steps key={arrival.id} arrival={arrival} />
          ))}
          {arrivals.length > shown.length && (
            <Text size="sm" c="dimmed">
              {t.watch.more(arrivals.length - shown.length)}
            </Text>
          )}
          {uses > 1 && arrivals.length > 0 && <Text size="sm">{t.watch.came(data?.cameIn ?? 0, uses)}</Text>}
        </div>
        {arrivals.length === 0 && <Silence url={token.url} />}
      </Stack>
    </section>
  )
}

/** Seconds count, so that nobody wonders whether anything is listened for. */
function Silence({ url }: { readonly url: string }) {
  const ticker = useTicker()
  const [since] = useState(() => ticker.now())
  const elapsed = Math.max(0, useNow() - since)
  const { hostname, port } = URL.canParse(url) ? new URL(url) : { hostname: url, port: '' }
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Loader size="xs" />
        <Text size="sm">{t.watch.waiting}</Text>
        <Text size="sm" c="dimmed" aria-hidden>
          {t.watch.waitingFor(Math.floor(elapsed / 1_000))}
        </Text>
      </Group>
      {elapsed > SILENT_MS && (
        <div role="status">
          <Text size="sm">{t.watch.silent}</Text>
          <ul className="mu-causes">
            <li>{t.watch.causes.dns(hostname)}</li>
            <li>{t.watch.causes.port(port === '' ? '443' : port)}</li>
            <li>{t.watch.causes.proxy}</li>
            <li>{t.watch.causes.clock}</li>
          </ul>
          <Text size="sm" mb={4}>
            {t.watch.check}
          </Text>
          <CopyLine text={DOCTOR} what={t.watch.checkWhat} />
        </div>
      )}
    </Stack>
  )
}

function Steps({ arrival }: { readonly arrival: Arrival }) {
  const { cameAt, address, name, request, refusedAt, host, enrolledAt, onlineAt, reportedAt } = arrival
  const isWaiting = request !== undefined && host === undefined && refusedAt === undefined
  return (
    <ol className="mu-arrival" data-arrival={host ?? request?.id}>
      <Line state="done" at={cameAt}>
        {t.watch.cameFrom(address)}
        {name !== undefined && <span className="mu-claimed"> ({t.watch.called(name.slice(0, 80))})</span>}
      </Line>
      {isWaiting && (
        <Line state="waits" at={request.at}>
          {t.watch.inLobby}: {request.why}{' '}
          <Anchor component={Go} to={`/lobby?request=${request.id}`} size="sm">
            {t.watch.review}
          </Anchor>
        </Line>
      )}
      {refusedAt !== undefined && (
        <Line state="failed" at={refusedAt}>
          {t.watch.refused}
        </Line>
      )}
      {host !== undefined && (
        <>
          <Line state="done" at={enrolledAt}>
            {t.watch.enrolled(host)}{' '}
            <Anchor component={Go} to={`/hosts/${host}`} size="sm">
              {t.watch.open}
            </Anchor>
          </Line>
          <Line state={onlineAt === undefined ? 'next' : 'done'} at={onlineAt}>
            {onlineAt === undefined ? t.watch.offlineYet : t.watch.online}
          </Line>
          <Line state={reportedAt === undefined ? 'next' : 'done'} at={reportedAt}>
            {reportedAt === undefined ? t.watch.reportYet : t.watch.report}
          </Line>
        </>
      )}
    </ol>
  )
}

const ICONS = { done: Check, waits: Pause, failed: OctagonX, next: CircleDashed } as const
const HUES = { done: 'mu-ok', waits: 'mu-held', failed: 'mu-failing', next: 'mu-unknown' } as const

type LineProps = { readonly state: keyof typeof ICONS; readonly at: string | undefined; readonly children: ReactNode }

function Line({ state, at, children }: LineProps) {
  const Icon = ICONS[state]
  return (
    <li data-state={state}>
      <Icon size={16} className={HUES[state]} aria-hidden />
      <span>{children}</span>
      {at !== undefined && (
        <span className="mu-arrival-age">
          <LiveAge at={at} ago />
        </span>
      )}
    </li>
  )
}
