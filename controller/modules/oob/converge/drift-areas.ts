// SPDX-License-Identifier: Apache-2.0
/** What the differences of a device are about, what a project does about each, and which acts wait for the agent. Pure. */
import { type Static, Type } from 'typebox'
import { RULES } from '../activation/names.ts'
import type { Step, StepKind } from '../activation/step.ts'

export const AREAS = ['clock', 'cira', 'features', 'tls', 'network', 'passwords', 'activation'] as const
export type Area = (typeof AREAS)[number]

const Mode = Type.Enum(['off', 'report', 'repair'])
/** That it is activated at all is never repaired by itself. */
const ModeOfActivation = Type.Enum(['off', 'report'])

export const DriftPolicy = Type.Object(
  {
    clock: Mode,
    cira: Mode,
    features: Mode,
    tls: Mode,
    network: Mode,
    passwords: Mode,
    activation: ModeOfActivation,
  },
  { additionalProperties: false },
)
export type DriftPolicy = Static<typeof DriftPolicy>

export const DEFAULT_DRIFT_POLICY: DriftPolicy = {
  clock: 'repair',
  cira: 'repair',
  features: 'repair',
  tls: 'report',
  network: 'report',
  passwords: 'report',
  activation: 'report',
}

const AREA_OF: Readonly<Record<Exclude<StepKind, 'add-root'>, Area>> = {
  'sync-clock': 'clock',
  'clear-environment': 'cira',
  'set-environment': 'cira',
  'add-server': 'cira',
  'remove-server': 'cira',
  'add-rule': 'cira',
  'remove-rule': 'cira',
  'set-mps-type': 'cira',
  'enable-user-initiated': 'cira',
  'set-redirection': 'features',
  'set-kvm': 'features',
  'set-listener': 'features',
  'set-consent': 'features',
  'set-tls': 'tls',
  'disable-tls': 'tls',
  'generate-key': 'tls',
  'add-certificate': 'tls',
  'bind-certificate': 'tls',
  'unbind-certificate': 'tls',
  'remove-certificate': 'tls',
  'remove-key': 'tls',
  'set-general': 'network',
  'set-wired': 'network',
  'set-8021x': 'network',
  'disable-8021x': 'network',
  'set-wifi-port': 'network',
  'set-wifi-sync': 'network',
  'add-wifi': 'network',
  'remove-wifi': 'network',
  'add-proxy': 'network',
  'remove-proxy': 'network',
  refuse: 'network',
  'set-password': 'passwords',
  'set-mebx-password': 'passwords',
}

export function areaOf(step: Step): Area {
  if (step.do === 'add-root') return step.use
  return AREA_OF[step.do]
}

/**
 * Why an act is not done over the tunnel it would cut: when it takes away what keeps the device dialling, nothing but
 * an agent on the host can put it back.
 */
export function cutsTunnel(step: Step, all: readonly Step[]): string | undefined {
  const why = 'over its own tunnel this would cut it off; activate it again through its agent'
  if (step.do === 'clear-environment') return why
  if (step.do === 'remove-rule' && step.name === RULES.periodic.name) return why
  // As long as the wanted server is there, others may go.
  if (step.do === 'remove-server' && all.some(each => each.do === 'add-server')) return why
  return undefined
}

/** What keeps the device dialling comes first: firmware weighs anew whether to hang up after each change of access. */
const FIRST: readonly StepKind[] = ['set-environment', 'add-root', 'add-server', 'add-rule']

export function bySafety(steps: readonly Step[]): readonly Step[] {
  const rank = ({ do: kind }: Step): number => {
    const at = FIRST.indexOf(kind)
    return at === -1 ? FIRST.length : at
  }
  return [...steps].sort((one, other) => rank(one) - rank(other))
}
