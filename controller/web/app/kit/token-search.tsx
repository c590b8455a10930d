// SPDX-License-Identifier: Apache-2.0
/** One box for a search in words, with what could come next below it: keys first, then real values with their numbers. */
import { CloseButton, TextInput } from '@mantine/core'
import { Search } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react'
import { number } from '../words/catalogue.ts'
import { t } from '../words/kit.ts'
import { Literal } from './literal.tsx'
import './token-search.css'

export type Suggestion = {
  /** What is put in place of the word at the cursor. */
  readonly text: string
  /** What it is for, or how it is spoken of. */
  readonly hint?: string
  readonly count?: number
  /** More is to be written behind it: a key, whose values come next. */
  readonly goesOn?: boolean
}

/** The word at the cursor: its place in the text. */
export type Caret = { readonly at: number; readonly end: number }

export type TokenSearchProps = {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onChange: (text: string) => void
  /** Enter, a choice from the list, and leaving the box. */
  readonly onSubmit: (text: string) => void
  /** Where the cursor is; whoever knows what could stand there changes `suggestions`. */
  readonly onCaret: (caret: number) => void
  readonly suggestions: readonly Suggestion[]
  /** The word that a suggestion replaces. */
  readonly word: Caret
  /** Why the text cannot be answered. */
  readonly problem?: string | undefined
  readonly leftSection?: ReactNode
}

export function TokenSearch(props: TokenSearchProps) {
  const { label, placeholder, value, onChange, onSubmit, onCaret, suggestions, problem } = props
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [isOpen, setOpen] = useState(false)
  const [at, setAt] = useState(-1)
  const isShown = isOpen && suggestions.length > 0
  const active = isShown ? Math.min(at, suggestions.length - 1) : -1
  const take = (suggestion: Suggestion): void => {
    const { text, caret } = placed(value, props.word, suggestion)
    onChange(text)
    setAt(-1)
    if (suggestion.goesOn !== true) onSubmit(text)
    setOpen(suggestion.goesOn === true)
    requestAnimationFrame(() => {
      input.current?.focus()
      input.current?.setSelectionRange(caret, caret)
      onCaret(caret)
    })
  }
  const onKey = (event: KeyboardEvent): void => {
    const chosen = active >= 0 ? suggestions[active] : undefined
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => {
        setOpen(true)
        setAt(Math.min(suggestions.length - 1, active + 1))
      },
      ArrowUp: () => setAt(Math.max(-1, active - 1)),
      Enter: () => {
        if (chosen === undefined) {
          setOpen(false)
          onSubmit(value)
        } else take(chosen)
      },
      ...(isShown ? { Escape: () => setOpen(false) } : {}),
      ...(chosen === undefined ? {} : { Tab: () => take(chosen) }),
    }
    const act = keys[event.key]
    if (act === undefined) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }
  return (
    <div className="mu-tokens">
      <TextInput
        ref={input}
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={isShown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        aria-invalid={problem !== undefined}
        data-search
        autoComplete="off"
        spellCheck={false}
        maxLength={1_000}
        placeholder={placeholder}
        value={value}
        error={problem}
        leftSection={props.leftSection ?? <Search size={14} aria-hidden />}
        rightSection={
          value === '' ? null : (
            <CloseButton
              size="sm"
              aria-label={t.clearSearch}
              onClick={() => {
                onChange('')
                onSubmit('')
                input.current?.focus()
              }}
            />
          )
        }
        onChange={event => {
          onChange(event.currentTarget.value)
          onCaret(event.currentTarget.selectionStart ?? event.currentTarget.value.length)
          setOpen(true)
          setAt(-1)
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => {
          setOpen(false)
          onSubmit(value)
        }}
        onSelect={event => onCaret(event.currentTarget.selectionStart ?? 0)}
        onKeyDown={onKey}
      />
      {isShown && <Options id={id} suggestions={suggestions} active={active} onTake={take} />}
    </div>
  )
}

type OptionsProps = {
  readonly id: string
  readonly suggestions: readonly Suggestion[]
  readonly active: number
  readonly onTake: (suggestion: Suggestion) => void
}

function Options({ id, suggestions, active, onTake }: OptionsProps) {
  return (
    <div id={`${id}-list`} role="listbox" aria-label={t.suggestions} className="mu-suggestions">
      {suggestions.map((suggestion, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the box takes the keys for the list
        <div
          key={suggestion.text}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className="mu-suggestion"
          // The box keeps the focus, so that it is not left before the choice is made.
          onMouseDown={event => event.preventDefault()}
          onClick={() => onTake(suggestion)}
        >
          <span className="mu-suggestion-text">
            <Literal text={suggestion.text} max={80} />
          </span>
          {suggestion.hint !== undefined && <span className="mu-suggestion-hint">{suggestion.hint}</span>}
          {suggestion.count !== undefined && <span className="mu-suggestion-count">{number(suggestion.count)}</span>}
        </div>
      ))}
    </div>
  )
}

/** The text with a suggestion in place of the word at the cursor, and where the cursor goes. */
function placed(value: string, { at, end }: Caret, { text, goesOn }: Suggestion) {
  const rest = value.slice(end).replace(/^\s+/, '')
  const before = `${value.slice(0, at)}${text}${goesOn === true ? '' : ' '}`
  return {
    text: goesOn === true ? `${before}${rest === '' ? '' : ` ${rest}`}` : `${before}${rest}`,
    caret: before.length,
  }
}
