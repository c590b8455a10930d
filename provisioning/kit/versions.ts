// SPDX-License-Identifier: Apache-2.0
/** Compares versions of packages as dpkg does (Debian Policy 5.6.12); rpm's differ only in cases we do not publish. Pure. */

/** Negative when the first is older, positive when it is newer. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [parts(one), parts(other)]
  return a.epoch - b.epoch || compareText(a.upstream, b.upstream) || compareText(a.revision, b.revision)
}

function parts(version: string): { readonly epoch: number; readonly upstream: string; readonly revision: string } {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/.exec(version) ?? []
  const at = rest.lastIndexOf('-')
  const [upstream, revision] = at === -1 ? [rest, '0'] : [rest.slice(0, at), rest.slice(at + 1)]
  return { epoch: Number(epoch), upstream, revision }
}

/** By turns what is no digit, letter by letter, and what is a number, as one. */
function compareText(one: string, other: string): number {
  let [a, b] = [one, other]
  while (a !== '' || b !== '') {
    const [words, otherWords] = [/^\D*/.exec(a)?.[0] ?? '', /^\D*/.exec(b)?.[0] ?? '']
    for (let at = 0; at < Math.max(words.length, otherWords.length); at++) {
      const difference = weight(words[at]) - weight(otherWords[at])
      if (difference !== 0) return difference
    }
    ;[a, b] = [a.slice(words.length), b.slice(otherWords.length)]
    const [digits, otherDigits] = [/^\d*/.exec(a)?.[0] ?? '', /^\d*/.exec(b)?.[0] ?? '']
    const difference = Number(digits) - Number(otherDigits)
    if (difference !== 0) return difference
    ;[a, b] = [a.slice(digits.length), b.slice(otherDigits.length)]
  }
  return 0
}

/** A tilde comes before the end, the end before letters, letters before all else. */
function weight(letter: string | undefined): number {
  if (letter === undefined) return 0
  if (letter === '~') return -1
  const code = letter.charCodeAt(0)
  return /[A-Za-z]/.test(letter) ? code : code + 256
}
