// SPDX-License-Identifier: Apache-2.0
/** What a module adds to the dashboard; one whose module is off is never loaded. */
import type { ComponentType, LazyExoticComponent } from 'react'
import type { AnyAct } from '../acts/act.ts'
import type { Host } from '../api/types.ts'

export type Page = LazyExoticComponent<ComponentType>

export type PageRoute = {
  /** wouter pattern, such as `/hosts/:host`. */
  readonly path: string
  readonly page: Page
  /** The permission without which the page says that it may not be seen. */
  readonly permission?: string
}

export type NavItem = {
  readonly to: string
  readonly title: string
  /** 16 px, decorative. */
  readonly icon: ComponentType<{ size?: number | string }>
  /** Lower ones come first; below 100 in the rail itself, from 100 on under "More". */
  readonly order: number
  readonly permission?: string
  /** The key after `g`. */
  readonly key?: string
  /** Nested under the item of this address: tabs of one page. */
  readonly under?: string
}

export type HostTab = {
  readonly id: string
  readonly title: string
  readonly order: number
  readonly tab: LazyExoticComponent<ComponentType<{ host: Host }>>
  readonly permission?: string
}

/** One way to power a host; the first that can is taken, and named. */
export type PowerPath = {
  readonly id: string
  /** "via the agent", "via AMT". */
  readonly title: string
  /** Lower ones are tried first. */
  readonly order: number
  /** Without it the path is not offered. */
  readonly permission?: string
  /**
   * Which of the actions can go this way now, or why none can. `waits`: it would only happen once the host is back, so
   * a path that acts at once is preferred.
   */
  readonly usable: (host: Host) => {
    readonly actions: readonly PowerAction[]
    readonly why?: string
    readonly waits?: boolean
  }
  readonly act: (action: PowerAction) => AnyAct
  /** The act's input for a host; `project`, and `expiresInMs` where the path has `ttl`, are added to it. */
  readonly input: (host: Host, action: PowerAction) => Readonly<Record<string, unknown>>
  /** What becomes of it while the host stays away; without it the path acts at once or fails. */
  readonly ttl?: { readonly defaultMs: number }
  /** What follows once it was sent, by what came back. */
  readonly after?: LazyExoticComponent<ComponentType<{ readonly host: Host; readonly answer: unknown }>>
}
export type PowerAction = 'on' | 'off' | 'reboot' | 'cycle' | 'reset' | 'shutdown'

/** Something on the Overview that somebody should look at. */
export type Need = {
  readonly id: string
  /** Security first (0), then outage (1), expiry (2), drift (3). */
  readonly rank: 0 | 1 | 2 | 3
  readonly text: string
  readonly to: string
  readonly verb: string
  /** RFC 3339. */
  readonly since?: string
}
export type NeedSource = {
  readonly id: string
  readonly permission: string
  /** The part of query keys by which it is refreshed. */
  readonly key: string
  readonly ask: (context: { readonly project: string; readonly signal: AbortSignal }) => Promise<readonly Need[]>
}

/** One line of the palette; either a place or an act. */
export type PaletteEntry = { readonly title: string; readonly to: string; readonly words?: string }

export type OverviewCard = {
  readonly id: string
  readonly order: number
  readonly permission: string
  readonly card: LazyExoticComponent<ComponentType>
}

/** A tab on a page of somebody else: `of` is the address of that page. */
export type PageTab = {
  readonly of: string
  readonly id: string
  readonly title: string
  readonly order: number
  readonly tab: Page
  readonly permission?: string
}

/** Something on a page of somebody else: buttons in its head, a section of one thing. */
export type PagePart = {
  /** Which place on which page: `/projects head`. */
  readonly of: string
  readonly id: string
  readonly order: number
  /** `about` names the thing, where the page is about one. */
  readonly part: LazyExoticComponent<ComponentType<{ about: string }>>
  readonly permission?: string
}

/** What slides in over any page while the address has `?<its name>=`. */
export type Sheet = { readonly title: string; readonly page: Page; readonly permission?: string }

export type ModulePages = {
  readonly name: string
  readonly nav: readonly NavItem[]
  readonly routes: readonly PageRoute[]
  readonly tabs?: readonly PageTab[]
  readonly parts?: readonly PagePart[]
  readonly hostTabs?: readonly HostTab[]
  readonly power?: readonly PowerPath[]
  readonly needs?: readonly NeedSource[]
  readonly palette?: readonly PaletteEntry[]
  readonly cards?: readonly OverviewCard[]
  /** By the name of the parameter that opens it: `add`. */
  readonly sheets?: Readonly<Record<string, Sheet>>
  /** Everything its buttons do; fetched with the pages that do it. */
  readonly acts: () => Promise<readonly AnyAct[]>
  /** First words of event types, and the first parts of query keys that are old once such an event came. */
  readonly refresh: Readonly<Record<string, readonly string[]>>
}
