// SPDX-License-Identifier: Apache-2.0
/** One status of a host: an icon of its own shape, a word, and why on hover or focus. */
import { Tooltip } from '@mantine/core'
import {
  Ban,
  Check,
  CircleDashed,
  CircleHelp,
  Clock,
  Hourglass,
  Moon,
  OctagonX,
  Pause,
  Power,
  Triangle,
  Wifi,
} from 'lucide-react'
import type { ComponentType, ReactNode } from 'react'
import { t } from '../words/kit.ts'

export type Reachability = keyof typeof t.chip.reachability
export type Health = keyof typeof t.chip.health
export type Compliance = keyof typeof t.chip.compliance
type Hue = 'ok' | 'unknown' | 'degraded' | 'failing' | 'held'
type Look = { readonly hue: Hue; readonly icon: ComponentType<{ size?: number }> }

const LOOKS: Readonly<Record<string, Look>> = {
  online: { hue: 'ok', icon: Wifi },
  asleep: { hue: 'unknown', icon: Moon },
  offline: { hue: 'failing', icon: Power },
  never: { hue: 'unknown', icon: CircleDashed },
  ok: { hue: 'ok', icon: Check },
  degraded: { hue: 'degraded', icon: Triangle },
  failing: { hue: 'failing', icon: OctagonX },
  unknown: { hue: 'unknown', icon: CircleHelp },
  settled: { hue: 'ok', icon: Check },
  progressing: { hue: 'unknown', icon: Hourglass },
  held: { hue: 'held', icon: Pause },
  failed: { hue: 'failing', icon: OctagonX },
  unsupported: { hue: 'unknown', icon: Ban },
}

export type StatusChipProps = (
  | { readonly kind: 'reachability'; readonly state: Reachability }
  | { readonly kind: 'health'; readonly state: Health }
  | { readonly kind: 'compliance'; readonly state: Compliance }
) & {
  /** Why it is so; shown on hover and on focus. */
  readonly why?: ReactNode
  /** Filters by this status. */
  readonly onPick?: () => void
  /** Beside the word, such as an age. */
  readonly more?: ReactNode
}

export function StatusChip({ kind, state, why, onPick, more }: StatusChipProps) {
  const words: Readonly<Record<string, string>> = t.chip[kind]
  return (
    <Chip
      look={LOOKS[state] ?? { hue: 'unknown', icon: Clock }}
      word={words[state] ?? state}
      why={why}
      onPick={onPick}
      more={more}
    />
  )
}

/** The same look for statuses of other things: activations, deliveries, certificates. */
export function Badge({
  hue,
  children,
  why,
}: {
  readonly hue: Hue
  readonly children: ReactNode
  readonly why?: ReactNode
}) {
  const icon = { ok: Check, unknown: CircleHelp, degraded: Triangle, failing: OctagonX, held: Pause }[hue]
  return <Chip look={{ hue, icon }} word={children} why={why} />
}

type ChipProps = {
  readonly look: Look
  readonly word: ReactNode
  readonly why?: ReactNode
  readonly onPick?: (() => void) | undefined
  readonly more?: ReactNode
}

function Chip({ look: { hue, icon: Icon }, word, why, onPick, more }: ChipProps) {
  const body = (
    <>
      <Icon size={14} aria-hidden />
      <span>{word}</span>
      {more}
    </>
  )
  const className = `mu-chip mu-${hue}`
  const chip =
    onPick === undefined ? (
      <span className={className} {...(why === undefined ? {} : { tabIndex: 0 })}>
        {body}
      </span>
    ) : (
      <button
        type="button"
        className={className}
        onClick={event => {
          event.stopPropagation()
          onPick()
        }}
      >
        {body}
      </button>
    )
  if (why === undefined) return chip
  return (
    <Tooltip label={why} multiline maw={360} events={{ hover: true, focus: true, touch: true }}>
      {chip}
    </Tooltip>
  )
}
