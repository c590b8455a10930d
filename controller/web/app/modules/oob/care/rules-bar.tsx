// SPDX-License-Identifier: Apache-2.0
/** Keeps rules that were changed, or takes the changes back. */
import { Button, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Act } from '../../../acts/act.ts'
import { ActButton } from '../../../acts/act-button.tsx'
import { t } from '../../../words/oob-care.ts'

export type RulesBarProps<Input> = {
  readonly act: Act<Input>
  /** `undefined` while something in them is wrong. */
  readonly input: Input | undefined
  readonly version: number
  readonly isChanged: boolean
  readonly title: string
  /** What will be different. */
  readonly children: ReactNode
  readonly onReset: () => void
}

export function RulesBar<Input>({ act, input, version, isChanged, title, children, onReset }: RulesBarProps<Input>) {
  return (
    <Group mt="md" gap="sm">
      {isChanged && (
        <>
          <ActButton
            act={act}
            input={input}
            label={t.rules.save}
            title={title}
            verb={t.rules.save}
            done={t.rules.saved}
            refresh={['oob-rules']}
            onDone={onReset}
            button={{ variant: 'filled', disabled: input === undefined }}
          >
            <Text size="sm">{children}</Text>
          </ActButton>
          <Button variant="default" onClick={onReset}>
            {t.rules.reset}
          </Button>
        </>
      )}
      <Text size="xs" c="dimmed">
        {t.rules.version(version)}
      </Text>
    </Group>
  )
}
