// SPDX-License-Identifier: Apache-2.0
/** A floor of machines with firmware and real agents beside a real controller, and somebody at a desk who types. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { silentLog } from '../../agent/log.ts'
import { systemRandom } from '../../agent/system/random.ts'
import { realClock } from '../../controller/system/clock.ts'
import { allPlugins, createCrew } from '../../simulator/crew.ts'
import type { AmtKind } from '../../simulator/facts.ts'
import { createSimulatedHost, type SimulatedHost } from '../../simulator/host.ts'
import { createMachine, type Machine, type MachineAgent } from '../../simulator/machine.ts'
import { createWallClock } from '../../simulator/wall-clock.ts'
import { startTestController, type TestController, type TestOptions, until } from './controller.ts'
import { createDesk, type Desk, type Ended, type Typed, words } from './muster.ts'

export type FloorMachine = {
  readonly name: string
  readonly amt: AmtKind
  readonly model?: string
  readonly labels?: Readonly<Record<string, string>>
}

export type FloorOptions = {
  /** SHA-256 of roots that the firmware trusts to set up admin control mode. */
  readonly trustedRoots?: readonly string[]
  readonly controller?: TestOptions
}

export interface Floor {
  readonly test: TestController
  readonly desk: Desk
  /** Enrolls machines and resolves once the controller knows what they have. */
  join(token: string, machines: readonly FloorMachine[]): Promise<void>
  host(name: string): SimulatedHost
  muster(line: string, typed?: Typed): Promise<Ended>
  /** Rejects unless the exit code is 0. */
  mustWork(line: string, typed?: Typed): Promise<Ended>
  signIn(): Promise<void>
  stop(): Promise<void>
}

/** What out-of-band management needs of an agent. */
const PLUGINS = ['amt', 'power', 'os', 'maintenance']

export async function startFloor(options: FloorOptions = {}): Promise<Floor> {
  const test = await startTestController(options.controller)
  const desk = createDesk()
  const hosts = new Map<string, SimulatedHost>()
  const machines: Machine<MachineAgent>[] = []
  const muster: Floor['muster'] = async (line, typed) => {
    const { code, out, err, asked } = await desk.muster(words(line), typed)
    // Not among the listed members: what is printed is not always JSON, and a failed expectation prints all of them.
    return Object.defineProperty({ code, out, err, asked } as Ended, 'json', { get: () => jsonIn(out) })
  }
  const plugins = (await allPlugins()).filter(each => PLUGINS.includes(each.manifest.name))

  async function add(token: string, { name, amt, model, labels = {} }: FloorMachine): Promise<void> {
    const host = createSimulatedHost({
      seed: 'floor',
      index: hosts.size + 1,
      amt,
      ...(model === undefined ? {} : { model }),
      clock: createWallClock(realClock),
      random: systemRandom,
      bootMs: 500,
      goingDownMs: 50,
      engine: options.trustedRoots === undefined ? {} : { trustedRoots: options.trustedRoots },
    })
    hosts.set(name, host)
    const crew = createCrew({
      url: test.secureUrl,
      token,
      plugins,
      log: silentLog(),
      version: '0.1.0-test',
      config: { startJitterMs: 0 },
    })
    const { id } = await crew.enlist(host, { signal: new AbortController().signal, onWaiting: () => undefined })
    const metadata = Object.entries(labels).map(([key, value]) => ({ key, value }))
    await test.call('PATCH', `/v1/projects/default/compute/hosts/${id}`, { name, metadata })
    const machine = createMachine<MachineAgent>({ host, agent: each => crew.agent(each), log: silentLog() })
    machines.push(machine)
    await machine.start()
    const look = () => test.call('GET', `/v1/projects/default/oob/status?host=${id}`)
    await until(look, ({ body }) => body.lines?.[0] !== undefined)
  }

  return {
    test,
    desk,
    muster,
    mustWork: async (line, typed) => {
      const ended = await muster(line, typed)
      if (ended.code !== 0) throw new Error(`muster ${line}: ${ended.code}\n${ended.out}${ended.err}`)
      return ended
    },
    host: name => {
      const found = hosts.get(name)
      if (found === undefined) throw new Error(`no machine is called ${name}`)
      return found
    },
    join: async (token, wanted) => {
      for (const each of wanted) await add(token, each)
    },
    signIn: async () => {
      const file = join(desk.home, 'floor-token.txt')
      writeFileSync(file, test.token)
      const fingerprint = `sha256:${test.controller.rootFingerprint}`
      await muster(`login ${test.secureUrl} --ca-fingerprint ${fingerprint} --token-file ${file}`)
    },
    stop: async () => {
      for (const each of machines) await each.stop()
      await test.stop()
      desk.remove()
    },
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
