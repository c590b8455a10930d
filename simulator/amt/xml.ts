// SPDX-License-Identifier: Apache-2.0
/** Just enough XML 1.0 with namespaces for a management engine: elements, attributes, text; no document types. */

export type XmlElement = {
  /** Without its prefix. */
  readonly name: string
  /** The namespace it is in; `''` for none. */
  readonly space: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** All character data directly inside, as it stands. */
  readonly text: string
}

/** Thrown by {@link parseXml}; the firmware answers it with a fault. */
export class XmlError extends Error {}

const MAX_DEPTH = 64
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const NAME = /^[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?$/

type Open = {
  readonly tag: string
  readonly scope: Readonly<Record<string, string>>
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
  text: string
}

/** Parses a document; the only element at the top is the result. */
export function parseXml(source: string): XmlElement {
  const open: Open[] = []
  let root: XmlElement | undefined
  let at = 0

  const close = (): void => {
    const ended = open.pop()
    if (ended === undefined) throw new XmlError('an end without a start')
    const element = finish(ended)
    const parent = open.at(-1)
    if (parent !== undefined) parent.children.push(element)
    else if (root === undefined) root = element
    else throw new XmlError('two elements at the top')
  }
  while (at < source.length) {
    const next = source.indexOf('<', at)
    const text = source.slice(at, next === -1 ? source.length : next)
    addText(open.at(-1), unescapeXml(text))
    if (next === -1) break
    if (source.startsWith('<!--', next)) at = after(source, '-->', next)
    else if (source.startsWith('<?', next)) at = after(source, '?>', next)
    else if (source.startsWith('<![CDATA[', next)) {
      at = after(source, ']]>', next)
      addText(open.at(-1), source.slice(next + 9, at - 3))
    } else if (source.startsWith('<!', next)) throw new XmlError('document types are not read')
    else {
      at = endOfTag(source, next)
      const inside = source.slice(next + 1, at - 1)
      if (inside.startsWith('/')) {
        if (open.at(-1)?.tag !== inside.slice(1).trim()) throw new XmlError(`</${inside.slice(1)}> ends nothing`)
        close()
      } else {
        const empty = inside.endsWith('/')
        open.push(start(empty ? inside.slice(0, -1) : inside, open.at(-1)?.scope ?? {}))
        if (open.length > MAX_DEPTH) throw new XmlError('nested too deeply')
        if (empty) close()
      }
    }
  }
  if (root === undefined || open.length > 0) throw new XmlError('the document is not complete')
  return root
}

function addText(open: Open | undefined, text: string): void {
  if (open !== undefined) open.text += text
  else if (text.trim() !== '' && text !== '\uFEFF') throw new XmlError('text outside of all elements')
}

function after(source: string, mark: string, from: number): number {
  const at = source.indexOf(mark, from)
  if (at === -1) throw new XmlError(`${mark} is missing`)
  return at + mark.length
}

/** Just behind the `>` of a tag; one in an attribute's value does not count. */
function endOfTag(source: string, from: number): number {
  let quote = ''
  for (let at = from; at < source.length; at++) {
    const sign = source[at] ?? ''
    if (quote !== '') {
      if (sign === quote) quote = ''
    } else if (sign === '"' || sign === "'") quote = sign
    else if (sign === '>') return at + 1
  }
  throw new XmlError('a tag does not end')
}

function start(inside: string, outer: Readonly<Record<string, string>>): Open {
  const [, tag = '', rest = ''] = /^([^\s/]+)([\s\S]*)$/.exec(inside) ?? []
  if (!NAME.test(tag)) throw new XmlError(`"${tag}" is no name`)
  const attributes: Record<string, string> = {}
  const scope: Record<string, string> = { ...outer }
  const left = rest.replace(
    /\s+([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g,
    (_all, name: string, a?: string, b?: string) => {
      const value = unescapeXml(a ?? b ?? '')
      if (name === 'xmlns') scope[''] = value
      else if (name.startsWith('xmlns:')) scope[name.slice(6)] = value
      else attributes[name.slice(name.indexOf(':') + 1)] = value
      return ''
    },
  )
  if (left.trim() !== '') throw new XmlError(`"${left.trim()}" is no attribute`)
  return { tag, scope, attributes, children: [], text: '' }
}

function finish({ tag, scope, attributes, children, text }: Open): XmlElement {
  const colon = tag.indexOf(':')
  const prefix = tag.slice(0, Math.max(0, colon))
  const space = scope[prefix]
  if (space === undefined && prefix !== '') throw new XmlError(`nothing says what "${prefix}:" means`)
  return { name: tag.slice(colon + 1), space: space ?? '', attributes, children, text }
}

function unescapeXml(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(#x[\da-fA-F]{1,6}|#\d{1,7}|\w*);?/g, (all, what: string) => {
    if (!all.endsWith(';')) throw new XmlError('a bare &')
    const named = NAMED[what]
    if (named !== undefined) return named
    const code = what.startsWith('#x') ? Number.parseInt(what.slice(2), 16) : Number(what.slice(1))
    if (!what.startsWith('#') || !(code > 0 && code <= 0x10_ffff)) throw new XmlError(`&${what}; is not known`)
    return String.fromCodePoint(code)
  })
}

/** Text as character data or a quoted attribute's value. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
}

/** The first child of that name, in whatever namespace. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find(child => child.name === name)
}
