// SPDX-License-Identifier: Apache-2.0
/** Changes a webhook; only what differs is sent. */
import { useState } from 'react'
import { ActButton } from '../../acts/act-button.tsx'
import { useProject } from '../../shell/go.tsx'
import { t } from '../../words/webhooks.ts'
import { changeWebhook, type Fields } from './acts.ts'
import { isAddress, WebhookFields } from './fields.tsx'
import type { Webhook } from './webhooks.ts'

export function EditButton({ webhook }: { readonly webhook: Webhook }) {
  const project = useProject()
  const [typed, setTyped] = useState<Fields>({})
  const before: Fields = {
    name: webhook.name,
    url: webhook.url,
    types: webhook.types,
    caCertificate: webhook.caCertificate ?? '',
  }
  const value = { ...before, ...typed }
  const changes = changesOf(before, value)
  const isReady = Object.keys(changes).length > 0 && isAddress(value.url ?? '') && value.name !== ''
  return (
    <ActButton
      act={changeWebhook}
      input={isReady ? { project, id: webhook.resourceId, ...changes } : undefined}
      title={t.editTitle(webhook.name)}
      label={t.edit}
      verb={t.save}
      refresh={['webhooks']}
      onDone={() => setTyped({})}
    >
      <WebhookFields value={value} onChange={setTyped} />
    </ActButton>
  )
}

/** What differs from what there is. */
export function changesOf(before: Fields, after: Fields): Fields {
  return {
    ...(before.name === after.name ? {} : { name: after.name }),
    ...(before.url === after.url ? {} : { url: after.url }),
    ...(String(before.types) === String(after.types) ? {} : { types: after.types }),
    ...(before.caCertificate === after.caCertificate ? {} : { caCertificate: after.caCertificate }),
  }
}
