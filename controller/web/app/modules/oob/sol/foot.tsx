// SPDX-License-Identifier: Apache-2.0
/** Below the terminal: keys that a small keyboard lacks, and which keys are not the host's. */
import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { t } from '../../../words/oob-host.ts'
import { KEYS, withControl } from './line.ts'

type FootProps = { readonly type: (text: string) => void; readonly focus: () => void }

/** Keys that a small keyboard lacks; Ctrl holds for the next one typed there. */
export function Foot({ type, focus }: FootProps) {
  const keys = Object.entries(KEYS) as readonly [keyof typeof KEYS, string][] // its own keys
  return (
    <>
      <div className="mu-keyrow" role="toolbar" aria-label={t.sol.keys}>
        {keys.map(([name, sent]) => (
          <Button
            key={name}
            variant="default"
            size="xs"
            px={0}
            aria-label={t.sol.keyName[name]}
            onClick={() => {
              type(sent)
              focus()
            }}
          >
            {t.sol.key[name]}
          </Button>
        ))}
        <ControlKey focus={focus} type={type} />
      </div>
      <div className="mu-session-foot">{t.sol.hint}</div>
    </>
  )
}

function ControlKey({ type, focus }: FootProps) {
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (!held) return undefined
    // Small keyboards tell of what they put in, not of keys.
    const put = (event: InputEvent): void => {
      if (event.data === null || event.data === '') return
      event.preventDefault()
      event.stopPropagation()
      setHeld(false)
      type(withControl(event.data))
    }
    document.addEventListener('beforeinput', put, { capture: true })
    return () => document.removeEventListener('beforeinput', put, { capture: true })
  }, [held, type])
  return (
    <Button
      variant={held ? 'filled' : 'default'}
      size="xs"
      px={0}
      aria-label={t.sol.keyName.ctrl}
      aria-pressed={held}
      onClick={() => {
        setHeld(!held)
        focus()
      }}
    >
      {t.sol.key.ctrl}
    </Button>
  )
}
