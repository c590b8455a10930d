// SPDX-License-Identifier: Apache-2.0
/** The signed messages that stand behind what a section does now. */
import type { CommandMessage, DesiredMessage } from '../../plugins/contract/index.ts'
import type { Journal } from './journal.ts'

export type LiveMessage =
  | { readonly kind: 'command'; readonly message: CommandMessage }
  | { readonly kind: 'desired'; readonly message: DesiredMessage }

/** Commands of a section run one after the other; more than one is left over from a former life. */
const MOST_COMMANDS = 4

/** Its desired document and the commands of it that have begun and not ended, the newest first. */
export function liveMessages({ commands, desired }: Pick<Journal, 'commands' | 'desired'>, section: string) {
  const begun = commands.unfinished().filter(({ message }) => message.head.section === section)
  const held = desired.get(section)
  const live: LiveMessage[] = begun
    .slice(-MOST_COMMANDS)
    .reverse()
    .map(({ message }) => ({ kind: 'command', message }))
  if (held !== undefined) live.push({ kind: 'desired', message: held.message })
  return live
}
