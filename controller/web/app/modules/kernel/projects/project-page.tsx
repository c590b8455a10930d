// SPDX-License-Identifier: Apache-2.0
/** One project: what it is, how far its deletion is, and what modules know of it. */
import { Button, Card, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Boxes } from 'lucide-react'
import { Link, useLocation, useParams } from 'wouter'
import { get } from '../../../api/call.ts'
import { problemOf } from '../../../api/problem.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { PageHead } from '../../../kit/page-head.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { EmptyState } from '../../../kit/states.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { DEFAULT_PROJECT, useProject, withProject } from '../../../shell/go.tsx'
import { PageParts } from '../../../shell/page-tabs.tsx'
import { MeProvider, useMe } from '../../../shell/session.tsx'
import { t } from '../../../words/projects.ts'
import { isLeaving, type Project, progressPart, progressText } from './projects.ts'

const LOOK_EVERY_MS = 1_000

export default function ProjectPage() {
  const { project: name = '' } = useParams<{ project: string }>()
  const query = useQuery<Project>({
    queryKey: ['projects', name],
    queryFn: get('/v1/projects/{project}', { path: { project: name } }),
    refetchInterval: ({ state }) => (state.data !== undefined && isLeaving(state.data) ? LOOK_EVERY_MS : false),
    retry: false,
  })
  // What may be done here is what may be done in this project, whichever the address is in.
  const me = useMe()
  const there = useQuery({ queryKey: ['me', name], queryFn: get('/v1/me', { query: { project: name } }) })
  // Small ones are gone before anybody asks how far they are: what was there and is no longer was deleted.
  const isGone = query.data !== undefined && query.error !== null && problemOf(query.error).status === 404
  if (isGone) return <Gone name={name} />
  return (
    <QueryView query={query}>
      {project => (
        <MeProvider me={there.data ?? me}>
          <Stack gap="md">
            <Head project={project} />
            {isLeaving(project) ? <Deletion project={project} /> : <PageParts of="/projects/:project" about={name} />}
          </Stack>
        </MeProvider>
      )}
    </QueryView>
  )
}

function Head({ project }: { readonly project: Project }) {
  const { name, spec, status } = project
  const here = useProject()
  const [, navigate] = useLocation()
  const leaving = isLeaving(project)
  const enter = name === DEFAULT_PROJECT ? '/' : `/?project=${encodeURIComponent(name)}`
  return (
    <>
      <PageHead
        title={name}
        about={spec.description === '' ? t.noDescription : spec.description}
        actions={
          !leaving && (
            <>
              {name === here ? (
                <Badge hue="ok">{t.entered}</Badge>
              ) : (
                <Button size="sm" onClick={() => navigate(enter)}>
                  {t.enter}
                </Button>
              )}
              <PageParts of="/projects/:project head" about={name} />
            </>
          )
        }
      >
        <Group gap="sm" mt={4}>
          <Badge hue={leaving ? 'held' : 'ok'}>{leaving ? t.deleting : t.ready}</Badge>
          <Text size="sm" c="dimmed">
            {t.column.created} <LiveAge at={status.projectStatus.timeStamp * 1_000} ago />
          </Text>
        </Group>
      </PageHead>
      <div>
        <Text size="sm" fw={600}>
          {t.uuid}
        </Text>
        <Text size="xs" c="dimmed" mb={4}>
          {t.uuidWhat}
        </Text>
        <CopyLine text={status.projectStatus.uID} what={t.uuid} />
      </div>
    </>
  )
}

function Deletion({ project }: { readonly project: Project }) {
  const text = progressText(project)
  const part = progressPart(text)
  return (
    <Card withBorder padding="md">
      <Title order={2} size="h4">
        {t.deletion}
      </Title>
      <Text size="sm" mb="sm">
        {t.deletionWhat}
      </Text>
      <Progress
        value={part === undefined ? 100 : (100 * part.done) / Math.max(1, part.all)}
        animated={part === undefined}
        aria-label={t.deletion}
      />
      <Text size="sm" mt="xs" role="status">
        {text}
      </Text>
      <Text size="xs" c="dimmed">
        {t.asked}
      </Text>
    </Card>
  )
}

function Gone({ name }: { readonly name: string }) {
  const here = useProject()
  return (
    <>
      <PageHead title={name} />
      <EmptyState
        icon={Boxes}
        title={t.gone(name)}
        action={<Link href={here === name ? '/projects' : withProject('/projects', here)}>{t.back}</Link>}
      >
        {t.goneWhat}
      </EmptyState>
    </>
  )
}
