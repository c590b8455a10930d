// SPDX-License-Identifier: Apache-2.0
/** Gives a host any command that one of its sections has. */
import { Button, Select, Text, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import type { Host } from '../../../api/types.ts'
import { useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/host.ts'
import { t as power } from '../../../words/host-power.ts'
import { disturb, look, operate } from './acts.ts'
import { parsedJson } from './json-text.ts'
import { useKinds } from './queries.ts'

type Kind = NonNullable<ReturnType<typeof useKinds>['data']>['sections'][number]['commands'][number]
type Possible = { readonly section: string; readonly kind: Kind }

/** What a command of a class takes; the last two classes have acts of their own, with what they destroy. */
const ACTS = [look, operate, disturb] as const

function usePossible(host: Host): readonly Possible[] {
  const kinds = useKinds()
  const may = useMay()
  const supported = new Set(host.capabilities.filter(each => each.supported).map(({ section }) => section))
  return (kinds.data?.sections ?? [])
    .filter(({ section }) => supported.has(section))
    .flatMap(({ section, commands }) => commands.map(kind => ({ section, kind })))
    .filter(({ kind }) => {
      const act = ACTS[kind.class]
      return act !== undefined && may(act.permission)
    })
}

export function RunCommand({ host, onSent }: { readonly host: Host; readonly onSent: (id: string) => void }) {
  const [opened, { open, close }] = useDisclosure()
  const possible = usePossible(host)
  if (possible.length === 0) return null
  return (
    <>
      <Button variant="default" onClick={open}>
        {t.commands.run}
      </Button>
      {opened && <RunDialog host={host} possible={possible} onClose={close} onSent={onSent} />}
    </>
  )
}

type RunDialogProps = {
  readonly host: Host
  readonly possible: readonly Possible[]
  readonly onClose: () => void
  readonly onSent: (id: string) => void
}

function RunDialog({ host, possible, onClose, onSent }: RunDialogProps) {
  const project = useProject()
  const [picked, setPicked] = useState('')
  const [text, setText] = useState('{}')
  const one = possible.find(({ section, kind }) => `${section} ${kind.name}` === picked)
  const parsed = parsedJson(text)
  const input =
    one === undefined || 'wrong' in parsed
      ? undefined
      : { project, id: host.resourceId, section: one.section, command: one.kind.name, input: parsed.value }
  return (
    <ActDialog
      key={picked}
      act={ACTS[one?.kind.class ?? 0] ?? disturb}
      input={input}
      title={t.commands.runTitle(host.name)}
      verb={t.commands.run}
      opened
      onClose={onClose}
      onDone={([sent]) => sent !== undefined && 'answer' in sent && onSent(String((sent.answer as { id: string }).id))} // the answer is the command
      refresh={['commands', 'why', 'events']}
    >
      <Select
        label={t.commands.what}
        placeholder={t.commands.pick}
        data={possible.map(({ section, kind }) => ({
          value: `${section} ${kind.name}`,
          label: `${section} ${kind.name}: ${kind.title}`,
        }))}
        value={picked === '' ? null : picked}
        onChange={next => setPicked(next ?? '')}
      />
      {one !== undefined && (
        <>
          <Text size="sm">
            {one.kind.impact === 'none' ? '' : `${t.commands.impact(one.kind.impact)} `}
            {t.commands.ttl(power.span(one.kind.ttlMs))}
          </Text>
          <Textarea
            label={t.commands.input}
            value={text}
            onChange={event => setText(event.currentTarget.value)}
            autosize
            minRows={2}
            ff="monospace"
            spellCheck={false}
            error={'wrong' in parsed ? t.config.notJson(parsed.wrong) : undefined}
          />
        </>
      )}
    </ActDialog>
  )
}
