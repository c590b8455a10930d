// SPDX-License-Identifier: Apache-2.0
/** Labels, and the site, that a host is given as it comes in. */
import { Select, TagsInput } from '@mantine/core'
import { useState } from 'react'
import { labelText, readLabel } from '../../kit/labels.ts'
import { useSiteNames } from '../../kit/place-fields.tsx'
import { t } from '../../words/onboarding.ts'
import type { Label } from './acts.ts'

type LabelsFieldProps = { readonly labels: readonly Label[]; readonly onChange: (labels: readonly Label[]) => void }

export function LabelsField({ labels, onChange }: LabelsFieldProps) {
  const [wrong, setWrong] = useState<string>()
  return (
    <TagsInput
      label={t.add.labels}
      description={t.add.labelsHint}
      value={labels.map(labelText)}
      splitChars={[',', ' ']}
      clearable
      error={wrong === undefined ? undefined : t.add.notALabel(wrong.slice(0, 80))}
      onChange={texts => {
        setWrong(texts.find(text => readLabel(text) === undefined))
        onChange(texts.flatMap(text => readLabel(text) ?? []))
      }}
    />
  )
}

type SiteFieldProps = {
  readonly project: string
  readonly site: string | undefined
  readonly onChange: (site: string | undefined) => void
}

/** Nothing where there are no sites. */
export function SiteField({ project, site, onChange }: SiteFieldProps) {
  const names = useSiteNames(project)
  if (names.size === 0) return null
  return (
    <Select
      label={t.add.site}
      placeholder={t.add.noSite}
      data={[...names].map(([value, label]) => ({ value, label }))}
      value={site ?? null}
      searchable
      clearable
      onChange={value => onChange(value ?? undefined)}
    />
  )
}
