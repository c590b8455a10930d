// SPDX-License-Identifier: Apache-2.0
/** A line to copy, and the command line and the call that do the same as a button. */
import { ActionIcon, Tabs, Tooltip } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { Check, Copy } from 'lucide-react'
import { t } from '../words/kit.ts'

/** Text in a box with a button that copies it. `what` names it for people who do not see it. */
export function CopyLine({ text, what }: { readonly text: string; readonly what: string }) {
  const clipboard = useClipboard({ timeout: 1_500 })
  return (
    <div className="mu-copyline">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so must be reached by keys */}
      <pre tabIndex={0}>{text}</pre>
      <Tooltip label={clipboard.copied ? t.copied : t.copy}>
        <ActionIcon variant="subtle" aria-label={t.copyId(what)} onClick={() => clipboard.copy(text)}>
          {clipboard.copied ? <Check size={16} /> : <Copy size={16} />}
        </ActionIcon>
      </Tooltip>
    </div>
  )
}

/** The same act as a command and as a request. */
export function CopyAs({ cli, curl }: { readonly cli: string; readonly curl: string }) {
  return (
    <Tabs defaultValue="cli" variant="default" className="mu-copyas" keepMounted={false}>
      <Tabs.List aria-label={t.sameAs}>
        <Tabs.Tab value="cli">{t.asCommand}</Tabs.Tab>
        <Tabs.Tab value="api">{t.asCall}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="cli">
        <CopyLine text={cli} what={t.asCommand} />
      </Tabs.Panel>
      <Tabs.Panel value="api">
        <CopyLine text={curl} what={t.asCall} />
      </Tabs.Panel>
    </Tabs>
  )
}
