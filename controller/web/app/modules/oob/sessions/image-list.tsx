// SPDX-License-Identifier: Apache-2.0
/** Images that machines can be given as a drive, and how far machines have read those they were given. */
import { Progress, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Disc } from 'lucide-react'
import { type AnswerOf, get } from '../../../api/call.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { EmptyState } from '../../../kit/states.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-care.ts'
import { useNames } from '../reads.ts'
import { spokenBytes } from './size.ts'

type Serving = AnswerOf<'/v1/projects/{project}/oob/ider', 'GET'>['servings'][number]

const AGAIN_MS = 5_000

export function ImageList() {
  const project = useProject()
  const images = useQuery({
    queryKey: ['oob-sessions', project, 'images'],
    queryFn: get('/v1/projects/{project}/oob/images', { path: { project } }),
  })
  const servings = useQuery({
    queryKey: ['oob-sessions', project, 'servings'],
    queryFn: get('/v1/projects/{project}/oob/ider', { path: { project } }),
    refetchInterval: AGAIN_MS,
  })
  return (
    <Stack gap="md">
      <QueryView query={images}>
        {({ images: found }) =>
          found.length === 0 ? (
            <EmptyState
              icon={Disc}
              title={t.sessions.noImages}
              action={<CopyLine text={t.sessions.imagesCommand} what={t.sessions.images} />}
            >
              {t.sessions.noImagesWhat}
            </EmptyState>
          ) : (
            <section aria-label={t.sessions.images}>
              <Title order={2} size="h5" mb={6}>
                {t.sessions.images}
              </Title>
              <dl className="mu-facts">
                {found.map(({ name, size }) => (
                  <div key={name} className="mu-facts-row">
                    <dt>{name}</dt>
                    <dd>{spokenBytes(size)}</dd>
                  </div>
                ))}
              </dl>
            </section>
          )
        }
      </QueryView>
      <QueryView query={servings}>
        {({ servings: found }) => (found.length === 0 ? null : <Servings servings={found} />)}
      </QueryView>
    </Stack>
  )
}

function Servings({ servings }: { readonly servings: readonly Serving[] }) {
  const named = useNames()
  return (
    <section aria-label={t.sessions.servings}>
      <Title order={2} size="h5" mb={6}>
        {t.sessions.servings}
      </Title>
      <ul className="mu-orders">
        {servings.map(({ id, device, image, state, bytesRead, size, since, ended }) => (
          <li key={id}>
            <Badge hue={state === 'serving' ? 'ok' : 'unknown'}>{t.sessions.serving[state]}</Badge>
            <span className="mu-orders-name">
              {named(device).name}: {image}
            </span>
            <span className="mu-orders-says">
              <Progress
                value={size === 0 ? 0 : Math.min(100, (100 * bytesRead) / size)}
                aria-label={t.sessions.column.read}
              />
              <Text size="xs" c="dimmed">
                {t.sessions.of(spokenBytes(bytesRead), spokenBytes(size))}
                {ended !== undefined && ` · ${ended.why}`}
              </Text>
            </span>
            <LiveAge at={since} ago />
          </li>
        ))}
      </ul>
    </section>
  )
}
