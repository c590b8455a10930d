// SPDX-License-Identifier: Apache-2.0
/** What happens by itself when a machine differs from its profile, by what differs. */
import { SegmentedControl, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/oob-care.ts'
import { setDriftPolicy } from '../acts-care.ts'
import type { DriftPolicy } from './reads.ts'
import { RulesBar } from './rules-bar.tsx'

const AREAS = ['clock', 'cira', 'features', 'tls', 'network', 'passwords', 'activation'] as const
const MODES = ['off', 'report', 'repair'] as const

export function DriftRules({ kept }: { readonly kept: DriftPolicy }) {
  const project = useProject()
  const may = useMay()
  const [draft, setDraft] = useState<Partial<DriftPolicy>>({})
  const { version, ...present } = kept
  const rules = { ...present, ...draft }
  const isChanged = AREAS.some(area => rules[area] !== present[area])
  const mayChange = may(setDriftPolicy.permission)
  return (
    <Stack gap="sm" maw={720}>
      <Text size="sm" c="dimmed">
        {t.rules.drift.what}
      </Text>
      {AREAS.map(area => (
        <div key={area} className="mu-rule-line">
          <Text size="sm" id={`area-${area}`}>
            {t.rules.drift.areas[area]}
          </Text>
          <SegmentedControl
            aria-labelledby={`area-${area}`}
            value={rules[area]}
            onChange={next => setDraft({ ...draft, [area]: next })}
            readOnly={!mayChange}
            data={MODES.filter(mode => mode !== 'repair' || area !== 'activation').map(mode => ({
              value: mode,
              label: t.rules.drift.modes[mode],
            }))}
          />
        </div>
      ))}
      <RulesBar
        act={setDriftPolicy}
        input={{ project, rules, version }}
        version={version}
        isChanged={isChanged}
        title={t.rules.drift.save}
        onReset={() => setDraft({})}
      >
        {t.rules.drift.saveWhat(AREAS.filter(area => rules[area] === 'repair').length)}
      </RulesBar>
    </Stack>
  )
}
