// SPDX-License-Identifier: Apache-2.0
/** The terminal of the browser, under the policy of the page. The only importer of xterm. */
import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon } from '@xterm/addon-search'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'

export type Screen = {
  write(text: Uint8Array | string): void
  /** Types it, as the host expects pasted text. */
  paste(text: string): void
  focus(): void
  fit(): void
  fontSize(points: number): void
  forReader(on: boolean): void
  find(text: string, backwards: boolean): boolean
  dispose(): void
}

export type ScreenParts = {
  readonly holder: HTMLElement
  readonly nonce: string
  readonly label: string
  /** What was typed, and what the terminal answers by itself. */
  readonly onType: (text: string) => void
  /** Looks at a key before the host gets it; `true` when it was for us. */
  readonly onKey: (event: KeyboardEvent) => boolean
  /** As large as it was when it was recorded; as large as its holder when left out. */
  readonly size?: { readonly cols: number; readonly rows: number }
}

const SCROLLBACK = 5_000

type CreateElement = typeof document.createElement & { users?: number }

/**
 * Has the document make elements that the policy of the page takes, until it is told to stop: style elements carry the
 * nonce, and a style that is written as an attribute is set by the object model. The terminal makes such elements for as
 * long as it draws, so this holds for its life; several terminals share it.
 */
export function obeyPolicy(nonce: string): () => void {
  const present: CreateElement = document.createElement
  if (present.users !== undefined) present.users += 1
  else Object.defineProperty(document, 'createElement', { value: obeying(nonce), configurable: true, writable: true })
  return () => {
    const current: CreateElement = document.createElement
    if (current.users === undefined) return
    current.users -= 1
    // What stands in the prototype is there again.
    if (current.users === 0) Reflect.deleteProperty(document, 'createElement')
  }
}

function obeying(nonce: string): CreateElement {
  const { createElement } = Document.prototype
  const made = (name: string, options?: ElementCreationOptions): HTMLElement => {
    const element = createElement.call(document, name, options)
    if (name === 'style') element.nonce = nonce
    if (name === 'span') {
      element.setAttribute = (attribute, value) => {
        if (attribute === 'style') element.style.cssText = value
        else Element.prototype.setAttribute.call(element, attribute, value)
      }
    }
    return element
  }
  return Object.assign(made, { users: 1 }) as CreateElement // it makes whatever the other makes
}

export function createScreen({ holder, nonce, label, onType, onKey, size }: ScreenParts): Screen {
  const disobey = obeyPolicy(nonce)
  const terminal = new Terminal({
    ...size,
    scrollback: SCROLLBACK,
    fontSize: 14,
    fontFamily: 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace',
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    minimumContrastRatio: 4.5,
    theme: { background: '#14181c', foreground: '#e6eaee', cursor: '#7db7f0' },
    // Whoever runs on the host writes links; they stay text.
    linkHandler: { activate: () => undefined, allowNonHttpProtocols: false },
    // Nothing that comes from the host moves, sizes or reads the window.
    windowOptions: {},
  })
  const fit = new FitAddon()
  const search = new SearchAddon()
  terminal.loadAddon(fit)
  terminal.loadAddon(search)
  terminal.open(holder)
  if (size === undefined) fit.fit()
  terminal.textarea?.setAttribute('aria-label', label)
  terminal.attachCustomKeyEventHandler(event => !onKey(event))
  terminal.onData(onType)
  return {
    write: text => terminal.write(text),
    paste: text => terminal.paste(text),
    focus: () => terminal.focus(),
    fit: () => fit.fit(),
    fontSize: points => {
      terminal.options.fontSize = points
      fit.fit()
    },
    forReader: on => {
      terminal.options.screenReaderMode = on
    },
    find: (text, backwards) => (backwards ? search.findPrevious(text) : search.findNext(text)),
    dispose: () => {
      terminal.dispose()
      disobey()
    },
  }
}
