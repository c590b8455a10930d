// SPDX-License-Identifier: Apache-2.0
/** The firmware of one host as a page of its own. */
import { Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'wouter'
import { get } from '../../../api/call.ts'
import { PageHead } from '../../../kit/page-head.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { Go, useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-host.ts'
import { t as early } from '../../../words/oob-power.ts'
import { plainText } from './firmware.ts'
import OobTab from './tab.tsx'

export function useHostOfAddress() {
  const { host = '' } = useParams<{ host: string }>()
  const project = useProject()
  return useQuery({
    queryKey: ['host', project, host],
    queryFn: get('/v1/projects/{projectName}/compute/hosts/{resourceId}', {
      path: { projectName: project, resourceId: host },
    }),
  })
}

export default function OobHostPage() {
  const query = useHostOfAddress()
  return (
    <QueryView query={query}>
      {host => (
        <>
          <PageHead title={plainText(host.name || host.resourceId)} about={early.tab}>
            <Anchor component={Go} to={`/hosts/${host.resourceId}`} size="sm">
              {t.back}
            </Anchor>
          </PageHead>
          <OobTab host={host} />
        </>
      )}
    </QueryView>
  )
}
