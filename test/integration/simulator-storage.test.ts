// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openJournal } from '../../agent/state/journal.ts'
import { createFakeClock } from '../../simulator/clock.ts'
import { createSimulatedHost, type SimulatedHost } from '../../simulator/host.ts'

const runOptions = { signal: new AbortController().signal, timeoutMs: 10_000, env: {}, maxBytes: 65_536 }
const IDENTITY = '/var/lib/muster-agent/identity/slot-a.json'

let folder: string
const dirOf = (name: string): string => join(folder, name)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-simulator-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

function open(name: string | undefined, index = 1): SimulatedHost {
  const dir = name === undefined ? {} : { dir: dirOf(name) }
  return createSimulatedHost({ seed: 'storage', index, amt: 'vpro', clock: createFakeClock(1_000), ...dir })
}

describe('a simulated host with a folder', () => {
  it('is the same machine with the same disk when it is opened again', async () => {
    const first = open('one')
    await first.system.files.replace(IDENTITY, 'a key', 0o600)
    await first.system.files.remove('/etc/timezone')
    await first.system.processes.run('hostnamectl', ['set-hostname', 'press-7'], runOptions)
    first.close()

    const again = open('one')

    expect(await again.system.files.text(IDENTITY)).toBe('a key')
    expect(await again.system.files.text('/etc/timezone')).toBeUndefined()
    expect(again.hostname()).toBe('press-7')
    expect(again.facts).toEqual(first.facts)
    expect(again.power.bootCount).toBe(2)
  })

  it('keeps its firmware activated', async () => {
    const first = open('one')
    const [dash, json] = first.facts.amt.rpc === 2 ? ['-', '-json'] : ['--', '--json']
    await first.system.processes.run(
      'rpc',
      ['activate', `${dash}local`, `${dash}ccm`, `${dash}password`, 'x'],
      runOptions,
    )
    first.close()

    const info = await open('one').system.processes.run('rpc', ['amtinfo', json], runOptions)

    expect(info.stdout).toContain('client control mode')
  })

  it('lets nobody else read what it keeps', async () => {
    await open('one').system.files.replace(IDENTITY, 'a key')

    expect(statSync(join(dirOf('one'), 'machine.json')).mode & 0o077).toBe(0)
    expect(statSync(dirOf('one')).mode & 0o077).toBe(0)
  })

  it('refuses a folder that holds something else', () => {
    open('one').close()
    writeFileSync(join(dirOf('one'), 'machine.json'), '{"bootCount":"many"}')

    expect(() => open('one')).toThrow(/machine\.json/)
  })
})

describe('a clone', () => {
  it('has the identity, the machine id and the journal of the moment it was made', async () => {
    const original = open('one')
    await original.system.files.replace(IDENTITY, 'a key')
    const journal = openJournal(original.journalLocation, { now: () => 1_000, exclusive: true })
    journal.values.put('ticket', 'first')

    const copy = original.faults.clone({ dir: dirOf('two') })
    journal.values.put('ticket', 'second')
    await original.system.files.replace(IDENTITY, 'another key')

    expect(await copy.system.files.text(IDENTITY)).toBe('a key')
    expect(await copy.system.machineId()).toBe(await original.system.machineId())
    expect(copy.facts).toEqual(original.facts)
    const copied = openJournal(copy.journalLocation, { now: () => 1_000, exclusive: true })
    expect(copied.values.get('ticket')).toBe('first')
    expect(journal.values.get('ticket')).toBe('second')
    copied.close()
    journal.close()
  })

  it('is in a boot of its own and draws other random numbers', () => {
    const original = open('one')

    const copy = original.faults.clone({ dir: dirOf('two') })

    expect(copy.power.bootId).not.toBe(original.power.bootId)
    expect(copy.system.random(8)).not.toEqual(original.system.random(8))
  })

  it('may wake up on other hardware, with the disk of the first', async () => {
    const original = open('one')

    const copy = original.faults.clone({ dir: dirOf('two'), index: 9 })

    expect(await copy.system.machineId()).toBe(original.facts.machineId)
    expect(copy.hostname()).toBe(original.facts.hostname)
    expect(copy.facts.uuid).not.toBe(original.facts.uuid)
    expect(copy.facts.serial).not.toBe(original.facts.serial)
    expect(copy.facts.nics[0]?.mac).not.toBe(original.facts.nics[0]?.mac)
  })

  it('works in memory too, without a journal to copy', async () => {
    const original = open(undefined)
    await original.system.files.replace(IDENTITY, 'a key')

    const copy = original.faults.clone()

    expect(await copy.system.files.text(IDENTITY)).toBe('a key')
    expect(copy.journalLocation).toBe(':memory:')
  })

  it('goes its own way afterwards', async () => {
    const original = open('one')
    const copy = original.faults.clone({ dir: dirOf('two') })

    await copy.system.files.replace(IDENTITY, 'mine')
    original.faults.powerCut()

    expect(await original.faults.clone().system.files.text(IDENTITY)).toBeUndefined()
    expect(copy.power.on).toBe(true)
    expect(JSON.parse(readFileSync(join(dirOf('two'), 'machine.json'), 'utf8')).files[IDENTITY]).toBeDefined()
  })
})
