// SPDX-License-Identifier: Apache-2.0
/** Lines over time as inline SVG, each with a title, a description and a table of the same values. */

export type Series = {
  readonly name: string
  /** Milliseconds and values, in the order of time. */
  readonly points: readonly (readonly [at: number, value: number])[]
}

export type Plot = {
  /** Unique in the page. */
  readonly id: string
  readonly title: string
  /** One sentence that says what can be seen, for those who do not see it. */
  readonly summary: string
  readonly unit: string
  readonly series: readonly Series[]
  /** Moments to mark. */
  readonly marks: readonly { readonly at: number; readonly what: string }[]
}

const SIZE = { width: 640, height: 240, left: 56, right: 12, top: 12, bottom: 30 } as const
const INNER = { width: SIZE.width - SIZE.left - SIZE.right, height: SIZE.height - SIZE.top - SIZE.bottom } as const
const ROWS = 24

/** Text as it may stand in a page. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** A figure: heading, plot, legend and table. */
export function figureOf(plot: Plot): string {
  const { id, title, summary, series } = plot
  return `<figure aria-labelledby="${id}-t">
<figcaption id="${id}-t">${escaped(title)} <span class="unit">${escaped(plot.unit)}</span></figcaption>
${series.length > 1 ? legend(series) : ''}
<svg viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-labelledby="${id}-t ${id}-d">
<desc id="${id}-d">${escaped(summary)}</desc>
${drawn(plot)}
</svg>
<details><summary>The same as a table</summary>${table(plot)}</details>
</figure>`
}

function legend(series: readonly Series[]): string {
  const items = series.map(
    ({ name }, at) =>
      `<li><svg viewBox="0 0 24 8" aria-hidden="true"><path class="line s${at}" d="M0 4H24"/></svg>${escaped(name)}</li>`,
  )
  return `<ul class="legend">${items.join('')}</ul>`
}

type Scale = {
  readonly x: (at: number) => number
  readonly y: (value: number) => number
  readonly maxX: number
  readonly maxY: number
}

function scaleOf({ series, marks }: Plot): Scale {
  const points = series.flatMap(each => each.points)
  const maxX = Math.max(1_000, ...points.map(([at]) => at), ...marks.map(({ at }) => at))
  const maxY = roundUp(Math.max(1, ...points.map(([, value]) => value)))
  return {
    maxX,
    maxY,
    x: at => SIZE.left + (at / maxX) * INNER.width,
    y: value => SIZE.top + (1 - value / maxY) * INNER.height,
  }
}

/** The next of 1, 2, 2.5, 4, 5, 8, 10 times a power of ten: quarters of it are short numbers. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const step = [1, 2, 2.5, 4, 5, 8, 10].find(each => each * power >= value) ?? 10
  return step * power
}

function drawn(plot: Plot): string {
  const scale = scaleOf(plot)
  return [axes(scale), ...marksOf(plot, scale), ...plot.series.map((each, at) => lineOf(each, at, scale))].join('\n')
}

function axes({ x, y, maxX, maxY }: Scale): string {
  const bottom = SIZE.top + INNER.height
  const across = [0, 1, 2, 3, 4].map(quarter => {
    const value = (maxY * quarter) / 4
    return `<path class="grid" d="M${SIZE.left} ${fixed(y(value))}H${SIZE.width - SIZE.right}"/><text class="tick" x="${SIZE.left - 6}" y="${fixed(y(value) + 4)}" text-anchor="end">${short(value)}</text>`
  })
  const down = [0, 1, 2, 3, 4].map(quarter => {
    const at = (maxX * quarter) / 4
    const anchor = quarter === 0 ? 'start' : quarter === 4 ? 'end' : 'middle'
    return `<text class="tick" x="${fixed(x(at))}" y="${bottom + 20}" text-anchor="${anchor}">${short(at / 1_000)} s</text>`
  })
  return [...across, ...down].join('')
}

/** Moments that would be one line are one, with all their words. */
function marksOf({ marks }: Plot, { x, maxX }: Scale): readonly string[] {
  const joined: { at: number; what: string }[] = []
  for (const { at, what } of marks) {
    const last = joined.at(-1)
    if (last !== undefined && at - last.at < maxX / 80) last.what += `, ${what}`
    else joined.push({ at, what })
  }
  return joined.map(
    ({ at, what }) =>
      `<path class="mark" d="M${fixed(x(at))} ${SIZE.top}V${SIZE.top + INNER.height}"><title>${escaped(what)}</title></path>`,
  )
}

function lineOf({ points, name }: Series, at: number, { x, y }: Scale): string {
  const path = points.map(
    ([moment, value], index) => `${index === 0 ? 'M' : 'L'}${fixed(x(moment))} ${fixed(y(value))}`,
  )
  return `<path class="line s${at}" d="${path.join('')}"><title>${escaped(name)}</title></path>`
}

function table({ series, title, unit }: Plot): string {
  const moments = [...new Set(series.flatMap(({ points }) => points.map(([at]) => at)))].sort((a, b) => a - b)
  const step = Math.max(1, Math.ceil(moments.length / ROWS))
  const shown = moments.filter((_, at) => at % step === 0 || at === moments.length - 1)
  const byMoment = series.map(({ points }) => new Map(points))
  const rows = shown.map(moment => {
    const cells = byMoment.map(values => `<td>${values.has(moment) ? short(values.get(moment) ?? 0) : '–'}</td>`)
    return `<tr><th scope="row">${(moment / 1_000).toFixed(1)} s</th>${cells.join('')}</tr>`
  })
  const heads = series.map(({ name }) => `<th scope="col">${escaped(name)}</th>`).join('')
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escaped(title)}, as a table"><table><caption>${escaped(title)}, ${escaped(unit)}</caption><thead><tr><th scope="col">Time</th>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

function fixed(value: number): string {
  return value.toFixed(1)
}

/** As many digits as say something. */
export function short(value: number): string {
  if (Number.isInteger(value)) return String(value)
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Math.round(value * 100) / 100)
}
