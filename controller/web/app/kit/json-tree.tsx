// SPDX-License-Identifier: Apache-2.0
/** A document as a tree that opens member by member, with a search over names and values and paths to copy. */
import { Group, TextInput, UnstyledButton } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { Check, ChevronDown, ChevronRight, Copy } from 'lucide-react'
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react'
import { t } from '../words/views.ts'
import { isMembers, type Json } from './diff.ts'
import { jsonPath, spelled } from './spell.ts'
import './views.css'

export type JsonTreeProps = {
  readonly value: Json
  /** What the document is, for people who do not see it. */
  readonly label: string
  /** Levels that are open at first. */
  readonly depth?: number
  readonly query?: string
  readonly onQuery?: (query: string) => void
}

type Path = readonly (string | number)[]

/** Children drawn at once; more on demand. */
const MOST = 200

export function JsonTree({ value, label, depth = 1, query: asked, onQuery }: JsonTreeProps) {
  const [typed, setTyped] = useState('')
  const [force, setForce] = useState<{ open: boolean; count: number }>()
  const shown = asked ?? typed
  const query = useDeferredValue(shown.trim().toLowerCase())
  const found = useMemo(() => (query === '' ? undefined : fitting(value, query)), [value, query])
  const toggle = (open: boolean): void => setForce(old => ({ open, count: (old?.count ?? 0) + 1 }))
  return (
    <div>
      <Group gap="xs" mb="xs">
        <TextInput
          flex={1}
          miw={180}
          size="xs"
          type="search"
          aria-label={t.tree.search}
          placeholder={t.tree.search}
          value={shown}
          onChange={event => (onQuery ?? setTyped)(event.currentTarget.value)}
          data-search
        />
        <UnstyledButton fz="xs" onClick={() => toggle(true)}>
          {t.tree.openAll}
        </UnstyledButton>
        <UnstyledButton fz="xs" onClick={() => toggle(false)}>
          {t.tree.closeAll}
        </UnstyledButton>
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so must be reached by keys */}
      <section className="mu-tree" aria-label={label} tabIndex={0}>
        {found !== undefined && found.size === 0 ? (
          <p>{t.tree.nothing(query)}</p>
        ) : (
          <ul key={force?.count ?? 0}>
            <Children
              value={value}
              path={[]}
              depth={force === undefined ? depth : force.open ? 99 : 0}
              found={found}
              query={query}
            />
          </ul>
        )}
      </section>
    </div>
  )
}

/** Paths, spelled, of what fits and of all above and below it. */
function fitting(value: Json, query: string): ReadonlySet<string> {
  const found = new Set<string>()
  const look = (at: Json, path: Path, inside: boolean): boolean => {
    const name = String(path.at(-1) ?? '').toLowerCase()
    const fits = inside || name.includes(query) || (!isBranch(at) && spelled(at).toLowerCase().includes(query))
    const below = entriesOf(at).map(([step, each]) => look(each, [...path, step], fits))
    const any = fits || below.includes(true)
    if (any && path.length > 0) found.add(JSON.stringify(path))
    return any
  }
  look(value, [], false)
  return found
}

function isBranch(value: Json): boolean {
  return Array.isArray(value) || isMembers(value)
}

function entriesOf(value: Json): readonly (readonly [string | number, Json])[] {
  if (Array.isArray(value)) return value.map((each, at) => [at, each] as const)
  return isMembers(value) ? Object.entries(value) : []
}

type Level = {
  readonly value: Json
  readonly path: Path
  readonly depth: number
  readonly found: ReadonlySet<string> | undefined
  readonly query: string
}

function Children({ value, path, found, ...rest }: Level) {
  const [most, setMost] = useState(MOST)
  const all = entriesOf(value).filter(([step]) => found === undefined || found.has(JSON.stringify([...path, step])))
  return (
    <>
      {all.slice(0, most).map(([step, each]) => (
        <Branch key={step} value={each} path={[...path, step]} found={found} {...rest} />
      ))}
      {all.length > most && (
        <li>
          <UnstyledButton fz="xs" onClick={() => setMost(most + MOST)}>
            {t.tree.more(all.length - most)}
          </UnstyledButton>
        </li>
      )}
    </>
  )
}

function Branch(level: Level) {
  const { value, path, depth, found, query } = level
  const [opened, setOpened] = useState(path.length <= depth)
  const step = path.at(-1) ?? ''
  const name = typeof step === 'number' ? `[${step}]` : spelled(step).slice(1, -1)
  const isOpen = opened || found !== undefined
  if (!isBranch(value) || entriesOf(value).length === 0)
    return (
      <li>
        <div className="mu-tree-line">
          <span className="mu-tree-name">{marked(name, query)}:</span>
          <span className="mu-tree-value">{marked(spelled(value), query)}</span>
          <CopyPath path={path} />
        </div>
      </li>
    )
  const count = entriesOf(value).length
  const Arrow = isOpen ? ChevronDown : ChevronRight
  return (
    <li>
      <div className="mu-tree-line">
        <button type="button" className="mu-tree-toggle" aria-expanded={isOpen} onClick={() => setOpened(!isOpen)}>
          <Arrow size={12} className="mu-tree-arrow" aria-hidden />
          <span className="mu-tree-name">{marked(name, query)}</span>
          <small>{Array.isArray(value) ? t.tree.list(count) : t.tree.members(count)}</small>
        </button>
        <CopyPath path={path} />
      </div>
      {isOpen && (
        <ul>
          <Children {...level} />
        </ul>
      )}
    </li>
  )
}

function CopyPath({ path }: { readonly path: Path }) {
  const clipboard = useClipboard({ timeout: 1_200 })
  const text = jsonPath(path)
  return (
    <button
      type="button"
      className="mu-tree-copy"
      aria-label={t.tree.copyPath(text)}
      title={text}
      onClick={() => clipboard.copy(text)}
    >
      {clipboard.copied ? <Check size={12} /> : <Copy size={12} />}
    </button>
  )
}

/** The text with what was looked for set off. */
function marked(text: string, query: string): ReactNode {
  const at = query === '' ? -1 : text.toLowerCase().indexOf(query)
  if (at < 0) return text
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + query.length)}</mark>
      {text.slice(at + query.length)}
    </>
  )
}
