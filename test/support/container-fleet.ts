// SPDX-License-Identifier: Apache-2.0
/** The fleet of packaging/compose on an engine, and what its controller says of it. */
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { ROOT } from '../arch/tree.ts'
import type { Engine } from './engines.ts'

export const COMPOSE_FILE = join(ROOT, 'packaging/compose/compose.yaml')

export interface ContainerFleet {
  compose(...args: string[]): Promise<string>
  /** Runs a program in the controller's container. */
  inController(...command: string[]): Promise<string>
  /** Signs the command line in that container in, as the first administrator. */
  signIn(): Promise<void>
  /** Names of the hosts that the controller says are there. */
  online(): Promise<readonly string[]>
  /** Resolves with the seconds since `from` (of `performance.now()`) when so many are there. */
  until(count: number, from: number, withinSeconds: number): Promise<number>
}

export function containerFleet(engine: Engine, env: Readonly<Record<string, string>>): ContainerFleet {
  const surroundings = { MUSTER_REGISTRY: engine.registry, ...env }
  const compose = (...args: string[]): Promise<string> =>
    engine.docker(['compose', '-f', COMPOSE_FILE, ...args], { env: surroundings, timeoutMs: 400_000 })
  const inController = (...command: string[]): Promise<string> => compose('exec', '-T', 'controller', ...command)
  const online = async (): Promise<readonly string[]> =>
    (await inController('muster', 'host', 'ls', '--online', '-o', 'name')).split('\n').filter(line => line !== '')
  return {
    compose,
    inController,
    online,
    async signIn() {
      const probe = ['/usr/lib/muster-runtime/node', '/usr/lib/muster-container/probe.mjs', 'controller']
      for (let tries = 0; tries < 120; tries++) {
        if (
          await inController(...probe).then(
            () => true,
            () => false,
          )
        )
          break
        await after(500)
      }
      const link = (await inController('muster-controller', 'admin', 'link')).trim()
      const fingerprint = /sha256:[0-9a-f]{64}/.exec(await compose('logs', 'controller'))?.[0] ?? ''
      await inController('muster', 'login', link, '--name', 'anna', '--ca-fingerprint', fingerprint)
    },
    async until(count, from, withinSeconds) {
      for (;;) {
        // It may be coming up at this moment.
        const there = (await online().catch(() => [])).length
        const seconds = (performance.now() - from) / 1_000
        if (there >= count) return seconds
        if (seconds > withinSeconds)
          throw new Error(`after ${Math.round(seconds)} s ${there} of ${count} hosts are online`)
        await after(500)
      }
    },
  }
}
