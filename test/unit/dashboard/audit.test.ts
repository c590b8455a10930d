// SPDX-License-Identifier: Apache-2.0
/** The audit in the browser: filters of the address, breaks in a list, spreadsheets, keys, and proofs of any length. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { entryHash } from '../../../controller/cli/audit-verify.ts'
import { csvHead, csvLines } from '../../../controller/web/app/modules/kernel/audit/csv.ts'
import { keyBytes, obstacle } from '../../../controller/web/app/modules/kernel/audit/means.ts'
import { type Progress, runProof } from '../../../controller/web/app/modules/kernel/audit/proof.ts'
import {
  type Asked,
  type Entry,
  pageOf,
  queryOf,
  rowsOf,
  timeOf,
} from '../../../controller/web/app/modules/kernel/audit/search.ts'
import { canonical } from '../../../plugins/contract/canonical.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const RAW = publicKey.export({ format: 'jwk' }).x!
const PEM = publicKey.export({ type: 'spki', format: 'pem' }).toString()
const CHAIN = 'project:default'
const HEADER = JSON.stringify({ kind: 'muster-audit', v: 1, chain: CHAIN, installation: 'i-1' })

function entriesOf(count: number): Entry[] {
  const entries: Entry[] = []
  for (let n = 1; n <= count; n++) {
    const body = {
      n,
      at: '2026-11-21T04:00:00.000Z',
      chain: CHAIN,
      principal: { id: 'person-1', kind: 'person', via: 'token' },
      action: 'host.change',
      target: `host-${n}`,
      outcome: 'done',
      prev: entries.at(-1)?.hash ?? '0',
    }
    entries.push({ ...body, hash: entryHash(body.prev, body) })
  }
  return entries
}

function sealed({ n, hash }: Entry): string {
  const checkpoint = { chain: CHAIN, n, hash, at: '2026-11-21T05:00:00.000Z', kid: 'audit-1' }
  const sig = sign(null, Buffer.from(`muster audit 1\n${canonical(checkpoint)}`), privateKey).toString('base64url')
  return JSON.stringify({ checkpoint, sig })
}

const linesOf = (entries: readonly Entry[]): string[] => [
  HEADER,
  ...entries.map(entry => JSON.stringify(entry)),
  sealed(entries.at(-1)!),
]

async function prove(lines: readonly string[], more: { key?: string; signal?: AbortSignal } = {}) {
  const told: Progress[] = []
  const text = lines.map(line => `${line}\n`).join('')
  const proof = await runProof({
    bytes: new Blob([text]).stream(),
    key: keyBytes(more.key ?? RAW)!,
    signal: more.signal ?? new AbortController().signal,
    onProgress: progress => told.push(progress),
  })
  return { ...proof, told }
}

describe('a proof in the browser', () => {
  it('says what is whole, up to where it is signed, by which key', async () => {
    const entries = entriesOf(12)

    const { verdict, kid, head } = await prove(linesOf(entries))

    expect(verdict).toMatchObject({ entries: 12, checkpoints: 1, signedUpTo: 12, flaw: undefined })
    expect([kid, head]).toEqual(['audit-1', entries.at(-1)!.hash])
  })

  it('names the entry that was altered, with the lines around it', async () => {
    const lines = linesOf(entriesOf(2_000))
    lines[1_234] = lines[1_234]!.replace('host-1234', 'host-9999')

    const { verdict, around } = await prove(lines)

    expect(verdict.flaw).toMatchObject({ kind: 'changed', n: 1_234, line: 1_235 })
    expect(around.map(({ line }) => line)).toEqual([1_233, 1_234, 1_235, 1_236, 1_237])
    expect(around[2]!.text).toContain('host-9999')
  })

  it('sees that the end was cut off, and that an entry is missing', async () => {
    const lines = linesOf(entriesOf(20))

    expect((await prove(lines.toSpliced(20, 1))).verdict.flaw).toMatchObject({ kind: 'cut', n: 20 })
    expect((await prove(lines.toSpliced(5, 1))).verdict.flaw).toMatchObject({ kind: 'missing', n: 5 })
  })

  it('does not believe another key', async () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x!

    expect((await prove(linesOf(entriesOf(3)), { key: other })).verdict.flaw).toMatchObject({ kind: 'forged', n: 3 })
  })

  it('does not take the hash of nothing for that of what cannot be hashed', async () => {
    const [entry] = entriesOf(1)
    const nothing = '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'
    const odd = JSON.stringify({ ...entry!, target: '\ud800', hash: nothing })

    expect((await prove([HEADER, odd, sealed({ ...entry!, hash: nothing })])).verdict.flaw).toMatchObject({ n: 1 })
  })

  it('says that what is no export is none', async () => {
    await expect(prove(['hello'])).rejects.toMatchObject({ code: 'audit-unreadable', status: 422 })
  })

  it('goes through a hundred thousand entries and lets others in between', async () => {
    const lines = linesOf(entriesOf(100_000))
    let turns = 0
    const timer = setInterval(() => turns++, 5)

    const { verdict, told } = await prove(lines)

    clearInterval(timer)
    expect(verdict).toMatchObject({ entries: 100_000, signedUpTo: 100_000, flaw: undefined })
    expect(told.length).toBeGreaterThan(10)
    expect(told.map(({ entries }) => entries)).toEqual(told.map(({ entries }) => entries).sort((a, b) => a - b))
    expect(turns).toBeGreaterThan(10)
  }, 60_000)

  it('stops when it is told to', async () => {
    const abort = new AbortController()
    abort.abort(new Error('enough'))

    await expect(prove(linesOf(entriesOf(3)), { signal: abort.signal })).rejects.toThrow('enough')
  })
})

describe('a trusted key', () => {
  it('is read from PEM and from base64url', async () => {
    expect(keyBytes(PEM)).toEqual(keyBytes(RAW))
    expect(keyBytes(` ${RAW}\n`)).toHaveLength(32)
    expect(await obstacle()).toBeUndefined()
  })

  it.each(['', 'hello', `${RAW}x`, RAW.slice(1), PEM.replace('MCow', 'MCox')])('is not read from %j', text => {
    expect(keyBytes(text)).toBeUndefined()
  })

  it('is not one of another kind', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
    const x25519 = generateKeyPairSync('x25519').publicKey

    expect(keyBytes(other.export({ type: 'spki', format: 'pem' }).toString())).toBeUndefined()
    expect(keyBytes(x25519.export({ type: 'spki', format: 'pem' }).toString())).toBeUndefined()
  })
})

describe('the list', () => {
  const newest = entriesOf(6).reverse()

  it('shows where entries are missing, and where one does not continue the one before', () => {
    const broken = newest.toSpliced(2, 2).with(3, { ...newest[5]!, hash: 'other' })

    expect(rowsOf(newest, false).every(row => row.kind === 'entry' && !row.detached)).toBe(true)
    expect(rowsOf(broken, false)).toMatchObject([
      { kind: 'entry', detached: false },
      { kind: 'entry' },
      { kind: 'gap', from: 3, to: 4 },
      { kind: 'entry', detached: true },
      { kind: 'entry' },
    ])
  })

  it('has no breaks where filters leave entries out', () => {
    expect(rowsOf(newest.toSpliced(2, 2), true).map(({ kind }) => kind)).toEqual(['entry', 'entry', 'entry', 'entry'])
  })

  it('links to the pages that there are', () => {
    expect(pageOf('host-1a2b3c4d/power', 'project:plant', ['kernel'])).toBe('/hosts/host-1a2b3c4d?project=plant')
    expect(pageOf('webhook-1a2b3c4d', 'project:plant', ['kernel'])).toBeUndefined()
    expect(pageOf('controller', 'installation', ['kernel'])).toBe('/system')
    expect(pageOf('javascript:alert(1)', 'installation', ['kernel'])).toBeUndefined()
  })
})

describe('what the address asks', () => {
  const asked: Asked = {
    chain: CHAIN,
    person: '',
    action: '',
    target: '',
    outcome: '',
    since: '',
    until: '',
    custody: false,
  }
  const now = Date.parse('2026-11-21T12:00:00.000Z')

  it('is a length back or a time; anything else filters nothing', () => {
    expect(timeOf('24h', now)).toBe('2026-11-20T12:00:00.000Z')
    expect(timeOf('2026-11-21T08:00:00+02:00', now)).toBe('2026-11-21T06:00:00.000Z')
    expect(timeOf('yesterday', now)).toBeUndefined()
  })

  it('is what the API takes', () => {
    expect(queryOf({ ...asked, person: 'anna', outcome: 'refused', since: '1h' }, now)).toEqual({
      chain: CHAIN,
      principal: 'anna',
      outcome: 'refused',
      since: '2026-11-21T11:00:00.000Z',
    })
    expect(queryOf({ ...asked, outcome: 'odd' }, now)).toEqual({ chain: CHAIN })
  })
})

describe('a spreadsheet', () => {
  it('takes no cell for a formula and keeps what is quoted', () => {
    const [entry] = entriesOf(1)
    const line = csvLines([{ ...entry!, target: '=1+1', reason: 'fan "swap", twice\nagain' }])

    expect(line).toContain(",'=1+1,")
    expect(line).toContain('"fan ""swap"", twice\nagain"')
    expect(csvHead().split(',')).toHaveLength(15)
  })
})
