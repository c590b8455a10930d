// SPDX-License-Identifier: Apache-2.0
/** What stands in the columns of the table of machines. */
import { Tooltip } from '@mantine/core'
import { CircleHelp, Moon, Plug, Power, PowerOff, Unplug } from 'lucide-react'
import type { ReactNode } from 'react'
import { Literal } from '../../../kit/literal.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { t } from '../../../words/oob-fleet.ts'
import { Go, hostPath } from '../links.ts'
import type { Machine } from '../reads.ts'
import { modeOf, skuOf } from './steps.ts'

/** Firmware that is connected is asked for its power every few minutes. */
const POWER_MS = 15 * 60_000

export function NameCell({ machine: { host, name } }: { readonly machine: Machine }) {
  const text = <Literal text={name} max={80} />
  if (host === undefined) return <span className="mu-cut">{text}</span>
  return (
    <Go to={hostPath(host)} className="mu-cut">
      {text}
    </Go>
  )
}

export function SkuCell({ machine }: { readonly machine: Machine }) {
  const sku = skuOf(machine)
  const hue = sku === 'amt' || sku === 'ism' ? 'ok' : 'unknown'
  return (
    <Badge hue={hue} why={machine.why}>
      {t.sku[sku]}
    </Badge>
  )
}

export function ModeCell({ machine }: { readonly machine: Machine }) {
  const mode = modeOf(machine)
  const order = machine.indicator === 'ERROR' || machine.indicator === 'IN_PROGRESS' ? machine : undefined
  if (order !== undefined && order.wanted !== undefined)
    return (
      <Badge hue={order.indicator === 'ERROR' ? 'failing' : 'held'} why={order.status}>
        {order.indicator === 'ERROR' ? t.order.ERROR : t.order.IN_PROGRESS}
      </Badge>
    )
  return <Told why={t.modeWhy[mode]}>{t.mode[mode]}</Told>
}

/** A word whose reason is told on hover and on focus. */
function Told({ why, children }: { readonly why: string; readonly children: ReactNode }) {
  return (
    <Tooltip label={why} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its reason must be reached by keys */}
      <span className="mu-icon-word" tabIndex={0}>
        {children}
      </span>
    </Tooltip>
  )
}

export function ConnectedCell({ machine: { connected, address, guid } }: { readonly machine: Machine }) {
  if (guid === undefined && !connected) return null
  const Icon = connected ? Plug : Unplug
  return (
    <span className={`mu-icon-word ${connected ? 'mu-ok' : 'mu-unknown'}`} title={address}>
      <Icon size={14} aria-hidden />
      <span>{connected ? t.connected : t.away}</span>
    </span>
  )
}

const POWER_ICONS = {
  POWER_STATE_ON: Power,
  POWER_STATE_OFF: PowerOff,
  POWER_STATE_SLEEP: Moon,
  POWER_STATE_HIBERNATE: Moon,
  POWER_STATE_UNSPECIFIED: CircleHelp,
} as const

export function powerWord({ powerState }: Pick<Machine, 'powerState'>): keyof typeof POWER_ICONS {
  return powerState in POWER_ICONS ? (powerState as keyof typeof POWER_ICONS) : 'POWER_STATE_UNSPECIFIED' // a key, as just asked
}

export function PowerCell({ machine }: { readonly machine: Machine }) {
  const word = powerWord(machine)
  const Icon = POWER_ICONS[word]
  if (machine.guid === undefined) return null
  return (
    <Told why={`${machine.verdict}: ${machine.evidence}`}>
      <Icon size={14} aria-hidden className={word === 'POWER_STATE_ON' ? 'mu-ok' : 'mu-unknown'} />
      <span>{t.power[word]}</span>
      {machine.powerReadAt !== undefined && (
        <span className="mu-unknown">
          <LiveAge at={machine.powerReadAt} expectedMs={POWER_MS} />
        </span>
      )}
    </Told>
  )
}

export function SeenCell({ machine: { since, connected } }: { readonly machine: Machine }) {
  if (since === undefined) return null
  return <LiveAge at={since} ago={!connected} />
}

export function DriftCell({ machine: { drift } }: { readonly machine: Machine }) {
  if (drift === undefined) return null
  const hue = { compliant: 'ok', drifted: 'degraded', unknown: 'unknown' } as const
  return (
    <Badge hue={hue[drift.state]} why={drift.steps.map(({ area, says }) => `${area}: ${says}`).join('; ') || drift.why}>
      {t.drift[drift.state]}
    </Badge>
  )
}

export function AdviceCell({ machine: { advice, evidence } }: { readonly machine: Machine }) {
  const text = (t.advice as Readonly<Record<string, string>>)[advice] ?? advice // a catalogue of texts
  if (text === '') return null
  return <Told why={evidence}>{text}</Told>
}
