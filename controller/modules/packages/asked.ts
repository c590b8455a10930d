// SPDX-License-Identifier: Apache-2.0
/** What of a file a request asks for, by its conditions and ranges (RFC 9110 sections 13 and 14). Pure. */

/** What is known of the file, in the form of the headers it is sent with. */
export type Version = {
  /** A strong entity tag, with its quotes. */
  readonly etag: string
  /** IMF-fixdate. */
  readonly lastModified: string
  readonly size: number
}

export type Conditions = {
  readonly 'if-none-match'?: string | undefined
  readonly 'if-modified-since'?: string | undefined
  readonly 'if-range'?: string | undefined
  readonly range?: string | undefined
}

export type Answer =
  | { readonly status: 200 | 206; readonly from: number; readonly length: number }
  | { readonly status: 304 }
  | { readonly status: 416 }

/** Several ranges, and ranges of an unknown unit, are answered with the whole file, as a server may. */
export function answerTo(asked: Conditions, version: Version): Answer {
  const whole = { status: 200, from: 0, length: version.size } as const
  if (isUnchanged(asked, version)) return { status: 304 }
  if (asked.range === undefined || !rangeHolds(asked['if-range'], version)) return whole
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(asked.range.trim()) ?? []
  if (first === '' && last === '') return whole
  const { size } = version
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? { status: 416 } : { status: 206, from: size - length, length }
  }
  const from = Number(first)
  if (last !== '' && Number(last) < from) return whole
  if (from >= size) return { status: 416 }
  const to = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  return { status: 206, from, length: to - from + 1 }
}

function isUnchanged(asked: Conditions, { etag, lastModified }: Version): boolean {
  const tags = asked['if-none-match']
  // Where tags are given, times do not count.
  if (tags !== undefined) return tags.split(',').some(tag => ['*', etag].includes(tag.trim().replace(/^W\//, '')))
  const since = Date.parse(asked['if-modified-since'] ?? '')
  return !Number.isNaN(since) && Date.parse(lastModified) <= since
}

function rangeHolds(condition: string | undefined, { etag, lastModified }: Version): boolean {
  return condition === undefined || condition === etag || condition === lastModified
}
