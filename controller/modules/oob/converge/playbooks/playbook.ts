// SPDX-License-Identifier: Apache-2.0
/** What a playbook is: steps as data, in the order in which they are taken. */
import type { RiskClass } from '../../../../../plugins/contract/index.ts'
import type { PowerAction, PowerPolicy } from '../words.ts'

export type BootTarget = 'pxe' | 'bios' | 'https'

type Act =
  | { readonly do: 'read-power' }
  | { readonly do: 'read-event-log'; readonly keep: number }
  | { readonly do: 'read-features' }
  | { readonly do: 'read-drift' }
  | { readonly do: 'wait-for-agent'; readonly minutes: number }
  | { readonly do: 'wait-for-tunnel'; readonly minutes: number }
  | { readonly do: 'verify'; readonly minutes: number }
  | {
      readonly do: 'power'
      readonly action: PowerAction
      readonly policy: PowerPolicy
      /** Only when a restart is allowed, and only while the host may be disturbed. */
      readonly inWindow?: true
    }
  | { readonly do: 'boot-once'; readonly target: BootTarget }
  | { readonly do: 'activate' | 'deactivate'; readonly minutes: number }
  | { readonly do: 'ask-approval'; readonly why: string }
  | { readonly do: 'notify'; readonly text: string }

export type PlayStep = Act & {
  /** The step is left out when this holds at its turn. */
  readonly unless?: 'agent-back' | 'on'
  /** Its failure is written down and does not end the run. */
  readonly optional?: true
}

export type Playbook = {
  readonly name: string
  readonly title: string
  /** Whether it needs the address of an image. */
  readonly takesUrl?: true
  readonly steps: readonly PlayStep[]
}

/** How much a step can harm: 0 reads, 1 switches on or off, 2 changes, 3 interrupts, 4 cannot be taken back. */
export function classOf(step: PlayStep): RiskClass {
  switch (step.do) {
    case 'power':
      return step.action === 'on' || step.action === 'off' ? 1 : 3
    case 'boot-once':
      return 3
    case 'activate':
      return 2
    case 'deactivate':
      return 4
    default:
      return 0
  }
}

export function classOfPlaybook({ steps }: Playbook): RiskClass {
  return steps.map(classOf).reduce<RiskClass>((most, each) => (each > most ? each : most), 0)
}

/** Whether a step changes the power or the boot of the machine. */
export function isDisruptive({ do: kind }: PlayStep): boolean {
  return kind === 'power' || kind === 'boot-once'
}

export function wordsOf(step: PlayStep): string {
  const parts = [act(step)]
  if (step.unless === 'agent-back') parts.push('unless its agent is back')
  if (step.unless === 'on') parts.push('unless it is on')
  if (step.do === 'power' && step.inWindow === true) parts.push('when a restart is allowed, in a maintenance window')
  if (step.optional === true) parts.push('and go on if that fails')
  return parts.join(', ')
}

function act(step: PlayStep): string {
  switch (step.do) {
    case 'read-power':
      return 'read the power state'
    case 'read-event-log':
      return `read the last ${step.keep} lines of the event log`
    case 'read-features':
      return 'read which features are on'
    case 'read-drift':
      return 'compare it with its profile'
    case 'wait-for-agent':
      return `wait up to ${step.minutes} minutes for its agent`
    case 'wait-for-tunnel':
      return `wait up to ${step.minutes} minutes for its tunnel`
    case 'verify':
      return `see within ${step.minutes} minutes that it runs`
    case 'power':
      return `power ${step.action}${step.policy === 'ordered' ? ', asking the operating system first' : ', at once'}`
    case 'boot-once':
      return `start it once ${BOOT_WORDS[step.target]}`
    case 'activate':
      return `activate it and wait up to ${step.minutes} minutes`
    case 'deactivate':
      return `deactivate it and wait up to ${step.minutes} minutes`
    case 'ask-approval':
      return `ask for approval: ${step.why}`
    case 'notify':
      return `tell: ${step.text}`
  }
}

const BOOT_WORDS: Readonly<Record<BootTarget, string>> = {
  pxe: 'from the network (PXE)',
  bios: 'into the BIOS setup',
  https: 'from the given address (HTTPS)',
}
