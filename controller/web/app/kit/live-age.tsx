// SPDX-License-Identifier: Apache-2.0
/** How old a value is; it fades once it is older than it should be. */

import { t } from '../words/kit.ts'
import { absolute, prefersUtc, spoken } from './age.ts'
import { useNow } from './now.ts'

export type LiveAgeProps = {
  /** RFC 3339, or milliseconds; none reads "never". */
  readonly at: string | number | undefined
  /** The interval within which a new value should come, in milliseconds. */
  readonly expectedMs?: number
  /** Reads "4 min ago" instead of "4 min". */
  readonly ago?: boolean
}

export function LiveAge({ at, expectedMs, ago = false }: LiveAgeProps) {
  const now = useNow()
  if (at === undefined) return <span className="mu-age">{t.never}</span>
  const age = now - new Date(at).getTime()
  const stale = expectedMs !== undefined && age > expectedMs
  return (
    <time
      className={stale ? 'mu-age mu-stale' : 'mu-age'}
      dateTime={new Date(at).toISOString()}
      title={prefersUtc() ? absolute(at, true) : `${absolute(at)} (${absolute(at, true)})`}
    >
      {ago ? t.ago(spoken(age)) : spoken(age)}
    </time>
  )
}
