// SPDX-License-Identifier: Apache-2.0
/** The way to compliant, on the overview. */
import { Group, Text } from '@mantine/core'
import { QueryView } from '../../../kit/query-view.tsx'
import { t } from '../../../words/oob-fleet.ts'
import { Go } from '../links.ts'
import { useMachines } from '../reads.ts'
import { Funnel } from './funnel.tsx'

export default function OobCard() {
  const query = useMachines()
  return (
    <section className="mu-oob-card" aria-label={t.card.title}>
      <Group justify="space-between" mb={6}>
        <Text fw={600}>{t.card.title}</Text>
        <Go to="/out-of-band">{t.card.open}</Go>
      </Group>
      <QueryView query={query}>{machines => <Funnel machines={machines} />}</QueryView>
    </section>
  )
}
