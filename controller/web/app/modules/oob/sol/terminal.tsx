// SPDX-License-Identifier: Apache-2.0
/** The terminal on a serial console, with its search, its paste guard and its keys. */
import { ActionIcon, Switch, Tooltip } from '@mantine/core'
import { AArrowDown, AArrowUp, Search } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useProject } from '../../../shell/go.tsx'
import { useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/oob-host.ts'
import type { Machine } from '../acts-host.ts'
import { plainText } from '../host/firmware.ts'
import { closingOf, Frame, type Stand } from '../session/frame.tsx'
import type { Grant } from '../session/preflight.tsx'
import { Finder } from './finder.tsx'
import { Foot } from './foot.tsx'
import { hasSeveralLines, type Line, openLine } from './line.ts'
import { PasteGuard } from './paste-guard.tsx'
import { createScreen, type Screen } from './xterm.ts'

type TerminalProps = { readonly machine: Machine; readonly grant: Grant; readonly onAgain: () => Promise<void> }

const SIZES = { least: 10, usual: 14, most: 24, step: 2 }

export default function Terminal({ machine, grant, onAgain }: TerminalProps) {
  const { holder, stand, latency, screen, type, end } = useTerminal(machine, grant)
  const [finding, setFinding] = useState(false)
  const [size, setSize] = useState(SIZES.usual)
  const [reader, setReader] = useState(false)
  const [paste, setPaste] = useState<string>()
  useKeys(holder, { end, find: () => setFinding(true), paste: setPaste })
  const resize = (by: number): void => {
    const next = Math.min(SIZES.most, Math.max(SIZES.least, size + by))
    setSize(next)
    screen.current?.fontSize(next)
  }
  const tools = (
    <>
      <Tool label={t.sol.search} onClick={() => setFinding(!finding)} icon={<Search size={16} />} />
      <Tool label={t.sol.smaller} onClick={() => resize(-SIZES.step)} icon={<AArrowDown size={16} />} />
      <Tool label={t.sol.bigger} onClick={() => resize(SIZES.step)} icon={<AArrowUp size={16} />} />
      <Switch
        size="xs"
        label={t.sol.reader}
        checked={reader}
        onChange={event => {
          setReader(event.currentTarget.checked)
          screen.current?.forReader(event.currentTarget.checked)
        }}
      />
    </>
  )
  return (
    <Frame
      label={t.preflight.sol(plainText(machine.name, 60))}
      machine={machine}
      grant={grant}
      stand={stand}
      latency={latency}
      tools={tools}
      onEnd={end}
      onAgain={onAgain}
      foot={<Foot type={type} focus={() => screen.current?.focus()} />}
    >
      {finding && <Finder screen={screen.current} onClose={() => setFinding(false)} />}
      <div ref={holder} className="mu-terminal" data-takes-keys data-terminal />
      <PasteGuard
        text={paste}
        onClose={() => setPaste(undefined)}
        onPaste={text => {
          setPaste(undefined)
          screen.current?.paste(text)
          screen.current?.focus()
        }}
      />
    </Frame>
  )
}

type ToolProps = { readonly label: string; readonly onClick: () => void; readonly icon: React.ReactNode }

function Tool({ label, onClick, icon }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size="md" aria-label={label} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  )
}

/** The terminal lives as long as the page; each grant opens a line of its own, and what was shown stays. */
function useTerminal({ guid }: Machine, grant: Grant) {
  const holder = useRef<HTMLDivElement>(null)
  const screen = useRef<Screen>(undefined)
  const line = useRef<Line>(undefined)
  const typedAt = useRef<number>(undefined)
  const [stand, setStand] = useState<Stand>({ is: 'connecting' })
  const [latency, setLatency] = useState<number>()
  const { nonce } = useSurroundings()
  const project = useProject()
  const byUs = useRef(false)
  const type = useCallback((text: string): void => {
    typedAt.current ??= performance.now()
    line.current?.type(text)
  }, [])
  const end = useCallback((): void => {
    byUs.current = true
    line.current?.close()
  }, [])
  const onType = useRef(type)
  useEffect(() => {
    if (holder.current === null) return undefined
    const made = createScreen({
      holder: holder.current,
      nonce,
      label: t.sol.terminal,
      onType: text => onType.current(text),
      onKey: isOurs,
    })
    screen.current = made
    const watch = new ResizeObserver(() => made.fit())
    watch.observe(holder.current)
    return () => {
      watch.disconnect()
      made.dispose()
      screen.current = undefined
    }
  }, [nonce])
  useEffect(() => {
    byUs.current = false
    let isGone = false
    setStand({ is: 'connecting' })
    line.current = openLine({
      origin: location.origin,
      path: grant.path,
      token: grant.token,
      project,
      guid,
      onOpen: () => {
        if (isGone) return
        setStand({ is: 'connected' })
        screen.current?.focus()
      },
      onShow: bytes => {
        screen.current?.write(bytes)
        if (typedAt.current === undefined) return
        setLatency(performance.now() - typedAt.current)
        typedAt.current = undefined
      },
      onClose: event => {
        if (!isGone) setStand({ is: 'closed', why: closingOf(event), byUs: byUs.current })
      },
    })
    return () => {
      isGone = true
      line.current?.close()
    }
  }, [grant, guid, project])
  return { holder, screen, stand, latency, type, end }
}

/** Keys that are not the host's. */
function isOurs(event: KeyboardEvent): boolean {
  return event.ctrlKey && event.shiftKey && /^[ef]$/i.test(event.key)
}

type KeyActs = {
  readonly end: () => void
  readonly find: () => void
  readonly paste: (text: string) => void
}

/** Our own keys and what is pasted, looked at before the terminal sees them. */
function useKeys(holder: React.RefObject<HTMLDivElement | null>, acts: KeyActs): void {
  const latest = useRef(acts)
  latest.current = acts
  useEffect(() => {
    const element = holder.current
    if (element === null) return undefined
    const press = (event: KeyboardEvent): void => {
      if (!isOurs(event)) return
      event.preventDefault()
      event.stopPropagation()
      if (event.key.toLowerCase() === 'e') latest.current.end()
      else latest.current.find()
    }
    const paste = (event: ClipboardEvent): void => {
      const text = event.clipboardData?.getData('text/plain') ?? ''
      if (!hasSeveralLines(text)) return
      event.preventDefault()
      event.stopPropagation()
      latest.current.paste(text)
    }
    element.addEventListener('keydown', press, { capture: true })
    element.addEventListener('paste', paste, { capture: true })
    return () => {
      element.removeEventListener('keydown', press, { capture: true })
      element.removeEventListener('paste', paste, { capture: true })
    }
  }, [holder])
}
