// SPDX-License-Identifier: Apache-2.0
/** States over a stretch of time: each from when until when, cut to a window, with what is not known between. Pure. */

export type SpanState = 'online' | 'offline' | 'asleep' | 'unknown'

export type Span = {
  readonly from: number
  readonly until: number
  readonly state: SpanState
  /** What it says beside its state, such as why. */
  readonly why?: string
}

/** Spans in order and without gaps over the window; what nobody knows is `unknown`, and never bridged. */
export function spansWithin(
  spans: readonly Span[],
  { from, until }: { readonly from: number; readonly until: number },
) {
  const inside = spans
    .map(span => ({ ...span, from: Math.max(span.from, from), until: Math.min(span.until, until) }))
    .filter(span => span.until > span.from)
    .sort((a, b) => a.from - b.from)
  const whole: Span[] = []
  let at = from
  for (const span of inside) {
    const start = Math.max(span.from, at)
    if (span.until <= start) continue
    if (start > at) whole.push({ from: at, until: start, state: 'unknown' })
    whole.push({ ...span, from: start })
    at = span.until
  }
  if (at < until) whole.push({ from: at, until, state: 'unknown' })
  return whole as readonly Span[]
}

/** Which part of what is known it was online, 0 to 1; `undefined` when nothing is known. And how often it was not. */
export function summaryOf(spans: readonly Span[]): { readonly share: number | undefined; readonly gaps: number } {
  const length = (of: readonly Span[]): number => of.reduce((sum, { from, until }) => sum + until - from, 0)
  const known = spans.filter(({ state }) => state !== 'unknown')
  const online = known.filter(({ state }) => state === 'online')
  const gaps = known.filter(({ state }, at) => state !== 'online' && known[at - 1]?.state !== state).length
  return { share: known.length === 0 ? undefined : length(online) / length(known), gaps }
}
