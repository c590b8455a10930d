// SPDX-License-Identifier: Apache-2.0
/** The journal of the agent on a real disk: its mode, damage, a full volume, and an end without warning. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inspectJournal, type Journal, openJournal } from '../../agent/state/journal.ts'

const NOW = Date.UTC(2026, 10, 21, 4, 31)
const SOURCE = fileURLToPath(new URL('../../agent/state/journal.ts', import.meta.url))

let folder: string
let location: string
const opened: Journal[] = []

function open(more: { maxPages?: number; exclusive?: boolean } = {}): Journal {
  const journal = openJournal(location, { now: () => NOW, ...more })
  opened.push(journal)
  return journal
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-journal-'))
  location = join(folder, 'journal.db')
})

afterEach(() => {
  for (const journal of opened.splice(0)) journal.close()
  rmSync(folder, { recursive: true })
})

describe('the file', () => {
  it('is readable by its owner only, with its log, whatever the umask and whoever made it', () => {
    writeFileSync(location, '', { mode: 0o644 })
    const before = process.umask(0)
    try {
      open().values.put('ticket', 'secret')
    } finally {
      process.umask(before)
    }

    const modes = readdirSync(folder).map(name => statSync(join(folder, name)).mode & 0o777)

    expect(modes.length).toBeGreaterThan(1)
    expect(new Set(modes)).toEqual(new Set([0o600]))
  })

  it('has no shared memory beside it when one process owns it', () => {
    open({ exclusive: true }).values.put('ticket', 'one')

    expect(readdirSync(folder)).not.toContain('journal.db-shm')
  })

  it('keeps everything for the next start', () => {
    open().values.put('ticket', 'one')
    opened.splice(0)[0]?.close()

    expect(open().values.get('ticket')).toBe('one')
  })

  it('keeps what was written before the process was killed', () => {
    const script = `
      const { openJournal } = await import(${JSON.stringify(SOURCE)})
      const journal = openJournal(${JSON.stringify(location)}, { now: () => 0 })
      journal.values.put('ticket', 'written')
      process.kill(process.pid, 'SIGKILL')`

    expect(() => execFileSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' })).toThrow()

    expect(open().values.get('ticket')).toBe('written')
  })
})

describe('a damaged file', () => {
  it.each([
    ['is not a database', () => Buffer.from('x'.repeat(10_000))],
    ['was overwritten in the middle', () => Buffer.alloc(0)],
  ])('that %s is moved aside and a new one begun', (_, content) => {
    if (content().length === 0) spoil()
    else writeFileSync(location, content())

    const journal = open()

    expect(journal.movedAside).toBe(`${location}.corrupt-2026-11-21T043100.000Z`)
    expect(existsSync(journal.movedAside ?? '')).toBe(true)
    journal.values.put('ticket', 'anew')
    expect(journal.values.get('ticket')).toBe('anew')
  })

  it('is recognised by a look that changes nothing', () => {
    open().values.put('ticket', 'one')
    opened.splice(0)[0]?.close()
    expect(inspectJournal(location)).toBeUndefined()

    spoil()

    expect(inspectJournal(location)).toBeTypeOf('string')
    expect(inspectJournal(join(folder, 'absent.db'))).toBeTypeOf('string')
    expect(readdirSync(folder).filter(name => name.includes('corrupt') || name.includes('absent'))).toEqual([])
  })

  function spoil(): void {
    const journal = openJournal(location, { now: () => NOW })
    for (let id = 0; id < 200; id++) {
      journal.outbox.put({ id: String(id), kind: 'result', key: String(id), payload: 'p'.repeat(500) })
    }
    journal.close()
    const size = statSync(location).size
    execFileSync(
      'dd',
      ['if=/dev/urandom', `of=${location}`, 'bs=4096', 'seek=2', `count=${size / 4096 - 2}`, 'conv=notrunc'],
      {
        stdio: 'ignore',
      },
    )
  }
})

describe('a full disk', () => {
  it('is the problem disk-full, loses nothing that was there, and passes', () => {
    const journal = open({ maxPages: 14 })
    journal.values.put('ticket', 'kept')
    const fill = (): void => {
      for (let id = 0; id < 100; id++) {
        journal.outbox.put({ id: String(id), kind: 'result', key: String(id), payload: 'p'.repeat(2_000) })
      }
    }

    expect(fill).toThrow(expect.objectContaining({ code: 'disk-full' }))

    expect(journal.values.get('ticket')).toBe('kept')
    journal.outbox.remove(journal.outbox.list(100).map(each => each.id))
    journal.values.put('ticket', 'after')
    expect(journal.values.get('ticket')).toBe('after')
  })
})

describe('a place that cannot be used', () => {
  it('is the problem journal-unusable', () => {
    location = join(folder, 'absent', 'journal.db')

    expect(() => open()).toThrow(expect.objectContaining({ code: 'journal-unusable' }))
  })
})
