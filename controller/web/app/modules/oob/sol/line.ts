// SPDX-License-Identifier: Apache-2.0
/** The line to a serial console: what is typed goes out, what is shown comes in, and how it ended. */

export type LineParts = {
  /** `https://…`, of the page. */
  readonly origin: string
  readonly path: string
  readonly token: string
  readonly project: string
  readonly guid: string
  readonly onOpen: () => void
  readonly onShow: (bytes: Uint8Array) => void
  readonly onClose: (event: Pick<CloseEvent, 'code' | 'reason'>) => void
}

export interface Line {
  /** Nothing happens while it is not open. */
  type(text: string): void
  close(): void
}

/** What the server takes at once is 64 KiB of UTF-8; a sign has four bytes at most. */
const MOST = 16_000

export function openLine({ origin, path, token, project, guid, onOpen, onShow, onClose }: LineParts): Line {
  const url = new URL(path, origin.replace(/^http/, 'ws'))
  url.searchParams.set('project', project)
  url.searchParams.set('device', guid)
  const socket = new WebSocket(url, `muster.${token}`)
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('open', onOpen)
  socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer | string>) =>
    onShow(typeof data === 'string' ? new TextEncoder().encode(data) : new Uint8Array(data)),
  )
  socket.addEventListener('close', onClose)
  return {
    type: text => {
      if (socket.readyState !== WebSocket.OPEN) return
      for (let at = 0; at < text.length; at += MOST) socket.send(new TextEncoder().encode(text.slice(at, at + MOST)))
    },
    close: () => socket.close(1000),
  }
}

/** A text that is more than one line: each would be carried out as it arrives. */
export function hasSeveralLines(text: string): boolean {
  return /[\r\n]/.test(text)
}

/** The control character of a key: `c` with Ctrl is 3; anything else stays as it is. */
export function withControl(text: string): string {
  const code = text.toUpperCase().charCodeAt(0)
  return text.length === 1 && code >= 0x40 && code <= 0x5f ? String.fromCharCode(code - 0x40) : text
}

/** What the keys send that small keyboards lack. */
export const KEYS = {
  esc: '\x1b',
  tab: '\t',
  left: '\x1b[D',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  enter: '\r',
} as const
