// SPDX-License-Identifier: Apache-2.0
/** An abort that follows others for the time of one piece of work, and leaves nothing on them afterwards. */

export type Linked = {
  readonly signal: AbortSignal
  abort(reason: unknown): void
  /** Stops following; to be called when the work is over. */
  unlink(): void
}

/**
 * Follows every source. Unlike `AbortSignal.any`, whose results a listener keeps alive as long as the longest-lived
 * source, nothing stays behind once it is unlinked, whatever listeners the work has left on the signal.
 */
export function linkedAbort(...sources: readonly AbortSignal[]): Linked {
  const controller = new AbortController()
  const follow = (event: Event): void => {
    if (event.target instanceof AbortSignal) controller.abort(event.target.reason)
  }
  for (const source of sources) {
    if (source.aborted) controller.abort(source.reason)
    else source.addEventListener('abort', follow, { once: true })
  }
  return {
    signal: controller.signal,
    abort: reason => controller.abort(reason),
    unlink() {
      for (const source of sources) source.removeEventListener('abort', follow)
    },
  }
}
