// SPDX-License-Identifier: Apache-2.0
/** The web server's own types: schemas infer the handlers' types, and every route declares who may call it. */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
  FastifyRequest as Request,
} from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Host } from '../kernel/hosts.ts'
import type { Permission, Principal } from '../kernel/permissions.ts'

export interface Schemas extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown
  readonly serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown
}

export type Http = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  Schemas
>

/** What a route acts on. */
export type RoutePlace = {
  readonly project: string
  /** Id of the host, or how to find it; without one it is about the project as a whole. */
  readonly host?: string | (() => Promise<Host | undefined>) | undefined
  /** Thrown when the caller may not know of it, in place of `not-found`. */
  readonly absent?: Error
}

/** `public`: anybody; `signed-in`: anybody with a living credential. */
export type Access = Permission | 'public' | 'signed-in'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call this route; a route without it stops the start. */
    readonly access?: Access
    /** Made for programs that ask often: a hundred times the usual limit. */
    readonly busy?: true
    /** Put off while memory is short: whoever asks can ask again. */
    readonly canWait?: true
    /** A list that shows each caller only the hosts within their reach, so that people with a part of a project may call it. */
    readonly narrows?: true
    /** Answers for projects too that are gone or going; the handler looks for itself. */
    readonly anyProject?: true
    /** Where it acts, for routes whose path does not say so with `:project` and `:host`. */
    readonly place?: (request: Request) => Promise<RoutePlace | undefined>
  }
  interface FastifyRequest {
    /** Who calls; only on routes whose access is not `public`. */
    principal: Principal | undefined
  }
}

/** Narrows a plain instance to ours. */
export function typed(instance: FastifyInstance): Http {
  return instance.withTypeProvider<Schemas>() as unknown as Http // the provider changes types only
}
