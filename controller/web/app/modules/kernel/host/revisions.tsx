// SPDX-License-Identifier: Apache-2.0
/** Earlier revisions of what was wanted of a section: to compare with, and to take up again. */
import { Button, Card, Group, Table, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { Host } from '../../../api/types.ts'
import type { Json } from '../../../kit/diff.ts'
import { DiffView } from '../../../kit/diff-view.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/host.ts'
import { setSection } from './acts.ts'
import { useHistory, useKeepsPast } from './queries.ts'
import type { Wanted } from './section-editor.tsx'

export type RevisionsProps = {
  readonly host: Host
  readonly section: string
  readonly wanted: Wanted
  /** Puts a document into the editor; without it they are only looked at. */
  readonly onRestore?: (content: Json) => void
}

type Kept = {
  readonly revision: number
  readonly content: Json
  readonly updatedAt: string
  readonly updatedBy: string
}

export function Revisions({ host, section, wanted, onRestore }: RevisionsProps) {
  const keeps = useKeepsPast()
  const may = useMay()
  const history = useHistory(host.resourceId, `desired:${section}`)
  const [open, setOpen] = useState<number>()
  if (!keeps) return null
  return (
    <Card withBorder p="md" component="section" aria-label={t.config.history}>
      <Title order={2} size="h5" mb="xs">
        {t.config.history}
      </Title>
      <QueryView query={history}>
        {values => {
          const kept = values.map(({ value }) => value as Kept) // as the history keeps it
          const shown = kept.find(({ revision }) => revision === open)
          if (kept.length < 2)
            return (
              <Text size="sm" c="dimmed">
                {t.config.historyNone}
              </Text>
            )
          return (
            <>
              <Table aria-label={t.config.history}>
                <Table.Tbody>
                  {kept.map(each => (
                    <Line
                      key={each.revision}
                      kept={each}
                      isOpen={each.revision === open}
                      onOpen={() => setOpen(each.revision === open ? undefined : each.revision)}
                      {...(onRestore !== undefined && may(setSection.permission)
                        ? { onRestore: () => onRestore(each.content) }
                        : {})}
                    />
                  ))}
                </Table.Tbody>
              </Table>
              {shown !== undefined && (
                <DiffView
                  before={shown.content ?? undefined}
                  after={(wanted.content ?? undefined) as Json | undefined}
                  titles={[t.config.revision(shown.revision), t.config.revision(wanted.revision)]}
                />
              )}
            </>
          )
        }}
      </QueryView>
    </Card>
  )
}

type LineProps = {
  readonly kept: Kept
  readonly isOpen: boolean
  readonly onOpen: () => void
  readonly onRestore?: () => void
}

function Line({ kept: { revision, content, updatedAt, updatedBy }, isOpen, onOpen, onRestore }: LineProps) {
  return (
    <Table.Tr data-revision={revision}>
      <Table.Td>
        {t.config.revision(revision)}
        {content === null && ` (${t.config.unmanaged})`}
      </Table.Td>
      <Table.Td className="mu-anywhere">{updatedBy}</Table.Td>
      <Table.Td>
        <LiveAge at={updatedAt} ago />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end">
          <Button size="compact-xs" variant="default" aria-expanded={isOpen} onClick={onOpen}>
            {t.config.compareTo(revision)}
          </Button>
          {onRestore !== undefined && content !== null && (
            <Button size="compact-xs" variant="default" onClick={onRestore}>
              {t.config.restore}
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
