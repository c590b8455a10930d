// SPDX-License-Identifier: Apache-2.0
/** Shows several pasted lines before they are sent: each would be carried out. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { t as kit } from '../../../words/kit.ts'
import { t } from '../../../words/oob-host.ts'
import { plainText } from '../host/firmware.ts'

type PasteGuardProps = {
  readonly text: string | undefined
  readonly onClose: () => void
  readonly onPaste: (text: string) => void
}

const SHOWN = 10_000

export function PasteGuard({ text, onClose, onPaste }: PasteGuardProps) {
  const lines = (text ?? '').replaceAll('\r\n', '\n').split(/[\r\n]/)
  return (
    <Modal
      opened={text !== undefined}
      onClose={onClose}
      title={t.sol.paste(lines.length)}
      size="lg"
      closeButtonProps={{ 'aria-label': kit.close }}
    >
      <Stack gap="sm">
        <Text size="sm">{t.sol.pasteWhat}</Text>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so must be reached by keys */}
        <pre className="mu-paste" tabIndex={0}>
          {lines.map(line => plainText(line, SHOWN)).join('\n')}
        </pre>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {kit.cancel}
          </Button>
          <Button onClick={() => text !== undefined && onPaste(text)}>{t.sol.paste(lines.length)}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
