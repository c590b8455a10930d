// SPDX-License-Identifier: Apache-2.0
/** The frame around a console or a screen: the bar above it, the picture, and what is said when the connection ends. */
import { Alert, Anchor, Button, Group, Text, Tooltip, VisuallyHidden } from '@mantine/core'
import { CircleDot } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { spoken } from '../../../kit/age.ts'
import { useNow } from '../../../kit/now.ts'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { Go } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-host.ts'
import type { Machine } from '../acts-host.ts'
import { plainText } from '../host/firmware.ts'
import type { Grant } from './preflight.tsx'
import './session.css'

/** Where a connection stands; `why` is what the other side said when it ended, if anything. */
export type Stand =
  | { readonly is: 'connecting' }
  | { readonly is: 'connected' }
  | { readonly is: 'closed'; readonly why: string; readonly byUs: boolean }

const SOON_MS = 120_000

export type FrameProps = {
  readonly label: string
  readonly machine: Machine
  readonly grant: Grant
  readonly stand: Stand
  /** Milliseconds from a key to the next thing shown. */
  readonly latency?: number | undefined
  /** Buttons between the clock and the end. */
  readonly tools: ReactNode
  readonly onEnd: () => void
  readonly onAgain: () => Promise<void>
  readonly children: ReactNode
  /** Below the picture. */
  readonly foot?: ReactNode
}

export function Frame(props: FrameProps) {
  const { label, machine, grant, stand, latency, tools, onEnd, onAgain, children, foot } = props
  const clock = useClock(grant, stand)
  useEffect(() => {
    document.title = `${label} · Muster`
  }, [label])
  return (
    <section className="mu-session" aria-label={label} data-stand={stand.is}>
      <Group gap="xs" className="mu-session-bar">
        <h1>{plainText(machine.name, 60)}</h1>
        <Text size="xs" role="status" data-stand-word>
          {stand.is === 'closed' ? t.session.closed : t.session[stand.is]}
        </Text>
        {stand.is === 'connected' && (
          <Text size="xs" data-clock>
            {t.session.left(spoken(clock.left))} · {t.session.elapsed(spoken(clock.elapsed))}
          </Text>
        )}
        {grant.recorded && (
          <Tooltip label={t.session.recTitle}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what it means is told on focus too */}
            <span className="mu-rec" tabIndex={0}>
              <CircleDot size={12} aria-hidden /> {t.session.rec}
              <VisuallyHidden>{t.session.recTitle}</VisuallyHidden>
            </span>
          </Tooltip>
        )}
        {latency !== undefined && (
          <Text size="xs" title={t.session.latencyTitle} data-latency>
            {t.session.latency(latency)}
          </Text>
        )}
        <Group gap={4} className="mu-session-tools">
          {tools}
          <Button size="xs" color="red" variant="light" onClick={onEnd} disabled={stand.is === 'closed'}>
            {t.session.end}
          </Button>
        </Group>
      </Group>
      <div role="status" className="mu-session-soon">
        {clock.isSoonOver && t.session.soonOver}
      </div>
      {stand.is === 'closed' && <Over stand={stand} machine={machine} elapsed={clock.elapsed} onAgain={onAgain} />}
      {children}
      {foot}
    </section>
  )
}

/** Counts from when it opened until it is closed. */
function useClock({ minutes }: Grant, { is }: Stand) {
  const now = useNow()
  const [opened, setOpened] = useState<number>()
  const [closed, setClosed] = useState<number>()
  useEffect(() => {
    if (is === 'connected') {
      setOpened(Date.now())
      setClosed(undefined)
    }
    if (is === 'closed') setClosed(Date.now())
  }, [is])
  const elapsed = opened === undefined ? 0 : Math.max(0, (closed ?? now) - opened)
  const left = Math.max(0, minutes * 60_000 - elapsed)
  return { elapsed, left, isSoonOver: is === 'connected' && opened !== undefined && left <= SOON_MS }
}

type OverProps = {
  readonly stand: Stand & { readonly is: 'closed' }
  readonly machine: Machine
  readonly elapsed: number
  readonly onAgain: () => Promise<void>
}

function Over({ stand: { why, byUs }, machine, elapsed, onAgain }: OverProps) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const again = async (): Promise<void> => {
    setBusy(true)
    setFailure(undefined)
    await onAgain().catch(setFailure)
    setBusy(false)
  }
  const reason = byUs ? t.session.ended : why === '' ? t.session.lost : t.session.why(plainText(why))
  return (
    <Alert color={byUs ? 'blue' : 'orange'} title={t.session.closed} role="alert" className="mu-session-over">
      <Text size="sm">
        {reason} {t.session.lasted(spoken(elapsed))}
      </Text>
      {failure !== undefined && <ProblemCard problem={failure} />}
      <Group gap="sm" mt="xs">
        <Button size="xs" onClick={() => void again()} loading={busy}>
          {t.session.reconnect}
        </Button>
        <Anchor component={Go} to={`/hosts/${machine.host}?tab=out-of-band`} size="sm">
          {t.session.done}
        </Anchor>
      </Group>
    </Alert>
  )
}

/** What the other side said when it closed; a code that means nothing is left out. */
export function closingOf({ code, reason }: Pick<CloseEvent, 'code' | 'reason'>): string {
  if (reason !== '') return reason
  return code === 1000 || code === 1005 || code === 1006 ? '' : String(code)
}
