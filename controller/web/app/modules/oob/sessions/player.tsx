// SPDX-License-Identifier: Apache-2.0
/** Plays what a machine said on its serial console, in a terminal of the size it had. */
import { Button, Checkbox, SegmentedControl, Text } from '@mantine/core'
import { Pause, Play, RotateCcw } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/oob-care.ts'
import { createScreen, type Screen } from '../sol/xterm.ts'
import { type Cast, clock, timelineOf } from './cast.ts'
import '../oob.css'

const SPEEDS = [0.5, 1, 2, 4, 8] as const
const MS = 1_000
/** Clears everything, as a terminal that is switched on (RIS). */
const RESET = '\u001bc'

export default function Player({ cast }: { readonly cast: Cast }) {
  const { nonce } = useSurroundings()
  const holder = useRef<HTMLDivElement>(null)
  const screen = useRef<Screen>(undefined)
  const [skip, setSkip] = useState(true)
  const timeline = useMemo(() => timelineOf(cast.said, skip), [cast, skip])
  const end = timeline.at(-1)?.at ?? 0
  const [at, setAt] = useState(0)
  const [speed, setSpeed] = useState(1)
  const [playing, setPlaying] = useState(false)
  /** How many of the timeline are on the screen. */
  const shown = useRef(0)
  useEffect(() => {
    if (holder.current === null) return
    const { cols, rows } = cast
    const made = createScreen({
      holder: holder.current,
      nonce,
      label: t.player.label,
      onType: () => undefined,
      onKey: () => true,
      size: { cols, rows },
    })
    screen.current = made
    shown.current = 0
    return () => made.dispose()
  }, [cast, nonce])
  const show = useCallback(
    (until: number) => {
      const due = timeline.findIndex(each => each.at > until)
      const next = due === -1 ? timeline.length : due
      if (next < shown.current) {
        screen.current?.write(RESET)
        shown.current = 0
      }
      const text = timeline.slice(shown.current, next).map(each => each.text)
      if (text.length > 0) screen.current?.write(text.join(''))
      shown.current = next
    },
    [timeline],
  )
  const seek = useCallback(
    (to: number) => {
      setAt(to)
      show(to)
    },
    [show],
  )
  useEffect(() => {
    if (!playing) return
    let before = performance.now()
    let frame = 0
    const step = (now: number): void => {
      const passed = ((now - before) / MS) * speed
      before = now
      setAt(old => Math.min(end, old + passed))
      frame = requestAnimationFrame(step)
    }
    frame = requestAnimationFrame(step)
    return () => cancelAnimationFrame(frame)
  }, [playing, speed, end])
  useEffect(() => {
    show(at)
    if (at >= end) setPlaying(false)
  }, [at, end, show])
  const isOver = at >= end && end > 0
  return (
    <section aria-label={t.player.label}>
      <div className="mu-screen" ref={holder} dir="ltr" />
      {cast.said.length === 0 && <Text size="sm">{t.player.empty}</Text>}
      <div className="mu-player">
        <Button
          size="sm"
          leftSection={
            playing ? (
              <Pause size={16} aria-hidden />
            ) : isOver ? (
              <RotateCcw size={16} aria-hidden />
            ) : (
              <Play size={16} aria-hidden />
            )
          }
          onClick={() => {
            if (isOver) seek(0)
            setPlaying(!playing)
          }}
        >
          {playing ? t.player.pause : isOver ? t.player.again : t.player.play}
        </Button>
        <input
          type="range"
          className="mu-player-seek"
          aria-label={t.player.seek}
          aria-valuetext={t.player.at(clock(at), clock(end))}
          min={0}
          max={end}
          step={0.1}
          value={at}
          onChange={event => seek(Number(event.currentTarget.value))}
        />
        <Text size="sm" className="mu-player-at">
          {t.player.at(clock(at), clock(end))}
        </Text>
        <SegmentedControl
          size="xs"
          aria-label={t.player.speed}
          value={String(speed)}
          onChange={next => setSpeed(Number(next))}
          data={SPEEDS.map(each => ({ value: String(each), label: t.player.times(each) }))}
        />
        <Checkbox
          label={t.player.skip}
          checked={skip}
          onChange={event => {
            setSkip(event.currentTarget.checked)
            seek(0)
          }}
        />
      </div>
    </section>
  )
}
