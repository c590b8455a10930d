// SPDX-License-Identifier: Apache-2.0
/** What a host should be, section by section: written as JSON beside what it reports. */
import { Alert, Select, Stack, Text } from '@mantine/core'
import { FileText } from 'lucide-react'
import type { Host } from '../../../api/types.ts'
import type { Json } from '../../../kit/diff.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { EmptyState } from '../../../kit/states.tsx'
import { useParam } from '../../../shell/go.tsx'
import { t } from '../../../words/host.ts'
import { written } from './json-text.ts'
import { useDesired, useKinds, useReported } from './queries.ts'
import { Revisions } from './revisions.tsx'
import { beginning, hasMembers } from './schema.ts'
import { SchemaTable } from './schema-table.tsx'
import { SectionEditor, useDraft, type Wanted } from './section-editor.tsx'
import { SectionReport } from './section-report.tsx'

export default function ConfigTab({ host }: { readonly host: Host }) {
  const kinds = useKinds()
  const [asked, setSection] = useParam('section')
  return (
    <QueryView query={kinds}>
      {({ sections }) => {
        const writable = sections.filter(({ desired }) => hasMembers(desired))
        const current = writable.find(({ section }) => section === asked) ?? first(writable)
        if (current === undefined) return <EmptyState icon={FileText} title={t.config.none} />
        return (
          <Stack gap="md">
            <Select
              label={t.config.pick}
              data={writable.map(({ section, title }) => ({ value: section, label: `${section}: ${title}` }))}
              value={current.section}
              onChange={next => setSection(next ?? '', { replace: false })}
              allowDeselect={false}
              maw={480}
            />
            <OneSection key={current.section} host={host} kind={current} />
          </Stack>
        )
      }}
    </QueryView>
  )
}

type Kind = NonNullable<ReturnType<typeof useKinds>['data']>['sections'][number]

/** Of those that somebody may write, rather than of a module's own. */
function first(kinds: readonly Kind[]): Kind | undefined {
  return (
    kinds.find(({ section }) => section === 'maintenance') ?? kinds.find(({ owner }) => owner === undefined) ?? kinds[0]
  )
}

function OneSection({ host, kind }: { readonly host: Host; readonly kind: Kind }) {
  const { section, owner, desired: schema } = kind
  const desired = useDesired(host.resourceId, section)
  const capability = host.capabilities.find(each => each.section === section)
  const isAbsent = host.capabilities.length > 0 && capability?.supported !== true
  return (
    <QueryView query={desired}>
      {wanted => (
        <>
          {isAbsent && (
            <Alert color="orange" variant="light">
              {t.config.notSupported(capability?.why ?? t.config.noPlugin)}
            </Alert>
          )}
          {owner !== undefined && (
            <Text size="sm" c="dimmed">
              {t.config.owner(owner)}
            </Text>
          )}
          <Editing host={host} section={section} wanted={wanted} isOwned={owner !== undefined} schema={schema} />
        </>
      )}
    </QueryView>
  )
}

type EditingProps = {
  readonly host: Host
  readonly section: string
  readonly wanted: Wanted
  readonly isOwned: boolean
  readonly schema: unknown
}

/** The editor beside the report; an earlier revision may be put into it. */
function Editing({ host, section, wanted, isOwned, schema }: EditingProps) {
  const reported = useReported(host.resourceId, section)
  const draft = useDraft(wanted)
  return (
    <>
      <div className="mu-host-split">
        <SectionEditor
          host={host}
          section={section}
          wanted={wanted}
          draft={draft}
          begin={beginning(schema, reported.data?.observed) as Json} // made of what JSON gave
          isOwned={isOwned}
        />
        <SectionReport wanted={wanted} query={reported} />
      </div>
      <SchemaTable schema={schema} />
      <Revisions
        host={host}
        section={section}
        wanted={wanted}
        {...(isOwned ? {} : { onRestore: content => draft.setText(written(content)) })}
      />
    </>
  )
}
