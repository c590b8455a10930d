// SPDX-License-Identifier: Apache-2.0
/** Which desired documents a host takes in, and what it keeps of them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLog } from '../../../../agent/log.ts'
import { type Accepted, acceptDesired } from '../../../../agent/reconcile/documents.ts'
import { type Journal, openJournal } from '../../../../agent/state/journal.ts'
import { AUDIENCE, bytesOf, KEYS, lamp, nested, signedDesired } from '../orders.ts'

let journal: Journal

beforeEach(() => {
  journal = openJournal(':memory:', { now: () => 0 })
})

afterEach(() => journal.close())

function accept(message: unknown, topicSection = 'lamp'): Accepted {
  const parts = {
    journal,
    log: silentLog(),
    audience: () => AUDIENCE,
    section: (name: string) => (name === 'lamp' ? lamp : undefined),
  }
  return acceptDesired(parts, topicSection, bytesOf(message))
}

const answerTo = (accepted: Accepted) => [accepted.status, 'problem' in accepted ? accepted.problem.code : undefined]

describe('a desired document', () => {
  it('that is proven and fits is kept as it came', () => {
    const message = signedDesired({ on: true })

    expect(accept(message)).toEqual({ status: 'kept' })
    expect(journal.desired.get('lamp')).toEqual({ section: 'lamp', epoch: 2, revision: 5, message })
  })

  it('that says to stop managing is kept', () => {
    expect(accept(signedDesired(null))).toEqual({ status: 'kept' })
    expect(journal.desired.get('lamp')?.message.content).toBeNull()
  })

  const on = { on: true }
  it.each([
    ['is larger than 64 KB', signedDesired({ on: true, pad: 'x'.repeat(66_000) }), ['unproven', 'message-unreadable']],
    ['is deeper than 16 levels', signedDesired(nested(20)), ['unproven', 'message-unreadable']],
    ['is signed by a stranger', signedDesired(on, {}, { key: 'stranger' }), ['unproven', 'unknown-key']],
    ['is signed by the audit key', signedDesired(on, {}, { key: 'audit' }), ['unproven', 'unknown-key']],
    [
      'claims another signer',
      { ...signedDesired(on, {}, { key: 'audit' }), kid: KEYS.command.kid },
      ['unproven', 'bad-signature'],
    ],
    ['is for another host', signedDesired(on, { host: 'host-ffffffff' }), ['unproven', 'wrong-audience']],
    ['is for another project', signedDesired(on, { project: 'other' }), ['unproven', 'wrong-audience']],
    ['is for another section than its topic', signedDesired(on, { section: 'power' }), ['unproven', 'wrong-audience']],
    ['is of an epoch before the one seen', signedDesired(on, { epoch: 1 }), ['unproven', 'stale-epoch']],
    [
      'has other content than was signed',
      { ...signedDesired(on), content: { on: false } },
      ['unproven', 'digest-mismatch'],
    ],
    ['does not fit its section', signedDesired({ on: 'yes' }), ['refused', 'invalid']],
    ['has a member more than its section', signedDesired({ on: true, off: false }), ['refused', 'invalid']],
  ])('that %s changes nothing', (_, message, expected) => {
    accept(signedDesired({ on: false }, { revision: 4 }))

    expect(answerTo(accept(message))).toEqual(expected)
    expect(journal.desired.get('lamp')).toMatchObject({ revision: 4 })
  })

  it('that was signed as a command is no document', () => {
    const message = signedDesired(on)

    expect(answerTo(accept({ ...message, sig: signedDesired(on, { revision: 6 }).sig }))).toEqual([
      'unproven',
      'bad-signature',
    ])
  })
})

describe('a revision', () => {
  beforeEach(() => {
    accept(signedDesired({ on: true }, { revision: 5 }))
  })

  it('that comes again is known', () => {
    expect(accept(signedDesired({ on: true }, { revision: 5 }))).toEqual({ status: 'known' })
  })

  it('below the held one is refused under its own number', () => {
    expect(accept(signedDesired({ on: false }, { revision: 4 }))).toMatchObject({
      status: 'refused',
      revision: 4,
      problem: { code: 'revision-rollback' },
    })
    expect(journal.desired.get('lamp')?.message.content).toEqual({ on: true })
  })

  it('with other content under the same number is refused', () => {
    expect(answerTo(accept(signedDesired({ on: false }, { revision: 5 })))).toEqual(['refused', 'revision-rollback'])
    expect(journal.desired.get('lamp')?.message.content).toEqual({ on: true })
  })

  it('may be lower in a later epoch, and no earlier epoch comes back', () => {
    expect(accept(signedDesired({ on: false }, { revision: 1, epoch: 3 }))).toEqual({ status: 'kept' })

    expect(answerTo(accept(signedDesired({ on: true }, { revision: 9, epoch: 2 })))).toEqual(['refused', 'stale-epoch'])
    expect(journal.desired.get('lamp')).toMatchObject({ epoch: 3, revision: 1 })
  })
})
