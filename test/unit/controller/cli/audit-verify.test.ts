// SPDX-License-Identifier: Apache-2.0
/** Verifying an audit export: whatever is done to it, the first bad entry is named. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryHash, linesOf, readAuditKey, verifyExport } from '../../../../controller/cli/audit-verify.ts'
import { canonical } from '../../../../plugins/contract/canonical.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const other = generateKeyPairSync('ed25519')

const CHAIN = 'project:default'
const HEADER = JSON.stringify({ kind: 'muster-audit', v: 1, chain: CHAIN, installation: 'i-1' })

type Entry = { n: number; prev: string; hash: string; [member: string]: unknown }

function entriesOf(count: number, chain = CHAIN): Entry[] {
  const entries: Entry[] = []
  for (let n = 1; n <= count; n++) {
    const body = {
      n,
      at: `2026-11-21T04:00:${String(n % 60).padStart(2, '0')}.000Z`,
      chain,
      principal: { id: 'person-1', kind: 'person', via: 'token', address: '10.0.0.1' },
      action: 'host.change',
      target: `host-${n}`,
      outcome: 'done',
      ...(n % 3 === 0 ? { reason: 'fän "swap"' } : {}),
      detail: { revision: n, nested: { b: [1, 2.5], a: null } },
      prev: entries.at(-1)?.hash ?? '0',
    }
    entries.push({ ...body, hash: entryHash(body.prev, body) })
  }
  return entries
}

function seal(entry: { n: number; hash: string }, more: object = {}, key: KeyObject = privateKey): string {
  const checkpoint = {
    chain: CHAIN,
    n: entry.n,
    hash: entry.hash,
    at: '2026-11-21T05:00:00.000Z',
    kid: 'audit-1',
    ...more,
  }
  const sig = sign(null, Buffer.from(`muster audit 1\n${canonical(checkpoint)}`), key).toString('base64url')
  return JSON.stringify({ checkpoint, sig })
}

/** Twelve entries, sealed at five and at twelve. */
const whole = entriesOf(12)
const lines = [HEADER, ...whole.map(entry => JSON.stringify(entry)), seal(whole[4]!), seal(whole[11]!)]

async function verify(changed: readonly string[], keys = [publicKey]) {
  const bytes = async function* () {
    yield new TextEncoder().encode(changed.map(line => `${line}\n`).join(''))
  }
  return verifyExport(linesOf(bytes()), keys)
}
const without = (at: number, count = 1) => lines.toSpliced(at, count)
const replaced = (at: number, line: string) => lines.with(at, line)

describe('an export', () => {
  it('that is whole is proved up to its last signature', async () => {
    expect(await verify(lines)).toEqual({
      chain: CHAIN,
      installation: 'i-1',
      entries: 12,
      checkpoints: 2,
      signedUpTo: 12,
      signedAt: '2026-11-21T05:00:00.000Z',
      flaw: undefined,
    })
  })

  it('may have its signatures between the entries, in any order', async () => {
    const mixed = [HEADER, ...lines.slice(1, 6), lines[13]!, ...lines.slice(6, 13), lines[14]!]

    expect(await verify(mixed)).toMatchObject({ signedUpTo: 12, flaw: undefined })
    expect(await verify(lines.with(13, lines[14]!).with(14, lines[13]!))).toMatchObject({
      signedUpTo: 12,
      flaw: undefined,
    })
  })

  it('says what came after the last signature and is therefore unproved', async () => {
    expect(await verify(without(14))).toMatchObject({ entries: 12, signedUpTo: 5, flaw: undefined })
    expect(await verify(lines.slice(0, 13))).toMatchObject({ entries: 12, signedUpTo: 0, flaw: undefined })
  })

  it('is verified with any of several keys', async () => {
    expect((await verify(lines, [other.publicKey, publicKey])).flaw).toBeUndefined()
  })
})

