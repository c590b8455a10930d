// SPDX-License-Identifier: Apache-2.0
/** The secret of a webhook, when it was made or changed. */
import { Text } from '@mantine/core'
import type { Sent } from '../../acts/run.ts'
import { ShownOnce } from '../../kit/shown-once.tsx'
import { t } from '../../words/webhooks.ts'

export type Made = { readonly resourceId: string; readonly name: string; readonly secret: string }

/** What came back of the act that made the secret. */
export function madeOf([first]: readonly Sent[]): Made | undefined {
  if (first === undefined || !('answer' in first)) return undefined
  return first.answer as Made // both paths answer a webhook with its secret
}

export function SecretOnce({ made, onClose }: { readonly made: Made; readonly onClose: () => void }) {
  return (
    <ShownOnce
      title={t.secret.title}
      note={t.secret.note}
      lines={{ [t.secret.secret]: made.secret }}
      verb={t.secret.done}
      onClose={onClose}
    >
      <Text size="sm">{t.secret.how}</Text>
    </ShownOnce>
  )
}
