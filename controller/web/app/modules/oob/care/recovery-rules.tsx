// SPDX-License-Identifier: Apache-2.0
/** Which recovery starts by itself for machines in which state, and what a second person approves. */
import { ActionIcon, Button, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { X } from 'lucide-react'
import { useState } from 'react'
import { useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/oob-care.ts'
import { setRecoveryPolicy } from '../acts-care.ts'
import { type RecoveryPolicy, usePlaybooks } from './reads.ts'
import { RulesBar } from './rules-bar.tsx'

type Rule = RecoveryPolicy['rules'][number]
const FIRST: Rule = { verdict: 'off', playbook: 'power-on', mode: 'dry-run', afterMinutes: 30 }
const MOST_MINUTES = 10_080

export function RecoveryRules({ kept }: { readonly kept: RecoveryPolicy }) {
  const project = useProject()
  const may = useMay()
  const [draft, setDraft] = useState<Omit<RecoveryPolicy, 'version'>>()
  const { version, ...present } = kept
  const policy = draft ?? present
  const { rules } = policy
  const isSound = rules.every(({ afterMinutes: each }) => Number.isInteger(each) && each >= 0 && each <= MOST_MINUTES)
  const mayChange = may(setRecoveryPolicy.permission)
  const set = (at: number, part: Partial<Rule>): void =>
    setDraft({ ...policy, rules: rules.map((each, index) => (index === at ? { ...each, ...part } : each)) })
  return (
    <Stack gap="sm" maw={960}>
      <Text size="sm" c="dimmed">
        {t.rules.recovery.what}
      </Text>
      {rules.length === 0 && <Text size="sm">{t.rules.recovery.empty}</Text>}
      {rules.map((rule, at) => (
        <RecoveryRow
          // biome-ignore lint/suspicious/noArrayIndexKey: rules have no names, and are told apart by their place
          key={at}
          rule={rule}
          at={at + 1}
          isFixed={!mayChange}
          onChange={part => set(at, part)}
          onDrop={() => setDraft({ ...policy, rules: rules.filter(each => each !== rule) })}
        />
      ))}
      {mayChange && (
        <Group>
          <Button variant="default" size="sm" onClick={() => setDraft({ ...policy, rules: [...rules, { ...FIRST }] })}>
            {t.rules.recovery.add}
          </Button>
        </Group>
      )}
      <Select
        label={t.rules.recovery.approval}
        data={Object.entries(t.rules.recovery.approvals).map(([value, label]) => ({ value, label }))}
        value={policy.approvalFromClass === undefined ? '' : String(policy.approvalFromClass)}
        onChange={value => {
          const { approvalFromClass: _, ...rest } = policy
          setDraft(value === '' || value === null ? rest : { ...rest, approvalFromClass: Number(value) })
        }}
        readOnly={!mayChange}
        allowDeselect={false}
        maw={420}
      />
      <RulesBar
        act={setRecoveryPolicy}
        input={isSound ? { project, rules: policy, version } : undefined}
        version={version}
        isChanged={draft !== undefined}
        title={t.rules.recovery.save}
        onReset={() => setDraft(undefined)}
      >
        {t.rules.recovery.saveWhat(rules.filter(({ mode }) => mode === 'run').length)}
      </RulesBar>
    </Stack>
  )
}

type RecoveryRowProps = {
  readonly rule: Rule
  readonly at: number
  readonly isFixed: boolean
  readonly onChange: (part: Partial<Rule>) => void
  readonly onDrop: () => void
}

function RecoveryRow({ rule, at, isFixed, onChange, onDrop }: RecoveryRowProps) {
  const { recovery: words, verdicts } = t.rules
  const playbooks = usePlaybooks().data?.playbooks ?? []
  // One that needs the address of an image cannot start by itself.
  const able = playbooks.filter(({ takesUrl }) => !takesUrl)
  return (
    <fieldset className="mu-rule" disabled={isFixed} aria-label={t.rules.activation.numbered(at)}>
      <Select
        label={words.verdict}
        data={Object.entries(verdicts).map(([value, label]) => ({ value, label }))}
        value={rule.verdict}
        onChange={value => value !== null && onChange({ verdict: value as Rule['verdict'] })} // one of the list
        allowDeselect={false}
      />
      <Select
        label={words.playbook}
        data={able.map(({ name }) => ({ value: name, label: name }))}
        value={rule.playbook}
        onChange={value => value !== null && onChange({ playbook: value as Rule['playbook'] })} // one of the list
        allowDeselect={false}
      />
      <Select
        label={words.mode}
        data={Object.entries(words.modes).map(([value, label]) => ({ value, label }))}
        value={rule.mode}
        onChange={value => value !== null && onChange({ mode: value as Rule['mode'] })} // one of the list
        allowDeselect={false}
      />
      <TextInput
        label={words.after}
        inputMode="numeric"
        value={String(rule.afterMinutes)}
        onChange={event => onChange({ afterMinutes: Number(event.currentTarget.value.replaceAll(/\D/g, '')) })}
      />
      <Checkbox
        label={words.mayRestart}
        checked={rule.mayRestart === true}
        onChange={event => onChange({ mayRestart: event.currentTarget.checked })}
        pb={8}
      />
      <ActionIcon variant="subtle" aria-label={words.drop(at)} onClick={onDrop} mb={4}>
        <X size={16} />
      </ActionIcon>
    </fieldset>
  )
}
