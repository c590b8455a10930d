// SPDX-License-Identifier: Apache-2.0
/** Server-sent events (WHATWG HTML §9.2) as a stream of bytes carries them; read alike by command line and dashboard. */

export type ServerEvent = { readonly id: string; readonly type: string; readonly data: string }
/** A comment tells that the connection lives. */
export type StreamItem = { readonly kind: 'event'; readonly event: ServerEvent } | { readonly kind: 'comment' }

/** Longest line we hold; the controller's events are far smaller. */
const MAX_LINE = 1_048_576

/** Parses the stream as §9.2.6 says; the id holds until the next one. */
export async function* readEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<StreamItem> {
  const decoder = new TextDecoder()
  let rest = ''
  let id = ''
  let type = ''
  let data: string[] = []
  for await (const part of bytes) {
    rest += decoder.decode(part, { stream: true })
    if (rest.length > MAX_LINE) return
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { kind: 'event', event: { id, type: type || 'message', data: data.join('\n') } }
        type = ''
        data = []
        continue
      }
      const { field, value } = fieldOf(line)
      if (field === '') yield { kind: 'comment' }
      else if (field === 'data') data.push(value)
      else if (field === 'event') type = value
      else if (field === 'id' && !value.includes('\0')) id = value
    }
  }
}

function fieldOf(line: string): { field: string; value: string } {
  const colon = line.indexOf(':')
  if (colon < 0) return { field: line, value: '' }
  const value = line.slice(colon + 1)
  return { field: line.slice(0, colon), value: value.startsWith(' ') ? value.slice(1) : value }
}
