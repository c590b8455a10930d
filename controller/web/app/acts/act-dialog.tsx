// SPDX-License-Identifier: Apache-2.0
/** The dialog of an act: what it will do, why, the name where it destroys, and the same as a command and a call. */
import { Button, Group, Modal, Progress, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import type { ApiProblem } from '../api/problem.ts'
import { CopyAs } from '../kit/copy-as.tsx'
import { ProblemCard } from '../kit/problem-card.tsx'
import { t } from '../words/kit.ts'
import { type Act, curlOf, type Given } from './act.ts'
import { runCalls, type Sent } from './run.ts'

export type ActDialogProps<Input> = {
  readonly act: Act<Input>
  /** What it is done to, as far as it is known; `undefined` while something in `children` is missing. */
  readonly input: Input | undefined
  /** A verb and its object: "Reboot 3 hosts". */
  readonly title: string
  /** What will happen, to what, and what becomes of it when a host is away. */
  readonly children?: ReactNode
  /** The button; the title when left out. */
  readonly verb?: string
  /** What must be typed for class 4. */
  readonly name?: string
  /** Said when it was done; nothing when left out. */
  readonly done?: string
  readonly opened: boolean
  readonly onClose: () => void
  /** With what came back, in the order of the calls. */
  readonly onDone?: (sent: readonly Sent[]) => void
  /** With what was refused, for who shows complaints beside the fields they are about. */
  readonly onProblem?: (problem: ApiProblem) => void
  /** First parts of query keys that are old now. */
  readonly refresh?: readonly string[]
}

export function ActDialog<Input>(props: ActDialogProps<Input>) {
  const { opened, onClose, title } = props
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="lg" closeButtonProps={{ 'aria-label': t.close }}>
      {opened && <ActForm {...props} />}
    </Modal>
  )
}

function ActForm<Input>(props: ActDialogProps<Input>) {
  const { act, input, title, children, verb = title, name = '', done, onClose, onDone, onProblem, refresh = [] } = props
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const [progress, setProgress] = useState<{ done: number; all: number }>()
  const [failed, setFailed] = useState<readonly Sent[]>([])
  const abort = useRef(new AbortController())
  const asksReason = act.riskClass >= 2
  const needsReason = act.riskClass >= 3
  const needsName = act.riskClass >= 4
  const whole =
    input === undefined ? undefined : { ...input, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) }
  const ready = whole !== undefined && (!needsReason || reason.trim() !== '') && (!needsName || typed === name)
  const close = (): void => {
    abort.current.abort()
    onClose()
  }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!ready || progress !== undefined) return
    const calls = act.calls(whole)
    setFailed([])
    setProgress({ done: 0, all: calls.length })
    const sent = await runCalls(calls, {
      signal: abort.current.signal,
      inOrder: act.inOrder === true,
      onProgress: count => setProgress({ done: count, all: calls.length }),
    })
    setProgress(undefined)
    const wrong = sent.filter(each => 'problem' in each)
    await Promise.all(refresh.map(key => client.invalidateQueries({ queryKey: [key] })))
    setFailed(wrong)
    if (wrong[0] !== undefined && 'problem' in wrong[0]) onProblem?.(wrong[0].problem)
    if (wrong.length > 0 || abort.current.signal.aborted) return
    if (done !== undefined) notifications.show({ message: done, color: 'blue' })
    onDone?.(sent)
    onClose()
  }
  return (
    <form
      onSubmit={event => void submit(event)}
      onKeyDown={event => {
        if (event.key === 'Enter' && event.ctrlKey) void submit(event)
      }}
    >
      <Stack gap="sm">
        {children}
        {asksReason && (
          <Textarea
            label={t.reason}
            description={t.reasonWhy}
            required={needsReason}
            maxLength={500}
            autosize
            minRows={1}
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
            data-autofocus
          />
        )}
        {needsName && (
          <TextInput
            label={t.typeName(name)}
            value={typed}
            onChange={event => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            error={typed.length >= name.length && typed !== name ? t.notTheName : undefined}
          />
        )}
        {whole !== undefined && <SameElsewhere act={act} input={whole} />}
        {failed.length > 0 && <Failures failed={failed} all={whole === undefined ? 0 : act.calls(whole).length} />}
        {progress !== undefined && (
          <div role="status">
            <Progress value={(100 * progress.done) / Math.max(1, progress.all)} aria-label={t.sending} />
            <Text size="xs" c="dimmed">
              {t.sent(progress.done, progress.all)}
            </Text>
          </div>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            {t.cancel}
          </Button>
          <Button
            type="submit"
            disabled={!ready}
            loading={progress !== undefined}
            color={needsName ? 'red' : undefined}
          >
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** The command line and the calls that do the same. */
export function SameElsewhere<Input>({ act, input }: { readonly act: Act<Input>; readonly input: Input & Given }) {
  const calls = act.calls(input)
  const shown = calls.slice(0, 3).map(each => curlOf(each, location.origin))
  if (calls.length > shown.length) shown.push(`# … ${calls.length - shown.length} more`)
  return <CopyAs cli={act.cli(input)} curl={shown.join('\n')} />
}

function Failures({ failed, all }: { readonly failed: readonly Sent[]; readonly all: number }) {
  const [first] = failed
  if (first === undefined || !('problem' in first)) return null
  return (
    <>
      {all > 1 && (
        <Text size="sm" fw={600}>
          {t.someFailed(failed.length, all)}
        </Text>
      )}
      <ProblemCard problem={first.problem} />
    </>
  )
}
