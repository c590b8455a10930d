// SPDX-License-Identifier: Apache-2.0
/** What is worth knowing of an API token: whether anything uses it, whether it is still good. */
import type { AnswerOf } from '../../../api/call.ts'

export type Token = AnswerOf<'/v1/access/tokens', 'GET'>['tokens'][number]

const DAY = 86_400_000
export const UNUSED_DAYS = 90
const SOON_MS = 7 * DAY

/** Days since it was last used, or since it was made when it never was. */
export function idleDays({ lastUsedAt, createdAt }: Pick<Token, 'lastUsedAt' | 'createdAt'>, now: number): number {
  return Math.floor((now - Date.parse(lastUsedAt ?? createdAt)) / DAY)
}

export function isExpired({ expiresAt }: Pick<Token, 'expiresAt'>, now: number): boolean {
  return Date.parse(expiresAt) <= now
}

/** Still good, and used by nothing for so long that it should go. */
export function isUnused(token: Pick<Token, 'lastUsedAt' | 'createdAt' | 'expiresAt'>, now: number): boolean {
  return !isExpired(token, now) && idleDays(token, now) >= UNUSED_DAYS
}

export function endsSoon(token: Pick<Token, 'expiresAt'>, now: number): boolean {
  return !isExpired(token, now) && Date.parse(token.expiresAt) - now < SOON_MS
}

export const SHOWN = ['all', 'mine', 'unused', 'expired'] as const
export type Shown = (typeof SHOWN)[number]

export function isShown(value: string): value is Shown {
  return SHOWN.some(each => each === value)
}

export type Wanted = { readonly show: Shown; readonly words: string; readonly me: string; readonly now: number }

/** Those that fit, the one used last first. */
export function fittingTokens(
  tokens: readonly Token[],
  { show, words, me, now }: Wanted,
  ownerOf: (id: string) => string,
): readonly Token[] {
  const needle = words.trim().toLowerCase()
  return tokens
    .filter(token => {
      if (show === 'mine' && token.principal !== me) return false
      if (show === 'unused' && !isUnused(token, now)) return false
      if (show === 'expired' && !isExpired(token, now)) return false
      const text = `${token.name} ${ownerOf(token.principal)} ${token.role} ${token.id}`.toLowerCase()
      return text.includes(needle)
    })
    .sort((a, b) => Date.parse(b.lastUsedAt ?? b.createdAt) - Date.parse(a.lastUsedAt ?? a.createdAt))
}
