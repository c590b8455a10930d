// SPDX-License-Identifier: Apache-2.0
/** A profile as the encrypted file that rpc reads on the machine itself, and the key it opens with, shown once. */
import { Button, Select, Text } from '@mantine/core'
import { useRef, useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { ShownOnce } from '../../../kit/shown-once.tsx'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-records.ts'
import { exportProfile } from '../acts-records.ts'
import { type Item, nameOf, useRecords } from './reads.ts'

type Exported = { readonly filename: string; readonly content: string; readonly key: string }

export type ExportDialogProps = { readonly name: string; readonly item: Item; readonly onClose: () => void }

export function ExportDialog({ name, item, onClose }: ExportDialogProps) {
  const project = useProject()
  const domains = useRecords('domain').data ?? []
  const [domain, setDomain] = useState('')
  const isDone = useRef(false)
  const [made, setMade] = useState<Exported>()
  if (made !== undefined)
    return (
      <ShownOnce
        title={t.export.title(name)}
        note={t.export.shown}
        lines={{ [t.export.key]: made.key }}
        verb={t.export.close}
        onClose={onClose}
      >
        <Button onClick={() => save(`${name}.enc`, made.content)}>{t.export.download(`${name}.enc`)}</Button>
      </ShownOnce>
    )
  return (
    <ActDialog
      act={exportProfile}
      input={{ project, name, ...(domain === '' ? {} : { domain }) }}
      title={t.export.title(name)}
      verb={t.export.verb}
      opened
      // When it is done the key is still to be shown.
      onClose={() => isDone.current || onClose()}
      onDone={([first]) => {
        if (first === undefined || !('answer' in first)) return
        isDone.current = true
        setMade(first.answer as Exported) // what the route answers
      }}
    >
      <Text size="sm">{t.export.what}</Text>
      {item.activation === 'acmactivate' && (
        <Select
          label={t.export.domain}
          data={[
            { value: '', label: t.export.noDomain },
            ...domains.map(each => ({ value: nameOf('domain', each), label: nameOf('domain', each) })),
          ]}
          value={domain}
          onChange={value => setDomain(value ?? '')}
          allowDeselect={false}
        />
      )}
    </ActDialog>
  )
}

/** Hands a text to the browser as a file. */
export function save(name: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
