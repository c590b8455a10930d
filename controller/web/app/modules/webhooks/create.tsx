// SPDX-License-Identifier: Apache-2.0
/** Makes a webhook, and shows its secret this once. */
import { Text } from '@mantine/core'
import { useState } from 'react'
import { ActButton } from '../../acts/act-button.tsx'
import type { Sent } from '../../acts/run.ts'
import { useGo, useProject } from '../../shell/go.tsx'
import { t } from '../../words/webhooks.ts'
import { createWebhook, type Fields } from './acts.ts'
import { EVERYTHING, isAddress, WebhookFields } from './fields.tsx'
import { type Made, madeOf, SecretOnce } from './secret.tsx'

const NOTHING: Fields = { types: [EVERYTHING] }

export function CreateButton() {
  const project = useProject()
  const go = useGo()
  const [fields, setFields] = useState<Fields>(NOTHING)
  const [made, setMade] = useState<Made>()
  const { url = '' } = fields
  const { caCertificate = '', ...plain } = fields
  const wanted = caCertificate.trim() === '' ? plain : { ...plain, caCertificate }
  return (
    <>
      <ActButton
        act={createWebhook}
        input={isAddress(url) ? { ...wanted, project, url } : undefined}
        title={t.createTitle}
        label={t.create}
        verb={t.create}
        button={{ variant: 'filled' }}
        refresh={['webhooks']}
        onDone={(sent: readonly Sent[]) => {
          setMade(madeOf(sent))
          setFields(NOTHING)
        }}
      >
        <Text size="sm">{t.createWhat}</Text>
        <WebhookFields value={fields} onChange={setFields} />
      </ActButton>
      {made !== undefined && (
        <SecretOnce
          made={made}
          onClose={() => {
            setMade(undefined)
            go(`/webhooks/${made.resourceId}`)
          }}
        />
      )}
    </>
  )
}
