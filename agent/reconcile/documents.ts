// SPDX-License-Identifier: Apache-2.0
/** Takes in desired documents: proven, for this host, newer than what it holds; kept so that it converges alone. */
import {
  problem as base,
  DesiredMessage,
  findings,
  type Log,
  MAX_BYTES,
  type Problem,
  readMessage,
  type Section,
} from '../../plugins/contract/index.ts'
import { digestOf } from '../../provisioning/pki/signing.ts'
import { problem } from '../commands/problems.ts'
import { type Audience, audienceFault, signatureFault } from '../commands/verify.ts'
import type { Journal } from '../state/journal.ts'

export type DocumentParts = {
  readonly journal: Journal
  readonly log: Log
  readonly audience: () => Audience
  readonly section: (name: string) => Section | undefined
}

export type Accepted =
  /** Kept: the section has a new desired document. */
  | { readonly status: 'kept' }
  /** The same again. */
  | { readonly status: 'known' }
  /** Proven but refused; worth a report under this revision. */
  | { readonly status: 'refused'; readonly problem: Problem; readonly revision: number }
  /** Not proven: not answered at all. */
  | { readonly status: 'unproven'; readonly problem: Problem }

/** Judges the bytes of a desired document and keeps it when it is good. */
export function acceptDesired(parts: DocumentParts, topicSection: string, payload: Uint8Array): Accepted {
  const message = readMessage(DesiredMessage, payload, MAX_BYTES.document)
  if (message === undefined) return { status: 'unproven', problem: problem('message-unreadable') }
  const { head } = message
  const audience = parts.audience()
  const unproven = signatureFault('desired', message, audience) ?? audienceFault(head, audience)
  if (unproven !== undefined) return { status: 'unproven', problem: unproven }
  if (head.section !== topicSection)
    return { status: 'unproven', problem: problem('wrong-audience', 'it came under another section') }
  if (digestOf(message.content) !== head.contentDigest)
    return { status: 'unproven', problem: problem('digest-mismatch') }
  return keep(parts, message)
}

function keep({ journal, section }: DocumentParts, message: DesiredMessage): Accepted {
  const { head, content } = message
  const held = journal.desired.get(head.section)
  const refused = (why: Problem): Accepted => ({ status: 'refused', problem: why, revision: head.revision })
  if (held !== undefined && held.epoch > head.epoch) {
    return refused(problem('stale-epoch', `epoch ${head.epoch}, held ${held.epoch}`))
  }
  if (held !== undefined && held.epoch === head.epoch) {
    const isSame = held.revision === head.revision && held.message.head.contentDigest === head.contentDigest
    if (isSame) return { status: 'known' }
    if (held.revision >= head.revision) {
      return refused(problem('revision-rollback', `${head.revision} after ${held.revision}`))
    }
  }
  const schema = section(head.section)?.desired
  const wrong = content === null || schema === undefined ? [] : findings(schema, content)
  if (wrong.length > 0)
    return refused(base('invalid', `${wrong[0]?.pointer || '/'} ${wrong[0]?.message}`, { findings: wrong }))
  journal.desired.put({ section: head.section, epoch: head.epoch, revision: head.revision, message })
  return { status: 'kept' }
}
