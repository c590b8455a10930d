// SPDX-License-Identifier: Apache-2.0
/** An invitation, shown once. */
import type { Sent } from '../../acts/run.ts'
import { absolute } from '../../kit/age.ts'
import { ShownOnce } from '../../kit/shown-once.tsx'
import { t as words } from '../../words/access.ts'

const t = words.people

export type Invitation = {
  readonly name: string
  readonly link: string
  readonly secret: string
  readonly until: string
}

/** The invitation among what came back; `undefined` when there is none. */
export function invitationIn(sent: readonly Sent[], name: string): Invitation | undefined {
  for (const each of sent) {
    if (!('answer' in each) || typeof each.answer !== 'object' || each.answer === null) continue
    if (!('secret' in each.answer)) continue
    const { link, secret, expiresAt } = each.answer as { link: string; secret: string; expiresAt: string } // described so
    return { name, link, secret, until: expiresAt }
  }
  return undefined
}

export function InvitationShown({ made, onClose }: { readonly made: Invitation; readonly onClose: () => void }) {
  const { name, link, secret, until } = made
  return (
    <ShownOnce
      title={t.invitedTitle(name)}
      note={t.invitedNote(absolute(until).slice(0, 16))}
      lines={{ [t.link]: link, [t.line]: `muster login ${new URL(link).origin} --invite ${secret}` }}
      verb={t.copied}
      onClose={onClose}
    />
  )
}