describe('an export that was altered', () => {
  it('names the entry that was changed', async () => {
    const line = lines[7]!.replace('host-7', 'host-8')

    expect((await verify(replaced(7, line))).flaw).toMatchObject({ kind: 'changed', n: 7, line: 8 })
  })

  it('names the entry that was changed together with its hash, by the one after it', async () => {
    const { hash: _, ...body } = { ...whole[6]!, target: 'host-0' }
    const forged = JSON.stringify({ ...body, hash: entryHash(body.prev, body) })

    expect((await verify(replaced(7, forged))).flaw).toMatchObject({
      kind: 'detached',
      n: 8,
      says: expect.stringContaining('entry 7'),
    })
  })

  it('names what is missing', async () => {
    expect((await verify(without(3))).flaw).toMatchObject({ kind: 'missing', n: 3, says: 'entry 3 is missing' })
    expect((await verify(without(3, 2))).flaw).toMatchObject({
      kind: 'missing',
      n: 3,
      says: 'entries 3 to 4 are missing',
    })
    expect((await verify(without(1))).flaw).toMatchObject({ kind: 'missing', n: 1 })
  })

  it('names what was swapped, and what stands there twice', async () => {
    expect((await verify(lines.with(3, lines[4]!).with(4, lines[3]!))).flaw).toMatchObject({ kind: 'swapped', n: 3 })
    expect((await verify(lines.toSpliced(5, 0, lines[3]!))).flaw).toMatchObject({ kind: 'repeated', n: 3 })
  })

  it('sees that the end was cut off before a signature', async () => {
    expect((await verify(without(11, 2))).flaw).toMatchObject({ kind: 'cut', n: 11 })
  })

  it('sees that everything after a signature was written anew', async () => {
    const { hash: _, ...first } = { ...whole[5]!, target: 'somebody else' }
    const rewritten: Entry[] = [...whole.slice(0, 5), { ...first, hash: entryHash(first.prev, first) } as Entry]
    for (const { hash: __, ...old } of whole.slice(6)) {
      const body = { ...old, prev: rewritten.at(-1)!.hash }
      rewritten.push({ ...body, hash: entryHash(body.prev, body) } as Entry)
    }
    const forged = [HEADER, ...rewritten.map(entry => JSON.stringify(entry)), ...lines.slice(13)]

    expect((await verify(forged)).flaw).toMatchObject({
      kind: 'rewritten',
      n: 6,
      says: expect.stringContaining('6 to 12'),
    })
  })

  it('does not believe another signer', async () => {
    const forged = seal(whole[11]!, {}, other.privateKey)

    expect((await verify(replaced(14, forged))).flaw).toMatchObject({ kind: 'forged', n: 12 })
    expect((await verify(lines, [other.publicKey])).flaw).toMatchObject({ kind: 'forged' })
  })

  it('does not believe a signature moved to another checkpoint, or of another chain', async () => {
    const moved = JSON.stringify({ checkpoint: JSON.parse(lines[14]!).checkpoint, sig: JSON.parse(lines[13]!).sig })
    const foreign = entriesOf(3, 'project:other')[2]!

    expect((await verify(replaced(14, moved))).flaw).toMatchObject({ kind: 'forged' })
    expect((await verify(replaced(14, seal(whole[11]!, { chain: 'project:other' })))).flaw).toMatchObject({
      kind: 'foreign',
    })
    expect((await verify(replaced(3, JSON.stringify(foreign)))).flaw).toMatchObject({ kind: 'foreign', n: 3 })
  })

  it('does not let a reader see what was not hashed', async () => {
    const twice = lines[7]!.replace('"action":', '"action":"host.read","action":')

    expect((await verify(replaced(7, twice))).flaw).toMatchObject({ kind: 'garbled', n: 7 })
  })

  it.each([
    '{',
    '[]',
    'null',
    '4',
    '{"n":7}',
    `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
    '{"n":7,"chain":"project:default","prev":"\\ud800","hash":"x"}',
  ])('survives a line of nonsense: %.40s', async line => {
    expect((await verify(replaced(7, line))).flaw).toMatchObject({ n: 7 })
  })

  it('notices any one changed byte of what is signed', async () => {
    const text = lines.map(line => `${line}\n`).join('')
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: text.length - 1 }), fc.integer({ min: 0x20, max: 0x7e }), async (at, code) => {
        const character = String.fromCharCode(code)
        fc.pre(text[at] !== character && text[at] !== '\n')
        const changed = text.slice(0, at) + character + text.slice(at + 1)
        const bytes = async function* () {
          yield new TextEncoder().encode(changed)
        }
        const verdict = await verifyExport(linesOf(bytes()), [publicKey]).catch(() => 'refused' as const)
        const noticed = verdict === 'refused' || verdict.flaw !== undefined
        // Only the name of the installation stands in the header and nowhere in the chain.
        if (!noticed) expect(at).toBeLessThan(HEADER.length)
      }),
      { numRuns: 300 },
    )
  })

  it('notices any one line that is taken out, but for the header that refuses and the last signature', async () => {
    for (let at = 1; at < lines.length - 2; at++) expect((await verify(without(at))).flaw, `line ${at}`).toBeDefined()
    await expect(verify(without(0))).rejects.toMatchObject({ code: 'audit-unreadable' })
  })
})

describe('what is no export', () => {
  it.each([
    '',
    '{}',
    '{"kind":"muster-audit","v":2,"chain":"x","installation":"i"}',
    '{"kind":"muster-audit","v":1}',
    'hello',
  ])('is called so: %s', async line => {
    await expect(verify([line])).rejects.toMatchObject({ code: 'audit-unreadable' })
  })
})

describe('a key', () => {
  it('is PEM or raw, and an Ed25519 one', () => {
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const raw = publicKey.export({ format: 'jwk' }).x!

    expect(readAuditKey(pem).equals(publicKey)).toBe(true)
    expect(readAuditKey(` ${raw}\n`).equals(publicKey)).toBe(true)
    const rsa = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .publicKey.export({ type: 'spki', format: 'pem' })
      .toString()
    for (const text of ['', `${'x'.repeat(43)}!`, 'hello', rsa]) {
      expect(() => readAuditKey(text)).toThrow(expect.objectContaining({ code: 'input-unreadable' }))
    }
  })
})
