// SPDX-License-Identifier: Apache-2.0
/** Two changes of one document side by side: where they collide somebody chooses, and nothing is lost. */
import { Radio, Stack, Text } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import { t } from '../words/views.ts'
import type { Json } from './diff.ts'
import { Value } from './diff-view.tsx'
import { type Choice, type Conflict, canKeepBoth, mergeOf, pathKey, type Sides } from './merge.ts'
import { shownPath } from './spell.ts'
import './views.css'

export type ThreeWayProps = Sides & {
  /** Told of the whole document once nothing is left to choose, and of `undefined` before. */
  readonly onResolved: (result: { readonly document: Json | undefined } | undefined) => void
}

export function ThreeWay({ base, theirs, mine, onResolved }: ThreeWayProps) {
  const merge = useMemo(() => mergeOf({ base, theirs, mine }), [base, theirs, mine])
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(new Map())
  const result = useMemo(() => merge.resolve(choices), [merge, choices])
  useEffect(() => onResolved(result), [result, onResolved])
  const left = merge.conflicts.filter(({ path }) => !choices.has(pathKey(path))).length
  return (
    <Stack gap="sm" className="mu-three">
      <Text size="sm" fw={600} role="status">
        {merge.conflicts.length === 0 ? t.three.noConflicts : t.three.conflicts(merge.conflicts.length)}
        {left > 0 && ` · ${t.three.left(left)}`}
      </Text>
      {merge.conflicts.map(conflict => (
        <Collision
          key={pathKey(conflict.path)}
          conflict={conflict}
          choice={choices.get(pathKey(conflict.path))}
          onChoose={choice => setChoices(old => new Map([...old, [pathKey(conflict.path), choice]]))}
        />
      ))}
      {merge.taken.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {t.three.taken}
          </Text>
          <ul>
            {merge.taken.map(({ path, side, value }) => (
              <li key={pathKey(path)}>
                {shownPath(path)} ({t.three.bySide[side]})
                <Value value={value} />
              </li>
            ))}
          </ul>
        </div>
      )}
      {result !== undefined && (
        <details>
          <summary>{t.three.result}</summary>
          <Value value={result.document} />
        </details>
      )}
    </Stack>
  )
}

type CollisionProps = {
  readonly conflict: Conflict
  readonly choice: Choice | undefined
  readonly onChoose: (choice: Choice) => void
}

function Collision({ conflict, choice, onChoose }: CollisionProps) {
  const path = conflict.path.length === 0 ? t.diff.whole : shownPath(conflict.path)
  return (
    <fieldset>
      <legend>{path}</legend>
      <Radio.Group
        value={choice ?? ''}
        onChange={value => onChoose(value as Choice)} // the radios have no other values
        aria-label={t.three.choose(path)}
      >
        <div className="mu-three-sides">
          <div className="mu-three-side">
            <Text size="sm">{t.three.base}</Text>
            <Value value={conflict.base} />
          </div>
          {(['theirs', 'mine'] as const).map(side => (
            <div key={side} className="mu-three-side" data-chosen={choice === side || choice === 'both'}>
              <Radio value={side} label={t.three[side]} mb={4} />
              <Value value={conflict[side]} />
            </div>
          ))}
        </div>
        {canKeepBoth(conflict) && <Radio value="both" label={t.three.both} mt="xs" />}
      </Radio.Group>
    </fieldset>
  )
}
