// SPDX-License-Identifier: Apache-2.0
/** Which way a power action goes: the first that can, rather one that need not wait for the host. Pure. */
import type { Host } from '../../../api/types.ts'
import { t } from '../../../words/host-power.ts'
import type { PowerAction, PowerPath } from '../../pages.ts'

export type Way = {
  readonly path: PowerPath
  readonly actions: readonly PowerAction[]
  /** Why none can go this way. */
  readonly why?: string
  readonly waits: boolean
}

export type Choice = {
  /** Those that can, the best first. */
  readonly ways: readonly Way[]
  /** Those that cannot, with why. */
  readonly others: readonly { readonly path: PowerPath; readonly why: string }[]
}

const ORDER: readonly PowerAction[] = ['on', 'reboot', 'shutdown', 'reset', 'cycle', 'off']

/** Every way there is, in order, with what can go this way now. */
export function waysOf(
  host: Host,
  paths: readonly PowerPath[],
  may: (permission: string | undefined) => boolean,
): readonly Way[] {
  return [...paths]
    .sort((a, b) => a.order - b.order)
    .map(path => {
      if (!may(path.permission)) return { path, actions: [], why: t.notAllowed(path.permission ?? ''), waits: false }
      const { actions, why, waits = false } = path.usable(host)
      return { path, actions, waits, ...(why === undefined ? {} : { why }) }
    })
}

/** Actions that can go at least one way. */
export function actionsOf(ways: readonly Way[]): readonly PowerAction[] {
  return ORDER.filter(action => ways.some(({ actions }) => actions.includes(action)))
}

export function choose(ways: readonly Way[], action: PowerAction): Choice {
  const can = ways.filter(({ actions }) => actions.includes(action))
  const cannot = ways.filter(({ actions }) => !actions.includes(action))
  return {
    ways: [...can.filter(({ waits }) => !waits), ...can.filter(({ waits }) => waits)],
    others: cannot.map(({ path, why }) => ({ path, why: why ?? t.cannot(t.action[action]) })),
  }
}
