// SPDX-License-Identifier: Apache-2.0
/** A place to write JSON: lines with numbers, and what is wrong with them. */
import { Text } from '@mantine/core'
import { useId, useRef } from 'react'

export type JsonEditorProps = {
  readonly label: string
  readonly text: string
  readonly onText: (text: string) => void
  readonly readOnly?: boolean
  readonly wrong?: string | undefined
}

const [FEWEST, MOST] = [8, 40]

export function JsonEditor({ label, text, onText, readOnly = false, wrong }: JsonEditorProps) {
  const id = useId()
  const numbers = useRef<HTMLDivElement>(null)
  const lines = text.split('\n').length
  const rows = Math.min(MOST, Math.max(FEWEST, lines + 1))
  return (
    <div>
      <div className="mu-editor">
        <div ref={numbers} className="mu-editor-lines" aria-hidden style={{ height: rows * 20 + 16 }}>
          {Array.from({ length: Math.max(lines, FEWEST) }, (_, at) => at + 1).join('\n')}
        </div>
        <textarea
          aria-label={label}
          aria-invalid={wrong !== undefined}
          aria-describedby={wrong === undefined ? undefined : id}
          value={text}
          readOnly={readOnly}
          rows={rows}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          onChange={event => onText(event.currentTarget.value)}
          onScroll={event => {
            if (numbers.current !== null) numbers.current.scrollTop = event.currentTarget.scrollTop
          }}
        />
      </div>
      {wrong !== undefined && (
        <Text id={id} size="sm" className="mu-failing" mt={4}>
          {wrong}
        </Text>
      )}
    </div>
  )
}
