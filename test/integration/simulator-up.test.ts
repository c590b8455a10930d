// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '../../agent/log.ts'
import { systemRandom } from '../../agent/system/random.ts'
import { defineProblems } from '../../plugins/contract/index.ts'
import { readArguments } from '../../simulator/cli.ts'
import { createFakeClock, type FakeClock } from '../../simulator/clock.ts'
import type { MachineAgent } from '../../simulator/machine.ts'
import { jsonReport, textReport } from '../../simulator/report.ts'
import { createFormation } from '../../simulator/squad/formation.ts'
import { createLocalSquad, type WatchedCrew } from '../../simulator/squad/local.ts'
import { up } from '../../simulator/up.ts'

const problem = defineProblems({ refused: { status: 403, title: 'The token is not valid', retry: 'never' } })

type Screen = { readonly out: string[]; readonly err: string[] }

let folder: string
let clock: FakeClock
let farewells: number

function crewThat(enlist: (index: number) => Promise<void> = async () => undefined): WatchedCrew<MachineAgent> {
  return {
    async enlist(host) {
      await enlist(host.facts.index)
      return { id: `host-${host.facts.machineId.slice(0, 8)}`, project: 'default', fresh: true }
    },
    agent: () => ({
      start: async () => undefined,
      stop: async () => {
        farewells++
      },
      kill: () => undefined,
    }),
    connected: () => true,
    connects: 0,
    takeRuns: () => [],
  }
}

function run(words: string, crew = crewThat()) {
  const screen: Screen = { out: [], err: [] }
  const reading = readArguments(
    ['up', ...words.split(' '), '--url', 'https://ctl:8443', '--dir', join(folder, 'f')],
    '1',
  )
  if (reading.kind !== 'up') throw new Error('not understood')
  const stdin = new PassThrough()
  const interrupt = new AbortController()
  const streams = { out: (line: string) => screen.out.push(line), err: (line: string) => screen.err.push(line) }
  const { count, seed, dir } = reading.request
  const squad = createLocalSquad({
    first: 1,
    count,
    seed,
    dir: dir!,
    crew,
    clock,
    random: systemRandom,
    log: silentLog(),
  })
  const ended = up({
    request: reading.request,
    formation: createFormation([squad]),
    clock,
    report: reading.request.json ? jsonReport(streams) : textReport(streams),
    lines: createInterface({ input: stdin }),
    signal: interrupt.signal,
  })
  return { screen, type: (line: string) => stdin.write(`${line}\n`), stdin, interrupt, ended }
}

