// SPDX-License-Identifier: Apache-2.0
/** The board of sites on the overview. */
import { Anchor, Group, Text, Title } from '@mantine/core'
import { QueryView } from '../../../kit/query-view.tsx'
import { Loading } from '../../../kit/states.tsx'
import { Go, useGo } from '../../../shell/go.tsx'
import { t } from '../../../words/inventory/places.ts'
import { usePlaces } from './queries.ts'
import { SiteBoard } from './site-board.tsx'
import { boardRegions } from './tree.ts'

export default function SitesCard() {
  const query = usePlaces()
  const go = useGo()
  return (
    <>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          {t.card.title}
        </Title>
        <Anchor component={Go} to="/sites" size="sm">
          {t.card.all}
        </Anchor>
      </Group>
      <QueryView query={query} loading={<Loading lines={3} height={40} />}>
        {({ tree }) =>
          tree.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t.card.none}
            </Text>
          ) : (
            <SiteBoard regions={boardRegions(tree)} onRegion={id => go(`/sites?region=${id}`)} />
          )
        }
      </QueryView>
    </>
  )
}
