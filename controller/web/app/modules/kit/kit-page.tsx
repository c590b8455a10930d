// SPDX-License-Identifier: Apache-2.0
/** Every component of the kit in each of its states. */
import { Card, Stack, Text, Title } from '@mantine/core'
import { Fragment } from 'react'
import { PageHead } from '../../kit/page-head.tsx'
import type { Story } from '../../kit/story.ts'
import { useParam } from '../../shell/go.tsx'
import { Fence } from '../../shell/routes.tsx'

const stories = import.meta.glob<{ readonly default: Story }>('../../kit/stories/*.tsx', { eager: true })

export default function KitPage() {
  const [only] = useParam('component')
  const shown = Object.values(stories)
    .map(story => story.default)
    .filter(({ component }) => only === '' || component === only)
    .sort((a, b) => (a.component < b.component ? -1 : 1))
  return (
    <Stack gap="xl">
      <PageHead title="Kit" />
      {shown.map(({ component, states }) => (
        <section key={component} data-component={component}>
          <Title order={2} size="h4">
            {component}
          </Title>
          {Object.entries(states).map(([name, State]) => (
            <Fragment key={name}>
              <Text size="xs" c="dimmed" mt="sm">
                {name}
              </Text>
              <Card withBorder p="sm" data-state={name}>
                <Fence>
                  <State />
                </Fence>
              </Card>
            </Fragment>
          ))}
        </section>
      ))}
    </Stack>
  )
}
