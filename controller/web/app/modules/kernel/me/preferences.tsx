// SPDX-License-Identifier: Apache-2.0
/** How pages look and behave, in this browser. */
import { SegmentedControl, Select, Stack, Switch, Text, useMantineColorScheme } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { useId, useState } from 'react'
import { useSearchParams } from 'wouter'
import { prefersUtc } from '../../../kit/age.ts'
import { t as frame } from '../../../words/kernel.ts'
import { t } from '../../../words/me.ts'
import { Section } from './section.tsx'

const SCHEMES = ['auto', 'light', 'dark'] as const
const LOCALES = ['en', 'pseudo-rtl', 'pseudo-long'] as const

export function Preferences() {
  const [search] = useSearchParams()
  return (
    <Section title={t.preferences.title} about={t.preferences.about}>
      <Stack gap="md">
        <Colours />
        <Contrast />
        <Times />
        <Keys />
        {search.has('locale') && <Language />}
      </Stack>
    </Section>
  )
}

function Colours() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const id = useId()
  return (
    <div>
      <Text size="sm" fw={500} mb={4} id={id}>
        {t.preferences.colours}
      </Text>
      <SegmentedControl
        aria-labelledby={id}
        value={colorScheme}
        onChange={value => setColorScheme(SCHEMES.find(each => each === value) ?? 'auto')}
        data={SCHEMES.map(value => ({ value, label: frame.scheme[value] }))}
      />
    </div>
  )
}

function Contrast() {
  const [on, setOn] = useState(() => localStorage.getItem('muster.contrast') === 'more')
  const change = (more: boolean): void => {
    setOn(more)
    const { dataset } = document.documentElement
    if (more || matchMedia('(prefers-contrast: more)').matches) dataset.contrast = 'more'
    else delete dataset.contrast
    if (more) localStorage.setItem('muster.contrast', 'more')
    else localStorage.removeItem('muster.contrast')
  }
  return (
    <Switch
      checked={on}
      onChange={event => change(event.currentTarget.checked)}
      label={t.preferences.contrast}
      description={t.preferences.contrastAbout}
    />
  )
}

function Times() {
  const [utc, setUtc] = useState(prefersUtc)
  const id = useId()
  const change = (wanted: boolean): void => {
    setUtc(wanted)
    if (wanted) document.documentElement.dataset.time = 'utc'
    else delete document.documentElement.dataset.time
    if (wanted) localStorage.setItem('muster.time', 'utc')
    else localStorage.removeItem('muster.time')
  }
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <div>
      <Text size="sm" fw={500} mb={4} id={id}>
        {t.preferences.times}
      </Text>
      <SegmentedControl
        aria-labelledby={id}
        value={utc ? 'utc' : 'local'}
        onChange={value => change(value === 'utc')}
        data={[
          { value: 'local', label: t.preferences.local(zone) },
          { value: 'utc', label: t.preferences.utc },
        ]}
      />
    </div>
  )
}

function Keys() {
  const [on, setOn] = useLocalStorage({ key: 'muster.keys', defaultValue: true, getInitialValueInEffect: false })
  return (
    <Switch
      checked={on}
      onChange={event => setOn(event.currentTarget.checked)}
      label={t.preferences.keys}
      description={t.preferences.keysAbout}
    />
  )
}

/** For who tests translations: texts are chosen before the first paint, so the page is loaded anew. */
function Language() {
  const present = document.documentElement.dataset.locale ?? 'en'
  return (
    <Select
      label={t.preferences.language}
      data={LOCALES.map(value => ({ value, label: t.preferences.languages[value] }))}
      value={LOCALES.find(each => each === present) ?? 'en'}
      allowDeselect={false}
      onChange={value => {
        if (value === null) return
        localStorage.setItem('muster.locale', value)
        location.assign(`/me?locale=${encodeURIComponent(value)}`)
      }}
    />
  )
}
