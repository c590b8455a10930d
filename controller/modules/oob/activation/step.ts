// SPDX-License-Identifier: Apache-2.0
/** The acts by which a device is brought from what it is to what is wanted; data, so that a plan can be shown. */
import type { PartName } from './observed.ts'

type Bare =
  | 'set-password'
  | 'set-mebx-password'
  | 'disable-8021x'
  | 'set-8021x'
  | 'clear-environment'
  | 'disable-tls'
  | 'set-general'
  | 'set-wired'
  | 'set-wifi-port'
  | 'set-wifi-sync'
  | 'sync-clock'
  | 'add-server'
  | 'enable-user-initiated'
  | 'set-environment'
  | 'generate-key'
  | 'set-tls'

type Act =
  | { readonly do: Bare }
  | { readonly do: 'remove-proxy' | 'remove-rule' | 'remove-server' | 'add-wifi' | 'add-proxy'; readonly name: string }
  | {
      readonly do:
        | 'remove-wifi'
        | 'remove-certificate'
        | 'remove-key'
        | 'add-certificate'
        | 'bind-certificate'
        | 'unbind-certificate'
      readonly id: string
    }
  | { readonly do: 'set-redirection' | 'set-consent'; readonly state: number }
  | { readonly do: 'set-kvm' | 'set-listener'; readonly on: boolean }
  | { readonly do: 'add-root'; readonly use: 'cira' | 'tls' }
  | { readonly do: 'add-rule'; readonly rule: 'periodic' | 'user' }
  | { readonly do: 'set-mps-type'; readonly rule: string; readonly server: string }
  /** What is wanted cannot be; `why` says it in words that clients know. */
  | { readonly do: 'refuse' }

export type Step = Act & { readonly why: string }
export type StepKind = Step['do']
/** Steps of one kind; several kinds may share a shape, so each shape is asked whether the kind is among its own. */
export type StepOf<K extends StepKind, Each = Step> = Each extends Step ? (K extends Each['do'] ? Each : never) : never

/** What has to be looked at again after an act. */
export const TOUCHES: Readonly<Record<StepKind, readonly PartName[]>> = {
  'set-password': ['general'],
  'set-mebx-password': [],
  'disable-8021x': ['wired8021x'],
  'set-8021x': ['wired8021x', 'store'],
  'clear-environment': ['cira'],
  'disable-tls': ['tls', 'store'],
  'set-general': ['general'],
  'set-wired': ['ports'],
  'set-wifi-port': ['wifi'],
  'set-wifi-sync': ['wifi'],
  'sync-clock': ['clock'],
  'add-server': ['cira'],
  'enable-user-initiated': ['cira'],
  'set-environment': ['cira'],
  'generate-key': ['store'],
  'set-tls': ['tls'],
  'remove-proxy': ['proxies'],
  'remove-rule': ['cira'],
  'remove-server': ['cira'],
  'add-wifi': ['wifi'],
  'add-proxy': ['proxies'],
  'remove-wifi': ['wifi'],
  'remove-certificate': ['store'],
  'remove-key': ['store'],
  'add-certificate': ['store'],
  'bind-certificate': ['store'],
  'unbind-certificate': ['store'],
  'set-redirection': ['features'],
  'set-consent': ['features'],
  'set-kvm': ['features'],
  'set-listener': ['features'],
  'add-root': ['store'],
  'add-rule': ['cira'],
  'set-mps-type': ['cira'],
  refuse: [],
}

/** Removals that the firmware may refuse for something that is in use after all; what is left does no harm. */
export const OPTIONAL: ReadonlySet<StepKind> = new Set([
  'remove-certificate',
  'remove-key',
  'unbind-certificate',
  'set-mps-type',
])

/** One text for equal acts, to notice that one did not help. */
export function keyOf({ why: _, ...act }: Step): string {
  return JSON.stringify(act)
}
