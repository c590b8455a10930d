// SPDX-License-Identifier: Apache-2.0
/** The screen of a machine on a canvas, by the classes of the Device Management Toolkit. Their only importer. */
import {
  AMTDesktop,
  AMTKeyCodeConverter,
  AMTKvmDataRedirector,
  CommsHelper,
  DataProcessor,
  KeyBoardHelper,
  MouseHelper,
  Protocol,
} from '@device-management-toolkit/ui-toolkit/core'
import type { Stroke } from './strokes.ts'

export type ViewerParts = {
  readonly canvas: HTMLCanvasElement
  /** `https://…`, of the page. */
  readonly origin: string
  /** Of the relay. */
  readonly path: string
  readonly token: string
  readonly guid: string
  /** Bytes of a pixel. */
  readonly depth: 1 | 2
  readonly onOpen: (width: number, height: number) => void
  readonly onClose: (event: Pick<CloseEvent, 'code' | 'reason'>) => void
}

export interface Viewer {
  key(event: KeyboardEvent): void
  /** Lets go of every key that is down. */
  release(): void
  strokes(strokes: readonly Stroke[]): void
  close(): void
}

const PORT = 16_994
/** Moves of the mouse are told at most so often, in milliseconds. */
const MOUSE_MS = 20
/** State of the screen's protocol in which pictures come. */
const OPEN = 3
const UP = 0
const DOWN = 1

export function openViewer(parts: ViewerParts): Viewer {
  const { canvas, depth, onOpen } = parts
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('this browser draws nothing')
  const desktop = new AMTDesktop(context)
  const redirector = new AMTKvmDataRedirector({
    mode: 'kvm',
    protocol: Protocol.KVM,
    // A reader without methods makes it take the bytes as they are.
    fr: {} as FileReader,
    host: parts.guid,
    port: PORT,
    // The controller logs in: what stands here is thrown away.
    user: '',
    pass: '',
    tls: 0,
    tls1only: 0,
    authToken: parts.token,
    server: relayOf(parts),
  })
  const data = new DataProcessor(redirector, desktop)
  desktop.bpp = depth
  desktop.onSend = text => redirector.send(text)
  desktop.onStateChange = state => {
    if (state === OPEN) onOpen(desktop.ScreenWidth, desktop.ScreenHeight)
  }
  desktop.onScreenSizeChange = onOpen
  redirector.onProcessData = text => data.processData(text)
  redirector.onStart = () => desktop.start()
  redirector.onSendKvmData = text => desktop.onSendKvmData(text)
  redirector.onNewState = () => undefined
  redirector.onError = () => undefined
  const stop = follow({ canvas, desktop, redirector })
  const keys = new KeyBoardHelper(desktop, redirector)
  const down = new Map<string, number>()
  redirector.start(socketThatTells(parts.onClose))
  return {
    key: event => {
      const sign: unknown = AMTKeyCodeConverter.convertAMTKeyCode(event)
      if (event.type === 'keyup') {
        down.delete(event.code)
        keys.handleKeyUp(event)
        return
      }
      if (typeof sign === 'number') down.set(event.code, sign)
      keys.handleKeyDown(event)
    },
    release: () => {
      for (const sign of down.values()) CommsHelper.sendKey(redirector, sign, UP)
      down.clear()
    },
    strokes: strokes => {
      for (const { key, isDown } of strokes) CommsHelper.sendKey(redirector, key, isDown ? DOWN : UP)
    },
    close: () => {
      stop()
      redirector.stop()
    },
  }
}

/** The toolkit adds the name of the relay itself. */
function relayOf({ origin, path }: ViewerParts): string {
  return `${origin.replace(/^http/, 'ws')}${path.slice(0, path.lastIndexOf('/'))}`
}

/** The toolkit forgets why a socket closed. */
function socketThatTells(onClose: ViewerParts['onClose']) {
  return class extends WebSocket {
    constructor(address: string, token: string) {
      super(address, token)
      this.binaryType = 'arraybuffer'
      this.addEventListener('close', onClose)
    }
  }
}

type Following = {
  readonly canvas: HTMLCanvasElement
  readonly desktop: AMTDesktop
  readonly redirector: AMTKvmDataRedirector
}

const WHEEL = { up: 8, down: 16 } as const

/** Tells of the mouse until it is stopped. */
function follow({ canvas, desktop, redirector }: Following): () => void {
  const mouse = new MouseHelper(desktop, redirector, MOUSE_MS)
  const abort = new AbortController()
  const { signal } = abort
  canvas.addEventListener(
    'mousedown',
    event => {
      canvas.focus()
      mouse.resetOffsets()
      mouse.mousedown(event)
    },
    { signal },
  )
  canvas.addEventListener('mousemove', event => void mouse.mousemove(event), { signal })
  // A button that is let go beside the picture is let go.
  addEventListener('mouseup', event => void (desktop.buttonmask !== 0 && mouse.mouseup(event)), { signal })
  canvas.addEventListener('contextmenu', event => event.preventDefault(), { signal })
  canvas.addEventListener(
    'wheel',
    event => {
      event.preventDefault()
      const mask = desktop.buttonmask
      for (const each of [mask | (event.deltaY < 0 ? WHEEL.up : WHEEL.down), mask])
        redirector.send(
          String.fromCharCode(5, each, ...short(desktop.lastMouseX ?? 0), ...short(desktop.lastMouseY ?? 0)),
        )
    },
    { signal, passive: false },
  )
  return () => abort.abort()
}

function short(value: number): readonly [number, number] {
  const whole = Math.max(0, Math.round(value))
  return [(whole >> 8) & 255, whole & 255]
}
