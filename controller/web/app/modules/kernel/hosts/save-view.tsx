// SPDX-License-Identifier: Apache-2.0
/** Keeps what the address asks for under a name. */
import { Switch, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/hosts.ts'
import { saveView } from './acts.ts'
import type { KeptView } from './views-menu.tsx'

type SaveViewProps = {
  readonly query: string
  /** The words of the search. */
  readonly text: string
  readonly views: readonly KeptView[]
  readonly onClose: () => void
}

export function SaveView({ query, text, views, onClose }: SaveViewProps) {
  const project = useProject()
  const may = useMay()
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  const view = name.trim()
  const taken = views.some(each => each.name === view && each.shared === shared)
  return (
    <ActDialog
      act={saveView}
      input={view === '' ? undefined : { project, view, query, shared }}
      title={t.views.save}
      done={t.views.saved(view)}
      opened
      onClose={onClose}
      refresh={['views']}
    >
      <Text size="sm">{t.views.what}</Text>
      {text !== '' && (
        <Text size="sm">
          <code>{text}</code>
        </Text>
      )}
      <TextInput
        label={t.views.name}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        maxLength={60}
        autoComplete="off"
        data-autofocus
        description={taken ? t.views.replaces : undefined}
      />
      {may('host.label') && (
        <Switch
          label={t.views.withProject}
          checked={shared}
          onChange={event => setShared(event.currentTarget.checked)}
        />
      )}
    </ActDialog>
  )
}
