// SPDX-License-Identifier: Apache-2.0
/** Topics of the command line, word for word. */
import { Stack, Text, Title } from '@mantine/core'
import { t } from '../../../words/help.ts'
import { TOPICS } from './topic-list.ts'

export default function TopicsTab() {
  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed">
        {t.topics}
      </Text>
      {Object.entries(TOPICS).map(([name, text]) => (
        <section key={name} id={name} aria-labelledby={`topic-${name}`}>
          <Title order={2} size="h5" id={`topic-${name}`}>
            {name}
          </Title>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so must be reached by keys */}
          <pre className="mu-topic" tabIndex={0}>
            {text}
          </pre>
        </section>
      ))}
    </Stack>
  )
}
