// SPDX-License-Identifier: Apache-2.0
/** A button that opens the dialog of an act; who may not do it has no button. */
import { Button, type ButtonProps } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMay } from '../shell/session.tsx'
import { ActDialog, type ActDialogProps } from './act-dialog.tsx'

export type ActButtonProps<Input> = Omit<ActDialogProps<Input>, 'opened' | 'onClose'> & {
  /** Text of the button; the title of the dialog when left out. */
  readonly label?: string
  readonly button?: ButtonProps
}

export function ActButton<Input>({ label, button, ...dialog }: ActButtonProps<Input>) {
  const [opened, { open, close }] = useDisclosure()
  const may = useMay()
  if (!may(dialog.act.permission)) return null
  return (
    <>
      <Button variant="default" size="sm" {...button} onClick={open}>
        {label ?? dialog.title}
      </Button>
      <ActDialog {...dialog} opened={opened} onClose={close} />
    </>
  )
}
