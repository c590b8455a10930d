// SPDX-License-Identifier: Apache-2.0
/** Keys of the frame: `g` and a letter goes, `/` searches, `?` tells. All can be turned off (WCAG 2.1.4). */
import { Modal, Switch, Table } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import { t } from '../words/kernel.ts'
import { t as kit } from '../words/kit.ts'
import { useGo } from './go.tsx'
import { useNav } from './layout.tsx'

const CHORD_MS = 1_200

export function Keyboard({ help, onHelp }: { readonly help: boolean; readonly onHelp: (shown: boolean) => void }) {
  const items = useNav()
  const go = useGo()
  const [on, setOn] = useLocalStorage({ key: 'muster.keys', defaultValue: true, getInitialValueInEffect: false })
  const began = useRef(0)
  useEffect(() => {
    if (!on) return undefined
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const chord = performance.now() - began.current < CHORD_MS
      began.current = 0
      const target = chord ? items.find(({ key }) => key === event.key) : undefined
      if (target !== undefined) go(target.to)
      else if (event.key === 'g') began.current = performance.now()
      else if (event.key === '?') onHelp(true)
      else if (event.key === '/') document.querySelector<HTMLInputElement>('input[data-search]')?.focus()
      else return
      event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [on, items, go, onHelp])
  const rows = [
    ...items.flatMap(({ key, title }) => (key === undefined ? [] : [[`g ${key}`, title] as const])),
    ...Object.entries(t.keys),
  ]
  return (
    <Modal
      opened={help}
      onClose={() => onHelp(false)}
      title={t.keyboardHelp}
      closeButtonProps={{ 'aria-label': kit.close }}
    >
      <Switch checked={on} onChange={event => setOn(event.currentTarget.checked)} label={t.keysOn} mb="md" />
      <Table>
        <Table.Tbody>
          {rows.map(([keys, what]) => (
            <Table.Tr key={keys}>
              <Table.Td>
                <kbd>{keys}</kbd>
              </Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      /^(input|textarea|select)$/i.test(target.tagName) ||
      target.closest('[data-takes-keys]') !== null)
  )
}
