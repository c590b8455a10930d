// SPDX-License-Identifier: Apache-2.0
/** A month of one agent in two minutes, online and offline: whether its memory, its outbox and its journal stay bounded. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Midnight } from './month-agent.ts'
import { AGENT_FLAGS, ENVIRONMENT, type Figure, median, print, printAtMost } from './support.ts'

const AGENT = fileURLToPath(new URL('./month-agent.ts', import.meta.url))
/** Until then code is still being compiled and tables still reach their size. */
const SETTLED_DAYS = 3
const MOST_MB_A_DAY = 0.1

export async function run(): Promise<readonly Figure[]> {
  const [online, offline] = await Promise.all([live('online'), live('offline')])
  return [...judge('online', online), ...judge('offline', offline)]
}

async function live(kind: 'online' | 'offline'): Promise<readonly Midnight[]> {
  const child = spawn(process.execPath, ['--expose-gc', ...AGENT_FLAGS, AGENT, kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: ENVIRONMENT,
  })
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  const days: Midnight[] = []
  for await (const line of createInterface({ input: child.stdout })) days.push(JSON.parse(line))
  const code = await ended
  if (code !== 0) throw new Error(`the month ${kind} ended with ${code} after ${days.length} days`)
  return days
}

function judge(kind: string, days: readonly Midnight[]): readonly Figure[] {
  const settled = days.filter(({ day }) => day >= Math.min(SETTLED_DAYS, days.length - 2))
  const last = days.at(-1)
  const growth = (read: (each: Midnight) => number): number => slope(settled.map(each => [each.day, read(each)]))
  const what = `agent, ${last?.day} days ${kind}`
  const unit = 'MB a day'
  for (const { day, heapMb, rssMb, connections } of days.filter(each => each.day % 5 === 0)) {
    const sizes = `${heapMb.toFixed(2)} MB of heap and buffers, ${rssMb.toFixed(1)} MB resident`
    process.stdout.write(`  ${kind}, day ${String(day).padStart(2)}: ${sizes}, ${connections} connections so far\n`)
  }
  const figures = [
    printAtMost(
      { name: `${what}: growth of heap and buffers`, value: growth(each => each.heapMb), unit },
      MOST_MB_A_DAY,
    ),
    printAtMost({ name: `${what}: growth of resident memory`, value: growth(each => each.rssMb), unit }, MOST_MB_A_DAY),
  ]
  print({
    name: `${what}: heap and buffers, median of midnights`,
    value: median(settled.map(each => each.heapMb)),
    unit: 'MB',
  })
  print({
    name: `${what}: entries in the outbox, most at a midnight`,
    value: Math.max(...days.map(each => each.outbox)),
    unit: 'entries',
  })
  print({ name: `${what}: journal, first midnight`, value: days[1]?.journalKb ?? Number.NaN, unit: 'KB' })
  print({ name: `${what}: journal, last midnight`, value: last?.journalKb ?? Number.NaN, unit: 'KB' })
  const [from, to] = [settled[0], settled.at(-1)]
  if (from !== undefined && to !== undefined) {
    const value = ((to.cpuS - from.cpuS) * 1_000) / ((to.day - from.day) * 24)
    print({ name: `${what}: processor time of agent and simulated machine`, value, unit: 'ms an hour' })
  }
  print({ name: `${what}: connections opened`, value: last?.connections ?? Number.NaN, unit: 'connections' })
  print({ name: `${what}: commands that succeeded`, value: last?.commands ?? Number.NaN, unit: 'commands' })
  return figures
}

/** Of the straight line with the least squares. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))]
  const above = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0)
  return above / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0)
}
