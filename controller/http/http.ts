// SPDX-License-Identifier: Apache-2.0
/** The web server's own types: schemas infer the handlers' types, and every route declares who may call it. */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { Static, TSchema } from 'typebox'
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

/** `public`: anybody; `signed-in`: anybody with a living credential. */
export type Access = Permission | 'public' | 'signed-in'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call this route; a route without it stops the start. */
    readonly access?: Access
    /** Made for programs that ask often: a hundred times the usual limit. */
    readonly busy?: true
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
