// SPDX-License-Identifier: Apache-2.0
/** Whether what is seen is live, in a word; the loss of the connection is told aloud, once. */
import { VisuallyHidden } from '@mantine/core'
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
  const isLost = mode === 'reconnecting'
  return (
    <>
      {/* The seconds go on counting, which nobody wants to hear. */}
      <span className={`mu-dot ${HUES[mode]}`} data-live={mode} title={t.live.about[mode]} aria-hidden>
        <span className="mu-dot-word">{isLost ? t.live.reconnecting(seconds) : t.live[mode]}</span>
      </span>
      <VisuallyHidden role="status" aria-live={isLost ? 'assertive' : 'polite'}>
        {t.live.about[mode]}
      </VisuallyHidden>
    </>
  )
}
