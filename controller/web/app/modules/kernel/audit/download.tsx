// SPDX-License-Identifier: Apache-2.0
/** Exports: the chain with its signatures, and what the filters show for a spreadsheet. */
import { Button, Group, Menu, Text } from '@mantine/core'
import { Download } from 'lucide-react'
import { useRef, useState } from 'react'
import { get } from '../../../api/call.ts'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { t } from '../../../words/audit.ts'
import { t as kit } from '../../../words/kit.ts'
import { save } from '../system/fetch-backup.ts'
import { exportAudit } from './acts.ts'
import { csvHead, csvLines } from './csv.ts'
import { type Asked, queryOf } from './search.ts'

const PAGE = 1_000
const MOST = 200_000

/** Where the export of a chain is. */
export function exportPath({ chain, custody }: Asked): string {
  return exportAudit.calls({ chain, custody })[0]?.path ?? ''
}

export function ExportMenu({ asked }: { readonly asked: Asked }) {
  const csv = useCsv(asked)
  return (
    <>
      <Menu position="bottom-end" width={300}>
        <Menu.Target>
          <Button variant="default" leftSection={<Download size={14} />} loading={csv.done !== undefined}>
            {t.download.button}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={exportPath(asked)} download="audit.ndjson">
            {t.download.ndjson}
            <Text size="xs" c="dimmed">
              {t.download.ndjsonWhy}
            </Text>
          </Menu.Item>
          <Menu.Item onClick={() => void csv.start()}>
            {t.download.csv}
            <Text size="xs" c="dimmed">
              {t.download.csvWhy}
            </Text>
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {csv.done !== undefined && (
        <Group gap={4} role="status">
          <Text size="sm">{t.download.doing(csv.done)}</Text>
          <Button size="compact-xs" variant="subtle" onClick={csv.stop}>
            {kit.cancel}
          </Button>
        </Group>
      )}
      {csv.isCut && (
        <Text size="sm" role="status">
          {t.download.cut(MOST)}
        </Text>
      )}
      {csv.error !== undefined && <ProblemCard problem={csv.error} onRetry={() => void csv.start()} compact />}
    </>
  )
}

/** Reads page after page of what fits, newest first, and hands the whole to the browser as a file. */
function useCsv(asked: Asked) {
  const [done, setDone] = useState<number>()
  const [error, setError] = useState<unknown>()
  const [isCut, setCut] = useState(false)
  const abort = useRef<AbortController>(undefined)
  const start = async (): Promise<void> => {
    abort.current = new AbortController()
    const { signal } = abort.current
    setError(undefined)
    setDone(0)
    const parts = [csvHead()]
    let written = 0
    const query = queryOf(asked, Date.now())
    try {
      for (let before: number | undefined; ; ) {
        const page = await get('/v1/audit', { query: { ...query, order: 'newest', before, limit: PAGE } })({ signal })
        parts.push(csvLines(page.entries))
        written += page.entries.length
        before = page.entries.at(-1)?.n
        setDone(written)
        setCut(page.hasNext && written >= MOST)
        if (!page.hasNext || written >= MOST) break
      }
      save(new Blob(parts, { type: 'text/csv' }), 'audit.csv')
    } catch (thrown) {
      if (!signal.aborted) setError(thrown)
    }
    setDone(undefined)
  }
  return { done, error, isCut, start, stop: () => abort.current?.abort() }
}