const running = (screen: Screen) => vi.waitFor(() => expect(screen.err.join('\n')).toContain('connected'))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-up-'))
  clock = createFakeClock(Date.UTC(2026, 0, 1))
  farewells = 0
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('muster-sim up', () => {
  it('says at once that its hosts are simulated, shows progress and ends cleanly when interrupted', async () => {
    const { screen, interrupt, ended } = run('3')
    await running(screen)

    interrupt.abort()

    expect(await ended).toBe(0)
    expect(screen.err[0]).toMatch(/^SIMULATED HOSTS: 3 machines that do not exist/)
    expect(screen.err.filter(line => line.startsWith('['))).toEqual([
      expect.stringMatching(/^\[1\/3\] host 1 enrolled as host-[0-9a-f]{8}$/),
      expect.stringMatching(/^\[2\/3\] host \d enrolled as /),
      expect.stringMatching(/^\[3\/3\] host \d enrolled as /),
    ])
    expect(screen.err.at(-1)).toBe('stopped')
    expect(farewells).toBe(3)
    expect(screen.out).toEqual([])
  })

  it('obeys what is typed and answers on standard output', async () => {
    const { screen, type, ended } = run('3')
    await running(screen)

    type('cut 2')
    type('jump 3 +2h')
    type('diskfull 3')
    type('status')
    await vi.waitFor(() => expect(screen.out.join('\n')).toContain('3 simulated hosts'))
    const rows = screen.out.filter(line => /^\d /.test(line) && !line.includes(':'))

    expect(screen.out[0]).toMatch(/^2 sim-.*: link cut$/)
    expect(rows[0]).toMatch(/^1 +sim-\S+ +host-\S+ +\S+ +(vpro|ism|none|unknown) +connected$/)
    expect(rows[1]).toMatch(/connected +cut$/)
    expect(rows[2]).toMatch(/connected +disk full, clock \+2h$/)
    type('quit')
    expect(await ended).toBe(0)
  })

  it('makes a clone that is shown as one', async () => {
    const { screen, type, ended } = run('2')
    await running(screen)

    type('clone 2')
    type('status')
    await vi.waitFor(() => expect(screen.out.join('\n')).toContain('clone of 2'))

    expect(screen.out[0]).toMatch(/^2 sim-.*: copied to 3$/)
    type('quit')
    await ended
    expect(farewells).toBe(3)
  })

  it('notices by itself that a host went off and came back', async () => {
    const { screen, type, ended } = run('2')
    await running(screen)

    type('powercut 1 5s')
    await vi.waitFor(() => expect(screen.out.join('\n')).toContain('off, back in 5s'))
    await clock.advance(2_000)
    await clock.advance(5_000)

    expect(screen.err).toContain('2 simulated hosts: 1 connected, 1 off')
    expect(screen.err.at(-1)).toBe('2 simulated hosts: 2 connected')
    type('quit')
    await ended
  })

  it('explains what it does not understand and goes on', async () => {
    const { screen, type, ended } = run('1')
    await running(screen)

    type('cutt 1')
    type('cut 9')
    type('help')
    await vi.waitFor(() => expect(screen.out.join('\n')).toContain('quit'))

    const said = screen.err.join('\n')
    expect(said).toContain('there is no `cutt`; did you mean `cut`? [simulator-usage]')
    expect(said).toContain('9; there are 1 to 1 [no-such-simulated-host]')
    type('quit')
    expect(await ended).toBe(0)
  })

  it('goes on when nobody can type any more', async () => {
    const { screen, stdin, interrupt, ended } = run('1')
    await running(screen)

    stdin.end()
    await clock.advance(10_000)

    expect(screen.err).not.toContain('stopped')
    interrupt.abort()
    expect(await ended).toBe(0)
  })

  it('ends as interrupted when it had not come up yet', async () => {
    const { interrupt, ended } = run(
      '1',
      crewThat(() => new Promise((_resolve, reject) => setImmediate(() => reject(new Error('stopped waiting'))))),
    )

    interrupt.abort()

    expect(await ended).toBe(130)
  })

  it('says why no host can enroll', async () => {
    const { ended } = run(
      '2',
      crewThat(() => Promise.reject(problem('refused'))),
    )

    await expect(ended).rejects.toMatchObject({ code: 'refused' })
  })

  it('ends as done in part when some hosts were refused', async () => {
    const { screen, type, ended } = run(
      '3',
      crewThat(index => (index === 2 ? Promise.reject(problem('refused')) : Promise.resolve())),
    )
    await running(screen)
    expect(screen.err.join('\n')).toContain('host 2 does not run: The token is not valid')

    type('quit')

    expect(await ended).toBe(9)
  })

  it('speaks JSON to programs, one object a line, and nothing else on standard output', async () => {
    const { screen, type, ended } = run('2 --json')
    await vi.waitFor(() => expect(screen.out.join('\n')).toContain('summary'))

    type('status')
    type('nonsense')
    type('quit')
    await ended

    const events = screen.out.map(line => JSON.parse(line))
    expect(events.map(each => each.event)).toEqual([
      'begins',
      'enrolled',
      'enrolled',
      'summary',
      'hosts',
      'problem',
      'stopping',
      'stopped',
    ])
    expect(events[0]).toMatchObject({ simulated: true, count: 2 })
    expect(events[4].hosts[0]).toMatchObject({ number: 1, state: 'connected' })
    expect(events[5].problem.code).toBe('simulator-usage')
    expect(screen.err).toEqual([])
  })
})
