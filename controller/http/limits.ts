// SPDX-License-Identifier: Apache-2.0
/** Requests per minute, by person where there is one and by address where there is not. */
import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import type { Clock } from '../../plugins/contract/index.ts'
import type { Http } from './http.ts'
import { createOverload, LATE_MS } from './overload.ts'
import { problem } from './problems.ts'

export type HttpLimits = {
  readonly perPerson: number
  readonly perAddress: number
  /** Whether memory is short. */
  readonly isShort?: () => boolean
}

const BUSY = 100
/** What Edge Infrastructure Manager takes from one address: its clients ask for every row of a file, one after the other. */
const EIM_PER_MINUTE = 12_000

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether requests are refused because everything has been late for a while. */
    isOverloaded(): boolean
  }
}

export async function installLimits(http: Http, limits: HttpLimits, clock: Clock): Promise<void> {
  http.addHook('onRequest', async request => {
    if (request.routeOptions.config.canWait === true && limits.isShort?.() === true) throw problem('memory-short')
  })
  await http.register(rateLimit, {
    global: true,
    timeWindow: '1 minute',
    max: request => {
      const person =
        request.principal?.via === 'keycloak' ? Math.max(limits.perPerson, EIM_PER_MINUTE) : limits.perPerson
      const usual = request.principal === undefined ? limits.perAddress : person
      return request.routeOptions.config.busy === true ? usual * BUSY : usual
    },
    keyGenerator: request => {
      const who = request.principal?.id ?? `address:${request.ip}`
      return request.routeOptions.config.busy === true ? `busy:${who}` : who
    },
    errorResponseBuilder: (_, context) => problem('too-many-requests', `${context.max} a minute`, undefined),
    addHeaders: {
      'retry-after': true,
      'x-ratelimit-limit': true,
      'x-ratelimit-remaining': true,
      'x-ratelimit-reset': true,
    },
    cache: 10_000,
  })
  const overload = createOverload(clock)
  await http.register(underPressure, {
    maxEventLoopDelay: LATE_MS,
    maxEventLoopUtilization: 0,
    pressureHandler: () => {
      if (overload.met()) throw problem('overloaded')
    },
  })
  http.decorate('isOverloaded', () => http.isUnderPressure() && overload.lasts)
}
