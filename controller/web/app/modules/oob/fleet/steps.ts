// SPDX-License-Identifier: Apache-2.0
/** How far machines have come from capable to compliant, and which of them a filter leaves. Pure. */
import type { Machine } from '../reads.ts'

export const STEPS = ['capable', 'reachable', 'activated', 'connected', 'compliant'] as const
export type Step = (typeof STEPS)[number]

/** The control mode, as far as anybody told. */
export function modeOf({ controlMode }: Pick<Machine, 'controlMode'>): 'acm' | 'ccm' | 'none' | 'unknown' {
  return controlMode === 'acm' || controlMode === 'ccm' || controlMode === 'none' ? controlMode : 'unknown'
}

export function skuOf({ sku }: Pick<Machine, 'sku'>): 'amt' | 'ism' | 'none' | 'unknown' {
  return sku === 'amt' || sku === 'ism' || sku === 'none' ? sku : 'unknown'
}

/** Firmware that has a tunnel was activated, whatever its agent said last; without an agent there is nobody to say it. */
const CHECKS: Readonly<Record<Step, (machine: Machine) => boolean>> = {
  capable: machine =>
    machine.sku === 'amt' || machine.sku === 'ism' || (machine.host === undefined && machine.guid !== undefined),
  reachable: machine => machine.connected || machine.verdict === 'running',
  activated: machine => machine.connected || modeOf(machine) === 'acm' || modeOf(machine) === 'ccm',
  connected: machine => machine.connected,
  compliant: machine => machine.drift?.state === 'compliant',
}

/** Steps are of those that are capable; a machine may be activated while it is out of reach. */
export function isAt(machine: Machine, step: Step): boolean {
  return CHECKS.capable(machine) && CHECKS[step](machine)
}

export type FunnelStep = {
  readonly step: Step
  readonly count: number
  /** Those that the step is of: all machines for the first, else those that are capable. */
  readonly of: number
  readonly acm: number
  readonly ccm: number
}

export function funnelOf(machines: readonly Machine[]): readonly FunnelStep[] {
  const capable = machines.filter(CHECKS.capable).length
  return STEPS.map(step => {
    const at = machines.filter(each => isAt(each, step))
    return {
      step,
      count: at.length,
      of: step === 'capable' ? machines.length : capable,
      acm: at.filter(each => modeOf(each) === 'acm').length,
      ccm: at.filter(each => modeOf(each) === 'ccm').length,
    }
  })
}

export type Filters = {
  /** A step, or with `not-` before it those that are capable and have not reached it. */
  readonly step: string
  readonly sku: string
  readonly mode: string
  readonly text: string
}

export function stepIn(text: string): { readonly step: Step; readonly not: boolean } | undefined {
  const not = text.startsWith('not-')
  const step = STEPS.find(each => each === (not ? text.slice(4) : text))
  return step === undefined ? undefined : { step, not }
}

export function filtered(machines: readonly Machine[], { step, sku, mode, text }: Filters): readonly Machine[] {
  const wanted = stepIn(step)
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return machines.filter(machine => {
    if (wanted !== undefined && !fits(machine, wanted)) return false
    if (sku !== '' && skuOf(machine) !== sku) return false
    if (mode !== '' && modeOf(machine) !== mode) return false
    return words.every(word => textOf(machine).includes(word))
  })
}

function fits(machine: Machine, { step, not }: { readonly step: Step; readonly not: boolean }): boolean {
  if (!not) return isAt(machine, step)
  return step === 'capable' ? !CHECKS.capable(machine) : CHECKS.capable(machine) && !CHECKS[step](machine)
}

function textOf({ name, guid, host, version, address, status, verdict, drift, why }: Machine): string {
  return [name, guid, host, version, address, status, verdict, drift?.profile, why].join(' ').toLowerCase()
}
