// SPDX-License-Identifier: Apache-2.0
/** The contract of a module: a part of the controller that can be left out. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Json, Section } from '../../plugins/contract/index.ts'
import type { SqlField } from '../query/query.ts'
import type { Db, Migrations, Store, Tx } from '../store/store.ts'
import type { Reported } from './documents.ts'
import type { EventKind } from './event-types.ts'
import type { EventHook } from './events.ts'
import type { Host } from './hosts.ts'
import type { ReportHook } from './ingest.ts'
import type { Kernel } from './kernel.ts'
import type { Exposition, Measure } from './measure.ts'
import type { PastReader } from './past.ts'
import type { Grant, Principal } from './permissions.ts'
import type { Surroundings } from './ports.ts'
import type { SocketRoute } from './socket.ts'

declare const kind: unique symbol
/** A typed seam a module needs, wants or offers; the type lives only at compile time. */
export type Port<T> = { readonly id: string; readonly [kind]?: T }
export const port = <T>(id: string): Port<T> => ({ id })

export type Ports = Readonly<Record<string, Port<unknown>>>
/** What fills ports: one value for each. */
export type Bound<P extends Ports> = { readonly [Name in keyof P]: P[Name] extends Port<infer T> ? T : never }

export type Given<C extends TSchema, N extends Ports, W extends Ports> = {
  readonly kernel: Kernel
  readonly config: Static<C>
  readonly needs: Bound<N>
  readonly wants: Partial<Bound<W>>
}

type Members = Readonly<Record<string, Json>>

/** What a module adds to the host resource: members it owns. */
export type Facet = {
  /** Schemas of the members. */
  readonly properties: Readonly<Record<string, TSchema>>
  /** Computed from the host's reports. */
  readonly of: (host: Host, reports: ReadonlyMap<string, Reported>) => Members
  /**
   * Read from the module's own tables for hosts of one project, by id; these win over `of`. Where only some members are
   * asked for, the others need not be read.
   */
  readonly read?: (
    project: string,
    hosts: readonly string[],
    asked?: ReadonlySet<string>,
  ) => Promise<ReadonlyMap<string, Members>>
  /** Members by which hosts may be filtered and ordered, with where they are found in the database. */
  readonly fields?: Readonly<Record<string, SqlField>>
}

/** One thing that keeps a host from its desired state, told in the same words everywhere. */
export type Blocker = {
  /** Kebab-case and stable, such as `offline` or `window-closed`. */
  readonly code: string
  /** Lower ones come first: what must be mended before the others can matter. */
  readonly rank: number
  /** One sentence for people. */
  readonly title: string
  /** What was seen: texts and numbers, never a secret. */
  readonly evidence: Readonly<Record<string, Json>>
  /** RFC 3339: since when, where that is known. */
  readonly since?: string
  /** What to do about it. */
  readonly next: string
  /** The equivalent command line, where one helps. */
  readonly command?: string
  readonly section?: string
}

/** Members of the host resource that may be set, and what setting them does. */
export type HostPatch = {
  readonly properties: Readonly<Record<string, TSchema>>
  /** Refuses what could not be applied to any host of the project; called where a wish is kept for a host to come. */
  check?(db: Db, project: string, fields: Readonly<Record<string, Json>>): Promise<void>
  /** Called within the change of the host; `fields` holds members of `properties` only, checked by their schemas. */
  apply(tx: Tx, host: Host, fields: Readonly<Record<string, Json>>, by: Principal): Promise<void>
}

/** Pages for browsers. */
export type Pages = {
  /** Answers a browser that asks for an address without a page, in the form of a page. */
  missing(reply: FastifyReply): Promise<FastifyReply>
}

