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
import {
  type ComponentType,
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react'
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
  const { ref, tip, ...telling } = useTip(why)
  const className = `mu-chip mu-${hue}`
  const body = (
    <>
      <Icon size={14} aria-hidden />
      <span>{word}</span>
      {more}
    </>
  )
  if (onPick === undefined)
    return (
      <>
        <span ref={ref} className={className} {...(why === undefined ? {} : { tabIndex: 0, ...telling })}>
          {body}
        </span>
        {tip}
      </>
    )
  return (
    <>
      <button
        ref={ref}
        type="button"
        className={className}
        {...telling}
        onClick={event => {
          event.stopPropagation()
          onPick()
        }}
      >
        {body}
      </button>
      {tip}
    </>
  )
}

const PAUSE_MS = 200

/** Says why while somebody points at it or has it in focus. The tip is made only then: lists have hundreds of chips. */
function useTip(why: ReactNode) {
  const id = useId()
  const target = useRef<HTMLElement | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  /** `undefined` until the first time. */
  const [shown, setShown] = useState<boolean>()
  const hide = (): void => {
    clearTimeout(timer.current)
    setShown(old => (old === undefined ? undefined : false))
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  return {
    ref: (node: HTMLElement | null) => {
      target.current = node
    },
    'aria-describedby': shown === true ? id : undefined,
    onPointerEnter: () => {
      timer.current = setTimeout(() => setShown(true), PAUSE_MS)
    },
    onPointerLeave: hide,
    onFocus: (event: FocusEvent<HTMLElement>) => {
      if (event.currentTarget.matches(':focus-visible')) setShown(true)
    },
    onBlur: hide,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide()
    },
    tip:
      why === undefined || shown === undefined ? null : (
        <Tooltip target={target} label={<span id={id}>{why}</span>} opened={shown} multiline maw={360} />
      ),
  }
}
