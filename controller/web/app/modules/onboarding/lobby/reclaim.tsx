// SPDX-License-Identifier: Apache-2.0
/** The host there is beside the machine that says it is that host. */
import { Anchor, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { get } from '../../../api/call.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { Go } from '../../../shell/go.tsx'
import { t } from '../../../words/onboarding.ts'
import { type Comparison, compared, type Facts } from '../facts.ts'

type ReclaimProps = { readonly project: string; readonly host: string; readonly facts: Facts }

const HUES = { same: 'ok', differs: 'failing', unknown: 'unknown' } as const

export function Reclaim({ project, host, facts }: ReclaimProps) {
  const w = t.lobby.reclaims
  const query = useQuery({
    queryKey: ['host', project, host, 'reclaim'],
    queryFn: get('/v1/projects/{projectName}/compute/hosts/{resourceId}', {
      path: { projectName: project, resourceId: host },
    }),
  })
  const names: Readonly<Record<Comparison['what'], string>> = {
    hostname: t.lobby.hostname,
    serial: t.lobby.serial,
    uuid: t.lobby.uuid,
  }
  return (
    <section className="mu-reclaim" aria-label={w.title(host)}>
      <Text size="sm" fw={600}>
        {w.title(host)}
      </Text>
      <Text size="sm">{w.about}</Text>
      <QueryView query={query}>
        {known => (
          <table className="mu-compare">
            <thead>
              <tr>
                <th scope="col">{w.what}</th>
                <th scope="col">{w.old}</th>
                <th scope="col">{w.fresh}</th>
                <th scope="col">{w.compared}</th>
              </tr>
            </thead>
            <tbody>
              {compared(known, facts).map(({ what, old, fresh, verdict }) => (
                <tr key={what}>
                  <th scope="row">{names[what]}</th>
                  <td data-column={w.old}>{old ?? w.unknown}</td>
                  <td data-column={w.fresh}>{fresh ?? w.unknown}</td>
                  <td>
                    <Badge hue={HUES[verdict]}>{w[verdict]}</Badge>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </QueryView>
      <Anchor component={Go} to={`/hosts/${host}`} size="sm">
        {w.open(host)}
      </Anchor>
    </section>
  )
}
