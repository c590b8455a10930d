// SPDX-License-Identifier: Apache-2.0
/** What the hardware noticed, and who did what to the firmware. */
import { Anchor, Button, SegmentedControl, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { send } from '../../../api/call.ts'
import { absolute } from '../../../kit/age.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { useParam } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-host.ts'
import { firmwareCall, type Machine } from '../acts-host.ts'
import { type AuditPage, type AuditRecord, type EventRecord, FIRMWARE, plainText, useFirmware } from './firmware.ts'
import { Part, PlainTable } from './part.tsx'
import { word } from './state-line.tsx'
import type { PartOf } from './tab.tsx'

export default function LogsPart({ machine }: PartOf) {
  const [log, setLog] = useParam('log', 'event')
  return (
    <Stack gap="sm">
      <div>
        <SegmentedControl
          aria-label={t.logs.which}
          value={log === 'audit' ? 'audit' : 'event'}
          onChange={next => setLog(next)}
          data={[
            { value: 'event', label: t.logs.event },
            { value: 'audit', label: t.logs.audit },
          ]}
        />
      </div>
      {log === 'audit' ? <AuditLog machine={machine} /> : <EventLog machine={machine} />}
    </Stack>
  )
}

/** The browser's session signs the download in. */
function DownloadLink({ machine, log }: { readonly machine: Machine; readonly log: 'event' | 'audit' }) {
  return (
    <Anchor href={`${firmwareCall(machine, 'GET', `amt/log/${log}`).path}/download`} download size="sm">
      <Download size={14} aria-hidden /> {t.logs.download}
    </Anchor>
  )
}

function timeOf(text: string): string {
  return text === '' ? t.logs.noTime : absolute(text)
}

function EventLog({ machine }: { readonly machine: Machine }) {
  const query = useFirmware<readonly EventRecord[]>(machine, 'amt/log/event')
  return (
    <Part
      title={t.logs.event}
      actions={<DownloadLink machine={machine} log="event" />}
      onAgain={() => void query.refetch()}
    >
      <QueryView query={query}>
        {records => (
          <PlainTable
            label={t.logs.event}
            empty={t.logs.none}
            head={[t.logs.time, t.logs.severity, t.logs.source, t.logs.what]}
            rows={records.map(({ TimeStamp, EventSeverity, EntityStr, Desc }) => [
              timeOf(TimeStamp),
              word(t.logs.severities, String(EventSeverity)),
              plainText(EntityStr),
              plainText(Desc),
            ])}
          />
        )}
      </QueryView>
    </Part>
  )
}

function AuditLog({ machine }: { readonly machine: Machine }) {
  const query = useInfiniteQuery({
    queryKey: [FIRMWARE, machine.project, machine.guid, 'amt/log/audit', 'pages'],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) => {
      const asked = firmwareCall(machine, 'GET', 'amt/log/audit')
      return send<AuditPage>({ ...asked, path: `${asked.path}?startIndex=${pageParam}` }, signal)
    },
    getNextPageParam: (last, pages) => {
      const seen = pages.reduce((sum, { records }) => sum + records.length, 0)
      return last.records.length > 0 && seen < last.totalCnt ? seen : undefined
    },
    refetchOnWindowFocus: false,
  })
  return (
    <Part
      title={t.logs.audit}
      actions={<DownloadLink machine={machine} log="audit" />}
      onAgain={() => void query.refetch()}
    >
      <QueryView query={query}>
        {({ pages }) => {
          const records = pages.flatMap(page => page.records)
          return (
            <Stack gap="xs">
              <AuditTable records={records} />
              <Text size="xs" c="dimmed">
                {t.logs.count(records.length, pages[0]?.totalCnt ?? 0)}
              </Text>
              {query.hasNextPage && (
                <div>
                  <Button
                    variant="default"
                    size="xs"
                    loading={query.isFetchingNextPage}
                    onClick={() => void query.fetchNextPage()}
                  >
                    {t.logs.older}
                  </Button>
                </div>
              )}
            </Stack>
          )
        }}
      </QueryView>
    </Part>
  )
}

function AuditTable({ records }: { readonly records: readonly AuditRecord[] }) {
  return (
    <PlainTable
      label={t.logs.audit}
      empty={t.logs.none}
      head={[t.logs.time, t.logs.who, t.logs.address, t.logs.part, t.logs.what]}
      rows={records.map(({ Time, Initiator, NetAddress, AuditApp, Event, ExStr }) => [
        timeOf(Time),
        plainText(Initiator),
        plainText(NetAddress),
        plainText(AuditApp),
        [plainText(Event), plainText(ExStr)].filter(each => each !== '').join(': '),
      ])}
    />
  )
}
