// SPDX-License-Identifier: Apache-2.0
/** Every document of a host as it is, with paths to copy. */
import { Button, Group, Select, Stack, Text } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { Copy } from 'lucide-react'
import type { Host } from '../../../api/types.ts'
import type { Json } from '../../../kit/diff.ts'
import { JsonTree } from '../../../kit/json-tree.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { useParam } from '../../../shell/go.tsx'
import { t } from '../../../words/host.ts'
import { useDesired, useReported, useSections, useWhy } from './queries.ts'

export default function RawTab({ host }: { readonly host: Host }) {
  const [shown, setShown] = useParam('document', 'host')
  const sections = useSections(host.resourceId)
  const lines = sections.data?.sections ?? []
  const documents = [
    { value: 'host', label: t.raw.host },
    { value: 'why', label: t.raw.why },
    { value: 'sections', label: t.raw.sections },
    ...lines.flatMap(({ section, desiredRevision, reportedRevision }) => [
      ...(desiredRevision === undefined ? [] : [{ value: `desired:${section}`, label: t.raw.desired(section) }]),
      ...(reportedRevision === undefined ? [] : [{ value: `reported:${section}`, label: t.raw.reported(section) }]),
    ]),
  ]
  const label = documents.find(({ value }) => value === shown)?.label ?? shown
  return (
    <Stack gap="sm">
      <Select
        label={t.raw.document}
        data={documents}
        value={shown}
        onChange={next => setShown(next ?? 'host')}
        allowDeselect={false}
        maw={360}
        searchable
      />
      <Shown host={host} shown={shown} label={label} />
    </Stack>
  )
}

type ShownProps = { readonly host: Host; readonly shown: string; readonly label: string }

function Shown({ host, shown, label }: ShownProps) {
  const id = host.resourceId
  const [kind = '', section = ''] = shown.split(':')
  const why = useWhy(id)
  const sections = useSections(id)
  const desired = useDesired(id, kind === 'desired' ? section : '')
  const reported = useReported(id, kind === 'reported' ? section : '')
  if (kind === 'host') return <Document document={host} label={label} />
  const query = { why, sections, desired, reported }[kind]
  if (query === undefined) return null
  // They differ in what they give, which does not matter here.
  return <QueryView query={query as typeof why}>{document => <Document document={document} label={label} />}</QueryView>
}

function Document({ document, label }: { readonly document: unknown; readonly label: string }) {
  const clipboard = useClipboard({ timeout: 1_500 })
  const [query, setQuery] = useParam('find')
  return (
    <>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {t.raw.path}
        </Text>
        <Button
          size="xs"
          variant="default"
          leftSection={<Copy size={14} />}
          onClick={() => clipboard.copy(JSON.stringify(document, undefined, 2))}
        >
          {clipboard.copied ? t.raw.copied : t.raw.copy}
        </Button>
      </Group>
      <JsonTree value={document as Json} label={t.raw.label(label)} depth={2} query={query} onQuery={setQuery} />
    </>
  )
}
