// SPDX-License-Identifier: Apache-2.0
/** Reads the records that activation is made of. */
import { useQuery } from '@tanstack/react-query'
import { send } from '../../../api/call.ts'
import { useProject } from '../../../shell/go.tsx'
import { listCall, RECORDS, type RecordKind } from '../acts-records.ts'

/** A record as it is answered; never with a secret. */
export type Item = Readonly<Record<string, unknown>> & { readonly version: string }

/** All of one kind. */
export function useRecords(kind: RecordKind) {
  const project = useProject()
  return useQuery({
    queryKey: ['oob-records', project, kind],
    queryFn: ({ signal }) => send<readonly Item[]>(listCall(project, kind), signal),
  })
}

export function nameOf(kind: RecordKind, item: Item): string {
  return String(item[RECORDS[kind].key] ?? '')
}
