// SPDX-License-Identifier: Apache-2.0
/** What becomes of plugin processes that misbehave: killed, their section unavailable, the agent none the worse. */
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Type } from 'typebox'
import { afterEach, describe, expect, it } from 'vitest'
import { type Hosted, type HostedState, type HostOptions, hostPlugin } from '../../agent/hosting/hosted.ts'
import type { HostingLimits } from '../../agent/hosting/limits.ts'
import { createSystem } from '../../agent/system/real.ts'
import { defineSection, type Isolation, type Permissions, type Problem } from '../../plugins/contract/index.ts'
import { kettlePlugin } from '../unit/agent/hosting/fixtures/kettle.ts'
import { keptLog } from '../unit/agent/hosting/fixtures/quiet.ts'

const script = fileURLToPath(new URL('../unit/agent/hosting/fixtures/hostile.ts', import.meta.url))
const NEVER = new AbortController().signal
const section = defineSection({
  name: 'hostile',
  title: 'Bad manners',
  desired: Type.Object({}),
  observed: Type.Unknown(),
  commands: {},
})

const hosted: Hosted[] = []

afterEach(async () => {
  for (const each of hosted.splice(0)) await each.stop()
})

type Setting = { isolation?: Isolation; permissions?: Permissions; limits?: Partial<HostingLimits>; extra?: string }

function host(how: string, { isolation = 'process', permissions = {}, limits = {}, extra = '' }: Setting = {}) {
  const { log, lines } = keptLog()
  const samples = new Map<string, number>()
  const states: [HostedState, Problem | undefined][] = []
  const counts = { changed: 0 }
  const begun = Promise.withResolvers<void>()
  const options: HostOptions = {
    system: createSystem(),
    log,
    limits: { crashes: 1, heartbeatMs: 5_000, watchMs: 50, graceMs: 100, observeMs: 5_000, stopMs: 300, ...limits },
    entry: { file: script, args: ['plugin', how, extra] },
    onChanged: () => counts.changed++,
    onSample(stream, value) {
      samples.set(stream, value)
      begun.resolve()
    },
    onState(state, problem) {
      states.push([state, problem])
      begun.resolve()
    },
  }
  const manifest = { name: 'hostile', version: '1.0.0', contract: 1, isolation, permissions } as const
  const plugin = hostPlugin({ manifest, section }, options)
  hosted.push(plugin)
  // Starting is not what these tests limit: a call made before would be over before the process hears of it.
  const asked = begun.promise.then(() => plugin.running.observe(NEVER))
  const answer = asked.then(
    (value: unknown) => ({ value, code: undefined }),
    (thrown: Problem) => ({ value: undefined, code: thrown.code }),
  )
  return { plugin, answer, samples, states, lines, counts }
}

/** A zombie is dead: whoever adopted it has only not asked yet. */
function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) throw new Error('the process never said who it is')
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

async function quarantine(states: [HostedState, Problem | undefined][]): Promise<Problem | undefined> {
  await expect.poll(() => states.at(-1)?.[0], { timeout: 15_000 }).toBe('quarantined')
  return states.at(-1)?.[1]
}

/** What each does, and what is said of it. */
const misdeeds: [how: string, detail: RegExp, setting?: Setting][] = [
  ['prints', /printed more than/],
  ['complains', /printed more than/],
  ['endless-line', /sent a message of more than/],
  ['forged-type', /sent what is not a message/],
  ['forged-extra', /sent what is not a message/],
  ['forged-level', /sent what is not a message/],
  ['forged-sample', /sent what is not a message/],
  ['not-json', /sent what is not a message/],
  ['deep', /sent what is not a message/],
  ['forged-answer', /answered a call that nobody made/],
  ['forged-pong', /answered a ping that nobody sent/],
  ['ready-again', /sent what is not a message|said twice/],
  ['mute', /did not heed the end of observe/, { limits: { observeMs: 200 } }],
  ['loop', /left 3 pings unanswered/, { limits: { heartbeatMs: 200 } }],
  ['floods-changes', /left 3 pings unanswered|used more than/, { limits: { heartbeatMs: 1_000 } }],
  ['closes-channel', /closed its channel|exited/],
  ['exits', /exited with code 3/],
  ['throws', /exited with code 1/],
  ['hogs', /used more than|was ended by|exited with code/],
  ['hogs-slowly', /used more than/],
  ['bombs', /started more than 32 processes/, { permissions: { run: ['/bin/sleep'] } }],
  ['never-ready', /was not ready within/, { limits: { startMs: 500 } }],
]

