// SPDX-License-Identifier: Apache-2.0
/** What every way of hosting a plugin promises: one suite, run inline and with a real process. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Hosted, type HostedState, hostPlugin } from '../../agent/hosting/hosted.ts'
import { createSystem } from '../../agent/system/real.ts'
import { type Isolation, type Problem, reconcile } from '../../plugins/contract/index.ts'
import { type KettleGrants, kettlePlugin } from '../unit/agent/hosting/fixtures/kettle.ts'
import { keptLog } from '../unit/agent/hosting/fixtures/quiet.ts'

const script = fileURLToPath(new URL('../unit/agent/hosting/fixtures/child.ts', import.meta.url))
const NEVER = new AbortController().signal
const context = { id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', signal: NEVER }

type Heard = { changed: number; samples: unknown[]; states: [HostedState, string | undefined][] }

let folder: string
let hosted: Hosted | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hosting-'))
})

afterEach(async () => {
  await hosted?.stop()
  hosted = undefined
  await rm(folder, { recursive: true })
})

function host(isolation: Isolation, grants: KettleGrants = {}) {
  const { log, lines } = keptLog()
  const heard: Heard = { changed: 0, samples: [], states: [] }
  const plugin = kettlePlugin(grants)
  hosted = hostPlugin(plugin, {
    system: createSystem(),
    log,
    isolation,
    limits: { graceMs: 2_000, stopMs: 2_000 },
    entry: { file: script, args: ['plugin', 'kettle', JSON.stringify(grants)] },
    onChanged: () => heard.changed++,
    onSample: (stream, value, labels) => heard.samples.push({ stream, value, labels }),
    onState: (state, problem) => heard.states.push([state, problem?.code]),
  })
  const command = async (name: string, input: unknown): Promise<unknown> => {
    // The limits of these commands are short; a process that is still being started shall not use them up.
    await hosted?.running.observe(NEVER)
    const handler = hosted?.running.commands[name]
    if (handler === undefined) throw new Error(`no handler ${name}`)
    return handler.run(input, context)
  }
  return { hosted, heard, lines, command }
}

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  return work.then(
    () => Promise.reject(new Error('it did not fail')),
    (thrown: Problem) => thrown,
  )
}

describe.each<Isolation>(['inline', 'process'])('a plugin hosted as %s', isolation => {
  it('brings its section to the desired state', async () => {
    const { hosted } = host(isolation)

    const outcome = await reconcile(hosted.running, { level: 3 }, () => undefined, NEVER)

    expect(outcome).toEqual({ status: 'settled' })
    expect(await hosted.running.observe(NEVER)).toEqual({ level: 3, heard: [] })
    expect(hosted.state).toBe('running')
  })

  it('answers a command with its output', async () => {
    const { hosted, command } = host(isolation)
    await hosted.running.apply({ do: 'fill', impact: 'none', why: 'thirst' }, NEVER)

    expect(await command('boil', { cups: 3 })).toEqual({ minutes: 6 })
  })

  it('hands on a problem as the plugin threw it', async () => {
    const problem = await problemOf(host(isolation).command('boil', { cups: 3 }))

    expect(problem.toJSON()).toEqual({
      type: '/problems/kettle-empty',
      code: 'kettle-empty',
      title: 'The kettle is empty',
      status: 409,
      detail: 'fill it first',
      retry: 'never',
      fields: { cups: 3 },
    })
  })

  it('turns anything else that is thrown into an internal problem and keeps the detail for the log', async () => {
    const { command, lines } = host(isolation)

    const problem = await problemOf(command('misbehave', { how: 'error' }))

    expect(problem.code).toBe('internal')
    expect(JSON.stringify(problem)).not.toContain('a secret detail')
    await expect
      .poll(() => lines.map(line => line.message))
      .toContain('the plugin threw something that is not a problem')
  })

  it('refuses a result that its section does not allow', async () => {
    const problem = await problemOf(host(isolation).command('misbehave', { how: 'output' }))

    expect(problem.code).toBe('plugin-output')
  })

  it('refuses an input, a desired and a step that the section does not allow', async () => {
    const { hosted, command } = host(isolation)

    expect((await problemOf(command('boil', { cups: 0 }))).code).toBe('invalid')
    expect((await problemOf(command('boil', { cups: 1, now: true }))).code).toBe('invalid')
    expect((await problemOf(Promise.resolve(hosted.running.plan({ level: 11 }, { level: 0, heard: [] })))).code).toBe(
      'invalid',
    )
    expect((await problemOf(hosted.running.apply({ do: 'fill' }, NEVER))).code).toBe('invalid')
  })

  it('passes a cancellation on to the plugin', async () => {
    const { hosted } = host(isolation)
    await hosted.running.observe(NEVER)
    const controller = new AbortController()
    const handler = hosted.running.commands.misbehave!
    const hanging = problemOf(handler.run({ how: 'heed' }, { ...context, signal: controller.signal }))

    controller.abort()

    expect((await hanging).code).toBe('cancelled')
    expect(await hosted.running.observe(NEVER)).toEqual({ level: 0, heard: ['abort'] })
  })

  it('ends a command that takes longer than its section allows', async () => {
    const { hosted, command } = host(isolation)
    await hosted.running.observe(NEVER)

    const problem = await problemOf(command('misbehave', { how: 'heed' }))

    expect(problem.code).toBe('plugin-timeout')
    expect(await hosted.running.observe(NEVER)).toEqual({ level: 0, heard: ['abort'] })
  })

  it('hears what the plugin logs, samples and asks for', async () => {
    const { heard, lines, command } = host(isolation)

    await command('emit', {})

    await expect.poll(() => heard.changed).toBe(1)
    expect(heard.samples).toEqual([{ stream: 'temperature', value: 99.5, labels: { unit: 'c' } }])
    const line = lines.find(each => each.message === 'the kettle sings')
    expect(JSON.stringify(line)).toContain('"celsius":100')
  })

  it('lets the plugin touch what is granted and nothing else', async () => {
    await mkdir(join(folder, 'open'))
    await writeFile(join(folder, 'open', 'a'), 'inside')
    await writeFile(join(folder, 'secret'), 'outside')
    await symlink('../secret', join(folder, 'open', 'escape'))
    await symlink('a', join(folder, 'open', 'alias'))
    const { command } = host(isolation, { read: [join(folder, 'open')], run: ['echo'] })

    expect(await command('touch', { read: join(folder, 'open', 'alias') })).toEqual({ text: 'inside' })
    expect(await command('touch', { run: 'echo' })).toEqual({ stdout: 'hello\n' })
    for (const attempt of [
      { read: join(folder, 'secret') },
      { read: `${folder}/open/../secret` },
      { read: join(folder, 'open', 'escape') },
      { write: join(folder, 'open', 'b') },
      { run: '/bin/echo' },
      { run: 'sh' },
    ]) {
      expect((await problemOf(command('touch', attempt))).code, JSON.stringify(attempt)).toBe('not-permitted')
    }
  })

  it('lets the plugin write what is granted', async () => {
    const path = join(folder, 'settings')
    await command(path)

    expect(await readFile(path, 'utf8')).toBe('written')

    async function command(write: string): Promise<void> {
      await host(isolation, { write: [write] }).command('touch', { write })
    }
  })

  it('has the optional members that the plugin has', async () => {
    const { hosted } = host(isolation)
    await hosted.running.observe(NEVER)

    expect(hosted.running.probe).toBeUndefined()
    expect(hosted.running.revert).toBeUndefined()
    expect(hosted.running.commands.emit?.recover).toBeUndefined()
    const recovery = { ...context, startedAt: 0, rebooted: true }
    expect(await hosted.running.commands.boil?.recover?.({ cups: 1 }, recovery)).toEqual({ minutes: -1 })
  })

  it('lets the plugin stop and then rejects every call', async () => {
    await writeFile(join(folder, 'alive'), '')
    const { hosted, heard } = host(isolation, { read: [folder], write: [folder] })
    await hosted.running.observe(NEVER)

    await hosted.stop()

    expect(hosted.state).toBe('stopped')
    expect(heard.states).toEqual([['stopped', undefined]])
    expect((await problemOf(hosted.running.observe(NEVER))).code).toBe('unavailable')
    await expect(readFile(join(folder, 'alive'))).rejects.toThrow('ENOENT')
  })

  it('rejects the calls that are under way when it is stopped', async () => {
    const { hosted, command } = host(isolation)
    await hosted.running.observe(NEVER)
    const hanging = problemOf(command('misbehave', { how: 'heed' }))

    await hosted.stop()

    expect(['unavailable', 'cancelled']).toContain((await hanging).code)
  })

  it('refuses a plugin of another contract and does not try again by itself', async () => {
    const { log } = keptLog()
    const states: [HostedState, string | undefined][] = []
    const plugin = kettlePlugin()
    const manifest = { ...plugin.manifest, contract: 2 as 1 }

    hosted = hostPlugin(
      { ...plugin, manifest },
      {
        system: createSystem(),
        log,
        isolation,
        entry: { file: script, args: [] },
        onChanged: () => {},
        onSample: () => {},
        onState: (state, problem) => states.push([state, problem?.code]),
      },
    )

    await expect.poll(() => states).toEqual([['quarantined', 'plugin-refused']])
    expect((await problemOf(hosted.running.observe(NEVER))).code).toBe('plugin-quarantined')
  })
})