export type Live<O extends Ports> = {
  readonly offers: Bound<O>
  /** Mounted at the root of the API; each route declares its permission and its schemas. */
  routes?(http: FastifyInstance): void
  readonly facet?: Facet
  readonly measures?: readonly Measure[]
  readonly onReport?: ReportHook
  /** Types of event that follow from its configuration, beside those the module lists. */
  readonly events?: readonly EventKind[]
  /** Called with every event, within the transaction that records it; what it throws undoes the change. */
  readonly onEvent?: EventHook
  /** Figures of many things at once, streamed to whoever watches the installation or one project. */
  readonly exposition?: Exposition
  /** Tells what hosts were like in the past. At most one module keeps it. */
  readonly past?: PastReader
  /** It serves `/` and the pages below it; without such a module there are two plain ones. */
  readonly pages?: Pages
  /** WebSockets it serves beside its routes. */
  readonly sockets?: readonly SocketRoute[]
  /** Recognises bearer tokens that are its own; `undefined` for any other. */
  authenticate?(token: string, address: string): Promise<Principal | undefined>
  /** Members of the host resource that may be set by PATCH, and what setting them does. */
  readonly patch?: HostPatch
  /** What keeps a host from its desired state, as this module sees it. Cheap, and free of effects. */
  blockers?(host: Host): Promise<readonly Blocker[]>
  /**
   * Why a host that is being deleted cannot go yet, such as `waiting on inst-1a2b3c4d deletion`; `undefined` once nothing
   * of this module holds it. Asked when the deletion begins and again until it is done, so it must be cheap and free of effects.
   */
  holdsHost?(db: Db, host: Host): Promise<string | undefined>
  /** More grants of somebody the kernel has recognised, such as their bindings. */
  grants?(principal: string): Promise<readonly Grant[]>
  /**
   * Lets go of what a project holds outside the database (sessions, tunnels, files) before its rows are removed.
   * Called again after a crash until it resolves, so it must be idempotent.
   */
  leaveProject?(project: string, signal: AbortSignal): Promise<void>
  /** Level-triggered work for one host; must be cheap when there is nothing to do. */
  reconcile?(host: string, signal: AbortSignal): Promise<{ againInMs?: number }>
  /** Called once when the kernel and all modules are there, before anybody is served. */
  ready?(): Promise<void> | void
  stop?(): Promise<void>
}

export type Module<
  C extends TSchema = TSchema,
  N extends Ports = Ports,
  W extends Ports = Ports,
  O extends Ports = Ports,
> = {
  readonly name: string
  readonly version: string
  readonly title: string
  readonly config: C
  /** Start-up fails without them. */
  readonly needs: N
  /** Used when present. */
  readonly wants: W
  readonly offers: O
  /** Sections it serves: their reports are taken in, their commands are known. */
  readonly serves: readonly Section[]
  /** Sections whose desired documents only this module writes. */
  readonly owns: readonly Section[]
  /** Every type of event it records. */
  readonly events?: readonly EventKind[]
  /** Its own ledger, its own table prefix. */
  readonly migrations: Migrations
  /**
   * Makes a join token for the owner of the machine, beside a running controller and without an account; returns its
   * text. Throws `not-found` for a project that is not there or not active, and `quota-exceeded`.
   */
  readonly ownerToken?: (wish: OwnerToken, surroundings: Omit<Surroundings, 'log'>) => Promise<string>
  start(given: Given<C, N, W>): Promise<Live<O>>
}

// biome-ignore lint/suspicious/noExplicitAny: a module is invariant in its ports, so lists forget them
export type AnyModule = Module<any, any, any, any>
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyLive = Live<any>

/** What a token that the machine's owner makes is good for. */
export type OwnerToken = {
  readonly store: Store
  readonly project: string
  readonly uses: number
  readonly hours: number
  /** SHA-256 of the root that hosts pin, lower-case hexadecimal. */
  readonly rootFingerprint: string
}

/** Keeps a module's own types while checking its shape. */
export function defineModule<C extends TSchema, N extends Ports, W extends Ports, O extends Ports>(
  module: Module<C, N, W, O>,
): Module<C, N, W, O> {
  return module
}
