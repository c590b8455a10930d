// SPDX-License-Identifier: Apache-2.0
/** Whether what is seen is live, in a word; the loss of the connection is told aloud. */
import { useNow } from '../kit/now.ts'
import { useLiveState } from '../live/use-live.tsx'
import { t } from '../words/kernel.ts'

const HUES = {
  live: 'mu-ok',
  connecting: 'mu-unknown',
  reconnecting: 'mu-failing',
  paused: 'mu-unknown',
  polling: 'mu-degraded',
} as const

export function LiveDot() {
  const { mode, since } = useLiveState()
  const now = useNow()
  const seconds = Math.max(0, Math.round((now - since) / 1_000))
  const text = mode === 'reconnecting' ? t.live.reconnecting(seconds) : t.live[mode]
  return (
    <span
      className={`mu-dot ${HUES[mode]}`}
      data-mode={mode}
      role="status"
      aria-live={mode === 'reconnecting' ? 'assertive' : 'polite'}
      title={text}
    >
      <span className="mu-dot-word">{mode === 'live' ? t.live.live : text}</span>
    </span>
  )
}
