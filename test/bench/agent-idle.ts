// SPDX-License-Identifier: Apache-2.0
/** One real agent with all plugins on this machine, left alone: memory, processor, bytes on the wire. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import {
  AGENT_FLAGS,
  benchController,
  cpuSecondsOf,
  ENVIRONMENT,
  type Figure,
  memoryOf,
  meter,
  output,
  print,
  printAtMost,
  program,
  untilOnline,
} from './support.ts'

const IDLE_MS = Number(process.env.BENCH_IDLE_MINUTES ?? 10) * 60_000
const MONTH_MS = 30 * 86_400_000
/** Bytes of IPv4 and TCP headers with timestamps, for each segment and its acknowledgement. */
const HEADERS = 52

export async function run(): Promise<readonly Figure[]> {
  let target = 0
  const counter = await meter(() => target)
  const controller = await benchController({ announce: counter.port })
  target = controller.busPort
  const agent = await startAgent(controller)
  await untilOnline(controller, 1, 60_000)
  await new Promise(resolve => setTimeout(resolve, 30_000))
  const [cpu, bytes, began] = [cpuSecondsOf(agent.child.pid ?? -1), counter.bytes(), performance.now()]
  await new Promise(resolve => setTimeout(resolve, IDLE_MS))
  const tookMs = performance.now() - began
  const { rssMb, privateMb } = memoryOf(agent.child.pid ?? -1)
  const minutes = Math.round(IDLE_MS / 60_000)
  const used = cpuSecondsOf(agent.child.pid ?? -1) - cpu
  const share = (used / (tookMs / 1_000)) * 100
  const name = `agent RSS after ${minutes} idle minutes (${agent.built ? 'built' : 'from source'})`
  const perMonth = ((counter.bytes() - bytes) / tookMs) * MONTH_MS
  const pings = MONTH_MS / 60_000
  print({
    name: 'the same with TCP and IP headers, estimated',
    value: (perMonth + pings * 4 * HEADERS) / 1e6,
    unit: 'MB',
  })
  const judged = [
    printAtMost({ name, value: rssMb, unit: 'MB' }, 70),
    printAtMost({ name: 'agent private memory', value: privateMb, unit: 'MB' }, 30),
    printAtMost({ name: 'agent processor time while idle', value: share, unit: '% of a core' }, 0.5),
    printAtMost({ name: 'bytes on the wire per idle month, TLS', value: perMonth / 1e6, unit: 'MB' }, 3),
  ]
  await agent.stop()
  counter.close()
  await controller.stop()
  return judged
}

async function startAgent(controller: Awaited<ReturnType<typeof benchController>>) {
  const dir = join(controller.dir, 'agent')
  mkdirSync(dir, { mode: 0o700 })
  const config = join(controller.dir, 'agent.yaml')
  writeFileSync(
    config,
    stringify({ stateDir: dir, policyFile: join(controller.dir, 'policy.yaml'), startJitterMs: 0, logLevel: 'warn' }),
  )
  const tokenFile = join(controller.dir, 'agent-token')
  writeFileSync(tokenFile, await controller.joinToken(1), { mode: 0o600 })
  const { args, built } = program('agent')
  await output([...args, 'enroll', controller.secureUrl, '--token-file', tokenFile, '--config', config])
  const child: ChildProcess = spawn(process.execPath, [...AGENT_FLAGS, ...args, 'run', '--config', config], {
    env: ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return {
    child,
    built,
    stop: async () => {
      const gone = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
    },
  }
}
