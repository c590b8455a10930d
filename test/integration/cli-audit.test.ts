// SPDX-License-Identifier: Apache-2.0
/** The audit of a real controller, proved and disproved from the command line; events, backup and restore. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { createDesk, type Desk, type Typed } from '../support/muster.ts'
import { enrollWire } from '../support/wire-host.ts'

let test: TestController
let desk: Desk
const at = (name: string) => join(desk.home, name)
const muster = (line: string, typed?: Typed) => desk.muster(line.split(' '), typed)

beforeAll(async () => {
  test = await startTestController()
  desk = createDesk()
  writeFileSync(at('token'), test.token)
  await muster(
    `login ${test.secureUrl} --ca-fingerprint sha256:${test.controller.rootFingerprint} --token-file ${at('token')}`,
  )
  await enrollWire(test, { hostname: 'press-04', serial: 'SN-4' })
  for (let n = 1; n <= 70; n++) await muster(`host label press-04 n=${n}`)
  writeFileSync(at('audit.pub'), (await muster('audit key')).out)
})
afterAll(async () => {
  await test.stop()
  desk.remove()
})

describe('the audit', () => {
  it('shows the newest entries, in order, however long it is', async () => {
    const { json } = await muster('audit ls --limit 5 -o json')
    const all = (await muster('audit ls --since 0 --limit 1000 -o json')).json.items

    expect(all.length).toBeGreaterThan(70)
    expect(json.items).toEqual(all.slice(-5))
    expect(json.items.at(-1).detail.metadata).toEqual([{ key: 'n', value: '70' }])
  })

  it('begins where it is told to', async () => {
    const all = (await muster('audit ls --since 0 --limit 1000 -o json')).json.items
    const from = all[40]

    expect((await muster('audit ls --since 40 --limit 1 -o json')).json.items).toEqual([from])
    expect((await muster(`audit ls --since ${from.at} --limit 1 -o json`)).json.items[0].at).toBe(from.at)
    expect((await muster('audit ls --since 1h --limit 1000 -o json')).json.items).toHaveLength(all.length)
    expect((await muster('audit ls --since tomorrow')).code).toBe(2)
  })

  it('proves itself with nothing but the key', async () => {
    await muster(`audit export -f ${at('export.ndjson')}`)
    const piped = await muster('audit export')
    const verdict = await muster(`audit verify ${at('export.ndjson')} --key ${at('audit.pub')} -o json`, {
      env: { MUSTER_HOME: at('none') },
    })

    expect(verdict).toMatchObject({ code: 0, err: '' })
    expect(verdict.json.item).toMatchObject({ chain: 'project:default', signedUpTo: verdict.json.item.entries })
    expect(statSync(at('export.ndjson')).mode & 0o777).toBe(0o600)
    expect(await muster(`audit verify - --key ${at('audit.pub')}`, { input: piped.out })).toMatchObject({ code: 0 })
    const raw = (await muster('audit key -o json')).json.item.publicKey
    writeFileSync(at('raw.pub'), raw)
    expect((await muster(`audit verify ${at('export.ndjson')} --key ${at('raw.pub')}`)).code).toBe(0)
  })

  it('names what was altered, and exits 12', async () => {
    const lines = readFileSync(at('export.ndjson'), 'utf8').split('\n')
    const says = async (changed: readonly string[]) => {
      writeFileSync(at('changed.ndjson'), changed.join('\n'))
      const { code, out, err } = await muster(`audit verify ${at('changed.ndjson')} --key ${at('audit.pub')}`)
      return { code, out, err: err.split('\n')[0] }
    }

    expect(await says(lines.with(5, lines[5]!.replace('"outcome":"done"', '"outcome":"none"')))).toEqual({
      code: 12,
      out: '',
      err: expect.stringMatching(/entry 5 of project:default \(line 6\) changed: .* \[audit-altered\]$/),
    })
    expect((await says(lines.toSpliced(7, 1))).err).toContain('entry 7 is missing')
    expect((await says(lines.with(7, lines[8]!).with(8, lines[7]!))).err).toContain(
      'entry 7 of project:default (line 8) swapped',
    )
    const last = lines.findLastIndex(line => line.startsWith('{"n":'))
    expect((await says(lines.toSpliced(last, 1))).err).toContain(' cut: ')
    const unsigned = lines.filter(line => !line.startsWith('{"checkpoint"'))
    expect(await says(unsigned)).toMatchObject({ code: 12, err: expect.stringContaining('[audit-unsigned]') })
    expect(await says(['hello'])).toMatchObject({ code: 6, err: expect.stringContaining('[audit-unreadable]') })
  })

  it('warns of what no signature covers', async () => {
    await muster(`audit export -f ${at('one.ndjson')}`)
    await muster('host label press-04 n=71')
    await muster(`audit export -f ${at('two.ndjson')}`)
    const lines = readFileSync(at('two.ndjson'), 'utf8').trimEnd().split('\n')
    writeFileSync(at('loose.ndjson'), lines.slice(0, -1).join('\n'))

    expect(await muster(`audit verify ${at('loose.ndjson')} --key ${at('audit.pub')}`)).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^warning: the last 1 entry came after the last signature/),
    })
  })

  it('asks for the key', async () => {
    expect((await muster(`audit verify ${at('export.ndjson')}`)).code).toBe(2)
    expect((await muster(`audit verify ${at('export.ndjson')} --key ${at('token')}`)).code).toBe(6)
    expect((await muster(`audit verify ${at('nothing')} --key ${at('audit.pub')}`)).code).toBe(6)
  })
})

describe('events', () => {
  it('show what is kept and end when that was all', async () => {
    const { out } = await muster('events --since 0 --host press-04 --type host.changed')
    const events = out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))

    expect(events.length).toBeGreaterThan(70)
    expect(new Set(events.map(event => event.type))).toEqual(new Set(['host.changed']))
    expect(
      (await muster(`events --since ${events.at(-2).id} --host press-04 --type host.changed`)).out
        .trimEnd()
        .split('\n'),
    ).toHaveLength(1)
  })

  it('are one line each on a terminal', async () => {
    const { out } = await muster('events --since 0 --type host.enrolled', { columns: 200 })

    expect(out).toMatch(/^\d\d:\d\d:\d\d {2}host\.enrolled {2}host-[0-9a-f]{8}/)
  })
})

describe('backup', () => {
  it('is for this person alone, replaces nothing unasked, and comes back', async () => {
    const saved = await muster(`system backup -f ${at('muster.db')}`)
    expect(saved).toMatchObject({ code: 0, out: '' })
    expect(statSync(at('muster.db')).mode & 0o777).toBe(0o600)
    expect(readFileSync(at('muster.db')).subarray(0, 15).toString()).toBe('SQLite format 3')

    expect(await muster(`system backup -f ${at('muster.db')}`)).toMatchObject({ code: 2 })
    expect((await muster(`system backup -f ${at('muster.db')} -y`)).code).toBe(0)
    expect((await muster('system backup -f -', { columns: 80 })).code).toBe(2)
    expect((await muster(`system restore -f ${at('muster.db')}`)).code).toBe(2)
    expect((await muster(`system restore -f ${at('muster.db')}`, { answers: ['no'] })).code).toBe(2)
    expect((await muster(`system restore -f ${at('nothing')} -y`)).code).toBe(6)
    writeFileSync(at('junk.db'), 'junk')
    const junk = await muster(`system restore -f ${at('junk.db')} -y`)
    expect(junk.code).toBe(6)
    expect(await muster(`system restore -f ${at('muster.db')} -y`)).toMatchObject({
      code: 0,
      err: expect.stringContaining('is in place; the controller restarts'),
    })
  })
})
