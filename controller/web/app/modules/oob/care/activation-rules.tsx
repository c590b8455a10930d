// SPDX-License-Identifier: Apache-2.0
/** Which profile a machine is activated with: rules in order, the first that fits decides. */
import { ActionIcon, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { ArrowUp, X } from 'lucide-react'
import { useState } from 'react'
import { useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/oob-care.ts'
import { t as fleet } from '../../../words/oob-fleet.ts'
import { setPolicy } from '../acts-care.ts'
import { nameOf, useRecords } from '../records/reads.ts'
import type { Policy } from './reads.ts'
import { draftOf, type RuleDraft, ruleOf } from './rule-draft.ts'
import { RulesBar } from './rules-bar.tsx'

export function ActivationRules({ kept }: { readonly kept: Policy }) {
  const project = useProject()
  const may = useMay()
  const [changed, setChanged] = useState<readonly RuleDraft[]>()
  const drafts = changed ?? kept.rules.map(draftOf)
  const rules = drafts.map(ruleOf)
  const isSound = rules.every(each => each !== undefined)
  const mayChange = may(setPolicy.permission)
  const set = (at: number, part: Partial<RuleDraft>): void =>
    setChanged(drafts.map((each, index) => (index === at ? { ...each, ...part } : each)))
  return (
    <Stack gap="sm" maw={960}>
      <Text size="sm" c="dimmed">
        {t.rules.activation.what}
      </Text>
      {drafts.length === 0 && <Text size="sm">{t.rules.activation.empty}</Text>}
      {drafts.map((draft, at) => (
        <RuleRow
          key={draft.key}
          draft={draft}
          title={draft.name || t.rules.activation.numbered(at + 1)}
          isFixed={!mayChange}
          onChange={part => set(at, part)}
          {...(at === 0 ? {} : { onUp: () => setChanged(swapped(drafts, at)) })}
          onDrop={() => setChanged(drafts.filter(each => each !== draft))}
        />
      ))}
      {mayChange && (
        <Group>
          <Button variant="default" size="sm" onClick={() => setChanged([...drafts, draftOf({})])}>
            {t.rules.activation.add}
          </Button>
        </Group>
      )}
      <RulesBar
        act={setPolicy}
        input={
          isSound
            ? { project, rules: { rules: rules.filter(each => each !== undefined) }, version: kept.version }
            : undefined
        }
        version={kept.version}
        isChanged={changed !== undefined}
        title={t.rules.activation.save}
        onReset={() => setChanged(undefined)}
      >
        {t.rules.activation.saveWhat(rules.length)}
      </RulesBar>
    </Stack>
  )
}

/** With its place and the one before exchanged. */
function swapped<T>(all: readonly T[], at: number): readonly T[] {
  const next = [...all]
  const [one, other] = [next[at - 1], next[at]]
  if (one !== undefined && other !== undefined) next.splice(at - 1, 2, other, one)
  return next
}

type RuleRowProps = {
  readonly draft: RuleDraft
  readonly title: string
  readonly isFixed: boolean
  readonly onChange: (part: Partial<RuleDraft>) => void
  readonly onUp?: () => void
  readonly onDrop: () => void
}

function RuleRow({ draft, title, isFixed, onChange, onUp, onDrop }: RuleRowProps) {
  const profiles = useRecords('profile').data ?? []
  const { activation: words } = t.rules
  const isBad = ruleOf(draft) === undefined
  return (
    <fieldset className="mu-rule" disabled={isFixed} aria-label={title}>
      <TextInput
        label={words.name}
        value={draft.name}
        onChange={event => onChange({ name: event.currentTarget.value })}
      />
      <Select
        label={words.sku}
        data={[
          { value: '', label: words.any },
          { value: 'amt', label: fleet.sku.amt },
          { value: 'ism', label: fleet.sku.ism },
        ]}
        value={draft.sku}
        onChange={value => onChange({ sku: value ?? '' })}
        allowDeselect={false}
      />
      <TextInput
        label={words.labels}
        placeholder={words.labelsHint}
        value={draft.labels}
        error={isBad ? words.badLabels : undefined}
        onChange={event => onChange({ labels: event.currentTarget.value })}
      />
      <Select
        label={words.mode}
        data={[
          { value: '', label: words.any },
          { value: 'acm', label: fleet.mode.acm },
          { value: 'ccm', label: fleet.mode.ccm },
        ]}
        value={draft.controlMode}
        onChange={value => onChange({ controlMode: value ?? '' })}
        allowDeselect={false}
      />
      <Select
        label={words.profile}
        data={[
          { value: '', label: words.byMode },
          ...profiles.map(each => ({ value: nameOf('profile', each), label: nameOf('profile', each) })),
        ]}
        value={draft.profile}
        onChange={value => onChange({ profile: value ?? '' })}
        allowDeselect={false}
      />
      <Group gap={4} wrap="nowrap" pb={4}>
        {onUp !== undefined && (
          <ActionIcon variant="subtle" aria-label={words.up(title)} onClick={onUp}>
            <ArrowUp size={16} />
          </ActionIcon>
        )}
        <ActionIcon variant="subtle" aria-label={words.drop(title)} onClick={onDrop}>
          <X size={16} />
        </ActionIcon>
      </Group>
    </fieldset>
  )
}
