// SPDX-License-Identifier: Apache-2.0
/** Dialogs that make and change a site. */
import { Group, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { useGo, useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/inventory/places.ts'
import { changeSite, createSite, type SiteBody } from '../acts/places.ts'
import { degreesText, labelText, readDegrees, readLabels, sameLabels } from './labels.ts'
import { goodName, LabelField, NameField, RegionField } from './place-fields.tsx'
import type { Places, Site } from './queries.ts'

type Opened = { readonly opened: boolean; readonly onClose: () => void }
const REFRESH = ['regions', 'sites', 'schedules']
const MOST = { latitude: 90, longitude: 180 } as const

type Form = {
  readonly name: string
  readonly region: string
  readonly latitude: string
  readonly longitude: string
  readonly labels: string
}

/** What the form says; `undefined` while something in it is wrong. */
function readForm(form: Form): (SiteBody & { readonly name: string }) | undefined {
  const name = goodName(form.name)
  const [siteLat, siteLng] = [readDegrees(form.latitude, MOST.latitude), readDegrees(form.longitude, MOST.longitude)]
  const read = readLabels(form.labels)
  if (name === undefined || siteLat === null || siteLng === null || !('labels' in read)) return undefined
  if ((siteLat === undefined) !== (siteLng === undefined)) return undefined
  return {
    name,
    regionId: form.region,
    ...(siteLat === undefined ? {} : { siteLat }),
    ...(siteLng === undefined ? {} : { siteLng }),
    metadata: read.labels,
  }
}

type FieldsProps = { readonly form: Form; readonly places: Places; readonly onChange: (form: Form) => void }

function SiteFields({ form, places, onChange }: FieldsProps) {
  const set = (part: Partial<Form>): void => onChange({ ...form, ...part })
  const wrong = (text: string, other: string, most: number): string | undefined => {
    if (readDegrees(text, most) === null) return t.field.degreesWrong(most)
    return text.trim() === '' && other.trim() !== '' ? t.field.both : undefined
  }
  return (
    <>
      <NameField value={form.name} onChange={name => set({ name })} />
      <RegionField
        tree={places.tree}
        label={t.field.region}
        levels={0}
        value={form.region}
        onChange={region => set({ region })}
      />
      <Group grow align="flex-start" preventGrowOverflow={false}>
        <TextInput
          label={t.field.latitude}
          description={t.field.latitudeHelp}
          inputMode="decimal"
          value={form.latitude}
          onChange={event => set({ latitude: event.currentTarget.value })}
          error={wrong(form.latitude, form.longitude, MOST.latitude)}
        />
        <TextInput
          label={t.field.longitude}
          description={t.field.longitudeHelp}
          inputMode="decimal"
          value={form.longitude}
          onChange={event => set({ longitude: event.currentTarget.value })}
          error={wrong(form.longitude, form.latitude, MOST.longitude)}
        />
      </Group>
      <LabelField value={form.labels} onChange={labels => set({ labels })} />
    </>
  )
}

export function NewSite({
  places,
  region,
  opened,
  onClose,
}: Opened & { readonly places: Places; readonly region: string }) {
  const project = useProject()
  const go = useGo()
  const made = useRef<Site>(undefined)
  const [form, setForm] = useState<Form>({ name: '', region, latitude: '', longitude: '', labels: '' })
  const body = readForm(form)
  const lean = body === undefined ? undefined : withoutEmpty(body)
  return (
    <ActDialog
      act={createSite}
      input={lean === undefined ? undefined : { project, body: lean }}
      title={t.newSite}
      verb={t.createSite}
      done={t.created(form.name)}
      refresh={REFRESH}
      opened={opened}
      onDone={([sent]) => {
        if (sent !== undefined && 'answer' in sent) made.current = sent.answer as Site // as the call is described
      }}
      // To the new site instead of back: both at once would be two moves, of which the last wins.
      onClose={() => (made.current === undefined ? onClose() : go(`/sites/${made.current.resourceId}`))}
    >
      <SiteFields form={form} places={places} onChange={setForm} />
    </ActDialog>
  )
}

function withoutEmpty({ regionId, metadata = [], ...body }: SiteBody & { readonly name: string }) {
  return {
    ...body,
    ...(regionId === '' ? {} : { regionId }),
    ...(metadata.length === 0 ? {} : { metadata }),
  }
}

/** Only what was changed is sent. */
export function ChangeSite({ places, site, ...opened }: Opened & { readonly places: Places; readonly site: Site }) {
  const project = useProject()
  const [form, setForm] = useState<Form>({
    name: site.name ?? '',
    region: site.regionId ?? '',
    latitude: degreesText(site.siteLat),
    longitude: degreesText(site.siteLng),
    labels: labelText(site.metadata),
  })
  const read = readForm(form)
  const body = read === undefined ? undefined : changesOf(read, site)
  return (
    <ActDialog
      act={changeSite}
      input={body === undefined || Object.keys(body).length === 0 ? undefined : { project, id: site.resourceId, body }}
      title={t.changeSiteTitle(site.name ?? site.resourceId)}
      verb={t.save}
      done={t.changed(form.name)}
      refresh={REFRESH}
      {...opened}
    >
      <SiteFields form={form} places={places} onChange={setForm} />
    </ActDialog>
  )
}

function changesOf({ name, regionId, siteLat, siteLng, metadata }: SiteBody, site: Site): SiteBody {
  return {
    ...(name === site.name ? {} : { name }),
    ...(regionId === (site.regionId ?? '') ? {} : { regionId }),
    ...(siteLat === undefined || siteLat === site.siteLat ? {} : { siteLat }),
    ...(siteLng === undefined || siteLng === site.siteLng ? {} : { siteLng }),
    ...(sameLabels(metadata, site.metadata) ? {} : { metadata }),
  }
}
