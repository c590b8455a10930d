// SPDX-License-Identifier: Apache-2.0
/** One figure with its name, what it is about, and how it was since the page was opened. */
import { Card, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { absolute } from '../../../kit/age.ts'
import { Sparkline } from '../../../kit/sparkline.tsx'
import { useSamples } from './system.tsx'

export type FigureProps = {
  readonly title: string
  readonly value: ReactNode
  readonly about?: ReactNode
  readonly why?: string
  /** One value for each sample. */
  readonly over?: readonly (number | undefined)[]
  readonly spoken?: (value: number) => string
}

/** As many as a line of that width can show. */
const SHOWN = 120

export function Figure({ title, value, about, why, over, spoken }: FigureProps) {
  const samples = useSamples()
  const points = (over ?? [])
    .map((each, at) => ({ at: absolute(samples[at]?.at ?? 0).slice(11), value: each }))
    .slice(-SHOWN)
  return (
    <Card withBorder padding="sm" component="section" aria-label={title}>
      <Text size="sm" c="dimmed" title={why}>
        {title}
      </Text>
      <Text size="lg" fw={600}>
        {value}
      </Text>
      {about !== undefined && (
        <Text size="xs" c="dimmed">
          {about}
        </Text>
      )}
      {points.length > 1 && <Sparkline label={title} points={points} {...(spoken === undefined ? {} : { spoken })} />}
    </Card>
  )
}
