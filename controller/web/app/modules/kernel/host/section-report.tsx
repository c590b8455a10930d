// SPDX-License-Identifier: Apache-2.0
/** What a host reports of a section, and how that differs from what is wanted. */
import { Card, Group, Text, Title } from '@mantine/core'
import type { Json } from '../../../kit/diff.ts'
import { isMembers } from '../../../kit/diff.ts'
import { DiffView } from '../../../kit/diff-view.tsx'
import { JsonTree } from '../../../kit/json-tree.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { t } from '../../../words/host.ts'
import type { useReported } from './queries.ts'
import type { Wanted } from './section-editor.tsx'

type Report = NonNullable<ReturnType<typeof useReported>['data']>

export type SectionReportProps = { readonly wanted: Wanted; readonly query: ReturnType<typeof useReported> }

export function SectionReport({ wanted, query }: SectionReportProps) {
  return (
    <Card withBorder p="md" component="section" aria-label={t.config.reportedTitle}>
      <QueryView query={query}>
        {report =>
          report === null ? (
            <Text size="sm" c="dimmed">
              {t.config.reportedNone}
            </Text>
          ) : (
            <Told report={report} wanted={wanted} />
          )
        }
      </QueryView>
    </Card>
  )
}

function Told({ report, wanted }: { readonly report: Report; readonly wanted: Wanted }) {
  const observed = report.observed as Json
  const compared = comparable(wanted.content as Json | undefined, observed)
  return (
    <>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          {t.config.reportedTitle}
        </Title>
        <Text size="xs" c="dimmed">
          {report.status} · {t.config.revision(report.revision)} · <LiveAge at={report.receivedAt} ago />
        </Text>
      </Group>
      <JsonTree value={observed} label={t.config.reportedTitle} depth={2} />
      {compared !== undefined && (
        <>
          <Title order={3} size="h6" mt="md" mb={4}>
            {t.config.diff}
          </Title>
          <DiffView
            before={compared.wanted}
            after={compared.is}
            titles={[t.config.editorTitle, t.config.reportedTitle]}
            none={t.config.diffNone}
          />
        </>
      )}
    </>
  )
}

/** Only what is wanted is compared: a host reports more than anybody asks of it. `windows` may stand one level deeper. */
function comparable(wanted: Json | undefined, is: Json) {
  if (!isMembers(wanted) || !isMembers(is)) return undefined
  const at = Object.keys(wanted).every(name => Object.hasOwn(is, name)) ? is : nestedIn(is, Object.keys(wanted))
  const picked = Object.fromEntries(
    Object.keys(wanted).flatMap(name => {
      const value = at[name]
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
  return { wanted, is: picked as Json }
}

/** The member that has all the names, where one has; the report itself otherwise. */
function nestedIn(is: { readonly [name: string]: Json }, names: readonly string[]) {
  const found = Object.values(is).find(each => isMembers(each) && names.every(name => Object.hasOwn(each, name)))
  return isMembers(found) ? found : is
}