describe('a plugin process that misbehaves', () => {
  it.each(misdeeds)('is killed and unavailable when it %s', { timeout: 30_000 }, async (how, detail, setting) => {
    const before = process.memoryUsage.rss()
    const { plugin, answer, samples, states } = host(how, setting)

    const problem = await quarantine(states)

    expect(problem?.code).toBe('plugin-crashed')
    expect(problem?.detail).toMatch(detail)
    expect(['plugin-crashed', 'plugin-timeout']).toContain((await answer).code)
    await expect(plugin.running.observe(NEVER)).rejects.toMatchObject({ code: 'plugin-quarantined' })
    await expect.poll(() => isAlive(samples.get('pid') ?? 0x3fffff)).toBe(false)
    expect((process.memoryUsage.rss() - before) / 1_048_576).toBeLessThan(40)
  })

  it('does not disturb another plugin while it is being dealt with', { timeout: 30_000 }, async () => {
    const { states } = host('prints')
    host('floods-changes')
    host('hogs')
    const { log } = keptLog()
    const quiet = { log, onChanged: () => {}, onSample: () => {}, onState: () => {} }
    const kettle = hostPlugin(kettlePlugin(), { ...quiet, system: createSystem() })
    hosted.push(kettle)
    const waits: number[] = []

    while (states.length === 0) {
      const from = performance.now()
      await kettle.running.observe(NEVER)
      await new Promise(resolve => setImmediate(resolve))
      waits.push(performance.now() - from)
    }

    waits.sort((a, b) => a - b)
    expect(waits[Math.floor(waits.length * 0.95)]).toBeLessThan(200)
    expect(kettle.state).toBe('running')
  })

  it('leaves no process of its session behind when it exits', async () => {
    const { samples, states } = host('leaves-orphans', { permissions: { run: ['/bin/sh', '/bin/sleep'] } })

    await quarantine(states)

    await expect.poll(() => isAlive(samples.get('orphan'))).toBe(false)
  })

  it('may send much, but is read slowly and loses its log lines', { timeout: 15_000 }, async () => {
    const { lines } = host('floods-logs', { limits: { heartbeatMs: 60_000 } })

    await expect
      .poll(() => lines.some(line => line.message === 'the plugin logs too much'), { timeout: 10_000 })
      .toBe(true)

    expect(lines.filter(line => line.message === 'again').length).toBeLessThan(500)
  })

  it('is refused for good when it is not the plugin it should be', async () => {
    const { states } = host('impostor', { limits: { crashes: 5 } })

    expect((await quarantine(states))?.code).toBe('plugin-refused')
  })

  it('is killed when it does not stop in time', async () => {
    const { plugin, samples } = host('mute')
    await expect.poll(() => samples.has('pid')).toBe(true)
    const from = performance.now()

    await plugin.stop()

    expect(performance.now() - from).toBeLessThan(2_000)
    await expect.poll(() => isAlive(samples.get('pid'))).toBe(false)
  })

  it('finds an empty environment and every door but its own closed', async () => {
    const outside = join(tmpdir(), `hosting-outside-${process.pid}`)
    const { answer } = host('probes', { extra: outside })

    expect((await answer).value).toEqual({
      environment: ['LANG', 'PATH'],
      spawn: 'ERR_ACCESS_DENIED',
      'read outside': 'ERR_ACCESS_DENIED',
      'write outside': 'ERR_ACCESS_DENIED',
      'read history': 'ERR_ACCESS_DENIED',
      worker: 'ERR_ACCESS_DENIED',
    })
    expect(existsSync(outside)).toBe(false)
  })

  it('is a process even when it would be inline, when it loads an addon, which the permission model forbids', async () => {
    const { answer } = host('probes', { isolation: 'inline', permissions: { native: true }, extra: '/dev/null' })

    expect((await answer).value).toMatchObject({ environment: ['LANG', 'PATH'], 'read outside': 'allowed' })
  })

  it('starts again after a crash, and lives on after a retry has taken it out of quarantine', {
    timeout: 15_000,
  }, async () => {
    const { plugin, states, samples } = host('exits', { limits: { crashes: 2, firstRestartMs: 100 } })
    const codes = (): (string | undefined)[] => states.map(([state]) => state)

    await expect.poll(codes, { timeout: 5_000 }).toEqual(['restarting', 'running'])
    const second = samples.get('pid')
    await plugin.running.observe(NEVER).catch(() => {})
    await expect.poll(codes).toEqual(['restarting', 'running', 'quarantined'])
    plugin.retry()

    await expect.poll(codes, { timeout: 5_000 }).toEqual(['restarting', 'running', 'quarantined', 'running'])
    await expect.poll(() => samples.get('pid')).not.toBe(second)
  })
})
