// SPDX-License-Identifier: Apache-2.0
/** The picture of a machine's screen, with what is done to it from here. */
import { Button, Group, Menu, Modal, NativeSelect, Stack, Text, Textarea } from '@mantine/core'
import { Camera, Keyboard, Type } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { t as kit } from '../../../words/kit.ts'
import { t } from '../../../words/oob-host.ts'
import type { Machine } from '../acts-host.ts'
import { plainText } from '../host/firmware.ts'
import { closingOf, Frame, type Stand } from '../session/frame.tsx'
import type { Grant } from '../session/preflight.tsx'
import { SPECIAL, strokesOf } from './strokes.ts'
import { openViewer, type Viewer } from './viewer.ts'

type ScreenProps = { readonly machine: Machine; readonly grant: Grant; readonly onAgain: () => Promise<void> }
type Depth = 1 | 2

export default function Screen({ machine, grant, onAgain }: ScreenProps) {
  const [depth, setDepth] = useState<Depth>(2)
  const [fits, setFits] = useState(true)
  const [typing, setTyping] = useState(false)
  const { canvas, stand, size, viewer, end } = useViewer(machine, grant, depth)
  const focus = (): void => canvas.current?.focus()
  const tools = (
    <>
      <Button size="xs" variant="default" aria-pressed={!fits} onClick={() => setFits(!fits)}>
        {fits ? t.kvm.actual : t.kvm.fit}
      </Button>
      <NativeSelect
        size="xs"
        aria-label={t.kvm.depth}
        value={String(depth)}
        onChange={event => {
          setDepth(event.currentTarget.value === '1' ? 1 : 2)
          // How a pixel is told is settled when the screen is opened.
          if (stand.is === 'connected') end()
        }}
        data={(['2', '1'] as const).map(value => ({ value, label: t.kvm.depths[value] }))}
      />
      <SpecialKeys
        onPick={strokes => {
          viewer.current?.strokes(strokes)
          focus()
        }}
      />
      <Button size="xs" variant="default" leftSection={<Type size={14} />} onClick={() => setTyping(true)}>
        {t.kvm.type}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<Camera size={14} />}
        onClick={() => shoot(canvas.current, machine.name)}
      >
        {t.kvm.shot}
      </Button>
    </>
  )
  return (
    <Frame
      label={t.preflight.kvm(plainText(machine.name, 60))}
      machine={machine}
      grant={grant}
      stand={stand}
      tools={tools}
      onEnd={end}
      onAgain={onAgain}
      foot={
        <div className="mu-session-foot">
          {size === undefined ? t.kvm.waiting : t.kvm.size(size.width, size.height)}. {t.kvm.hint}
        </div>
      }
    >
      <div className="mu-screen">
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: keys go on to the machine, which is what the role means */}
        <canvas
          role="application"
          ref={canvas}
          width={640}
          height={400}
          tabIndex={0}
          aria-label={t.kvm.screen}
          data-fit={fits ? 'yes' : 'no'}
          data-takes-keys
          data-screen
        />
      </div>
      <TypeText
        opened={typing}
        onClose={() => setTyping(false)}
        onType={text => {
          viewer.current?.strokes(strokesOf(text).strokes)
          setTyping(false)
          focus()
        }}
      />
    </Frame>
  )
}

function useViewer({ guid }: Machine, grant: Grant, depth: Depth) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const viewer = useRef<Viewer>(undefined)
  const byUs = useRef(false)
  const [stand, setStand] = useState<Stand>({ is: 'connecting' })
  const [size, setSize] = useState<{ readonly width: number; readonly height: number }>()
  // A change of colours counts from the next connection on.
  const wanted = useRef(depth)
  wanted.current = depth
  const end = (): void => {
    byUs.current = true
    viewer.current?.close()
  }
  const latest = useRef(end)
  latest.current = end
  useEffect(() => {
    const element = canvas.current
    if (element === null) return undefined
    byUs.current = false
    let isGone = false
    setStand({ is: 'connecting' })
    const made = openViewer({
      canvas: element,
      origin: location.origin,
      path: grant.path,
      token: grant.token,
      guid,
      depth: wanted.current,
      onOpen: (width, height) => {
        if (isGone) return
        setSize({ width, height })
        setStand({ is: 'connected' })
        element.focus()
      },
      onClose: event => {
        if (!isGone) setStand({ is: 'closed', why: closingOf(event), byUs: byUs.current })
      },
    })
    viewer.current = made
    const stop = listen(element, made, () => latest.current())
    return () => {
      isGone = true
      stop()
      made.close()
    }
  }, [grant, guid])
  return { canvas, viewer, stand, size, end }
}

/** Keys go to the machine while the picture has the focus; when it loses it, all are let go. */
function listen(element: HTMLCanvasElement, viewer: Viewer, end: () => void): () => void {
  const abort = new AbortController()
  const { signal } = abort
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey && event.shiftKey && event.key.toLowerCase() === 'e') {
      event.preventDefault()
      event.stopPropagation()
      if (event.type === 'keydown') end()
      return
    }
    viewer.key(event)
  }
  element.addEventListener('keydown', press, { signal })
  element.addEventListener('keyup', press, { signal })
  element.addEventListener('blur', () => viewer.release(), { signal })
  return () => abort.abort()
}

function SpecialKeys({ onPick }: { readonly onPick: (strokes: (typeof SPECIAL)[keyof typeof SPECIAL]) => void }) {
  const names = Object.keys(SPECIAL) as readonly (keyof typeof SPECIAL)[] // its own keys
  return (
    <Menu position="bottom-end" returnFocus={false}>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<Keyboard size={14} />}>
          {t.kvm.specialKeys}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {names.map(name => (
          <Menu.Item key={name} onClick={() => onPick(SPECIAL[name])}>
            {t.kvm.special[name]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

type TypeTextProps = {
  readonly opened: boolean
  readonly onClose: () => void
  readonly onType: (text: string) => void
}

const MOST = 2_000

function TypeText({ opened, onClose, onType }: TypeTextProps) {
  const [text, setText] = useState('')
  const { left } = strokesOf(text)
  const count = [...text].length - left
  const done = (act: () => void): void => {
    setText('')
    act()
  }
  return (
    <Modal
      opened={opened}
      onClose={() => done(onClose)}
      title={t.kvm.typeTitle}
      closeButtonProps={{ 'aria-label': kit.close }}
    >
      <Stack gap="sm">
        <Text size="sm">{t.kvm.typeWhat}</Text>
        <Textarea
          label={t.kvm.typeText}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
          maxLength={MOST}
          autosize
          minRows={3}
          spellCheck={false}
          data-autofocus
        />
        {left > 0 && <Text size="sm">{t.kvm.left(left)}</Text>}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => done(onClose)}>
            {kit.cancel}
          </Button>
          <Button disabled={count === 0} onClick={() => done(() => onType(text))}>
            {t.kvm.typed(count)}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** The picture as a file; it stays in this browser. */
function shoot(canvas: HTMLCanvasElement | null, name: string): void {
  canvas?.toBlob(blob => {
    if (blob === null) return
    const link = document.createElement('a')
    link.href = URL.createObjectURL(blob)
    link.download = `${name.replaceAll(/[^\w.-]+/g, '-')}-${new Date().toISOString().replaceAll(':', '-')}.png`
    link.click()
    URL.revokeObjectURL(link.href)
  })
}
