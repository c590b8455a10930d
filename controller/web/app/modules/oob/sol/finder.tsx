// SPDX-License-Identifier: Apache-2.0
/** Search in what a terminal has shown. */
import { Button, Group, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { t as kit } from '../../../words/kit.ts'
import { t } from '../../../words/oob-host.ts'
import type { Screen } from './xterm.ts'

export function Finder({ screen, onClose }: { readonly screen: Screen | undefined; readonly onClose: () => void }) {
  const [text, setText] = useState('')
  const [found, setFound] = useState(true)
  const find = (backwards: boolean): void => setFound(text === '' || screen?.find(text, backwards) === true)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    find(true)
  }
  const close = (): void => {
    onClose()
    screen?.focus()
  }
  return (
    <form role="search" onSubmit={submit} onKeyDown={event => event.key === 'Escape' && close()}>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          size="xs"
          aria-label={t.sol.searchFor}
          placeholder={t.sol.searchFor}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
          error={found ? undefined : t.sol.notFound}
          autoFocus
          flex={1}
        />
        <Button size="xs" variant="default" type="submit">
          {t.sol.previous}
        </Button>
        <Button size="xs" variant="default" onClick={() => find(false)}>
          {t.sol.next}
        </Button>
        <Button size="xs" variant="subtle" onClick={close}>
          {kit.close}
        </Button>
      </Group>
    </form>
  )
}
