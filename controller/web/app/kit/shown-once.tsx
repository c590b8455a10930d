// SPDX-License-Identifier: Apache-2.0
/** A secret that is shown this one time, with what to do with it. */
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { KeyRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { t } from '../words/kit.ts'
import { CopyLine } from './copy-as.tsx'

export type ShownOnceProps = {
  readonly title: string
  readonly note: string
  /** What it is to the text; each can be copied. */
  readonly lines: Readonly<Record<string, string>>
  readonly children?: ReactNode
  /** Of the button that closes it. */
  readonly verb: string
  readonly onClose: () => void
}

export function ShownOnce({ title, note, lines, children, verb, onClose }: ShownOnceProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="lg"
      // A click beside it would lose the secret for good.
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <ShownOnceBody note={note} lines={lines}>
        {children}
      </ShownOnceBody>
      <Group justify="flex-end" mt="md">
        <Button onClick={onClose}>{verb}</Button>
      </Group>
    </Modal>
  )
}

export function ShownOnceBody({ note, lines, children }: Pick<ShownOnceProps, 'note' | 'lines' | 'children'>) {
  return (
    <Stack gap="sm">
      <Alert icon={<KeyRound size={18} />} color="yellow" variant="light">
        {note}
      </Alert>
      {Object.entries(lines).map(([what, text]) => (
        <div key={what}>
          <Text size="sm" fw={600} mb={4}>
            {what}
          </Text>
          <CopyLine text={text} what={what} />
        </div>
      ))}
      {children}
    </Stack>
  )
}
