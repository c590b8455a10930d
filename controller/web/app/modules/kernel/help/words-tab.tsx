// SPDX-License-Identifier: Apache-2.0
/** What the words mean that pages use: statuses first, then the rest. */
import { Stack, Title } from '@mantine/core'
import { type Compliance, type Health, type Reachability, StatusChip } from '../../../kit/status-chip.tsx'
import { t } from '../../../words/help.ts'
import { t as kit } from '../../../words/kit.ts'

export default function WordsTab() {
  // Keys of the very catalogue that names the states.
  const reachability = Object.keys(kit.chip.reachability) as Reachability[]
  const health = Object.keys(kit.chip.health) as Health[]
  const compliance = Object.keys(kit.chip.compliance) as Compliance[]
  return (
    <Stack gap="lg" maw={760}>
      <Meanings title={t.words.reachability}>
        {reachability.map(state => (
          <Meaning key={state} what={<StatusChip kind="reachability" state={state} />} says={t.words.meaning[state]} />
        ))}
      </Meanings>
      <Meanings title={t.words.health}>
        {health.map(state => (
          <Meaning key={state} what={<StatusChip kind="health" state={state} />} says={t.words.meaning[state]} />
        ))}
      </Meanings>
      <Meanings title={t.words.compliance}>
        {compliance.map(state => (
          <Meaning key={state} what={<StatusChip kind="compliance" state={state} />} says={t.words.meaning[state]} />
        ))}
      </Meanings>
      <Meanings title={t.words.more}>
        {Object.entries(t.words.other).map(([word, says]) => (
          <Meaning key={word} what={<strong>{word}</strong>} says={says} />
        ))}
      </Meanings>
    </Stack>
  )
}

function Meanings({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      <dl className="mu-meanings">{children}</dl>
    </section>
  )
}

function Meaning({ what, says }: { readonly what: React.ReactNode; readonly says: string | undefined }) {
  return (
    <div>
      <dt>{what}</dt>
      <dd>{says}</dd>
    </div>
  )
}
