// SPDX-License-Identifier: Apache-2.0
/** The next boot from somewhere else, once, and images that the machine sees as a drive. */
import { Checkbox, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ActButton } from '../../../acts/act-button.tsx'
import { type AnswerOf, get } from '../../../api/call.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { t } from '../../../words/oob-host.ts'
import { type BootTarget, bootOnce, type Ider, type Machine, serveImage, stopImage } from '../acts-host.ts'
import { plainText, type StatusLine, spokenBytes, useFirmware } from './firmware.ts'
import { Part } from './part.tsx'

type Props = { readonly machine: Machine; readonly line: StatusLine }

const TARGETS: readonly BootTarget[] = ['bios', 'pxe', 'cd', 'floppy', 'diagnostic', 'https', 'winre']
const OFF: readonly string[] = ['POWER_STATE_OFF', 'POWER_STATE_HIBERNATE']

export function BootPart({ machine, line }: Props) {
  const [target, setTarget] = useState<BootTarget>('bios')
  const [url, setUrl] = useState('')
  const [sol, setSol] = useState(false)
  const up = OFF.includes(line.powerState)
  const isWhole = target !== 'https' || /^https?:\/\/.+/i.test(url)
  const boot = { ...machine, target, up, sol, ...(target === 'https' ? { url } : {}) }
  return (
    <Part title={t.boot.title}>
      <Stack gap="sm">
        <Sources machine={machine} />
        <Group gap="xs">
          <ActButton
            act={bootOnce}
            input={isWhole ? boot : undefined}
            title={t.boot.dialog(machine.name)}
            label={t.boot.button}
            verb={t.boot.dialog(machine.name)}
            done={t.boot.done}
            refresh={['oob']}
          >
            <NativeSelect
              label={t.boot.target}
              value={target}
              onChange={event => setTarget(event.currentTarget.value as BootTarget)} // one of the options below
              data={TARGETS.map(value => ({ value, label: t.boot.targets[value] }))}
            />
            {target === 'https' && (
              <TextInput
                label={t.boot.url}
                value={url}
                onChange={event => setUrl(event.currentTarget.value)}
                type="url"
                required
              />
            )}
            <Checkbox label={t.boot.sol} checked={sol} onChange={event => setSol(event.currentTarget.checked)} />
            <Text size="sm">{up ? t.boot.up : t.boot.reset}</Text>
            <Text size="sm">{consequenceOf(target)}</Text>
          </ActButton>
          <ServeButton machine={machine} />
        </Group>
        <Servings machine={machine} />
      </Stack>
    </Part>
  )
}

function consequenceOf(target: BootTarget): string {
  if (target === 'bios') return t.boot.bios
  if (target === 'pxe') return t.boot.pxe
  return target === 'cd' || target === 'floppy' ? t.boot.cd : ''
}

type Source = { readonly elementName?: string; readonly biosBootString?: string; readonly instanceID?: string }

function Sources({ machine }: { readonly machine: Machine }) {
  const query = useFirmware<readonly Source[]>(machine, 'amt/power/bootSources')
  return (
    <QueryView query={query}>
      {sources => (
        <div>
          <Text size="xs" c="dimmed">
            {t.boot.sources}
          </Text>
          <ul className="mu-lines" data-boot-sources>
            {sources.map(({ elementName, biosBootString, instanceID }) => (
              <li key={instanceID}>
                <strong>{plainText(instanceID).replace(/^Intel\(r\) AMT: /, '')}</strong>
                <span>{plainText(biosBootString) || plainText(elementName)}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </QueryView>
  )
}

function ServeButton({ machine }: { readonly machine: Machine }) {
  const { project } = machine
  const [image, setImage] = useState('')
  const [start, setStart] = useState<Ider['start']>('now')
  const query = useQuery({
    queryKey: ['oob', 'images', project],
    queryFn: get('/v1/projects/{project}/oob/images', { path: { project } }),
  })
  const images = query.data?.images ?? []
  const chosen = image === '' ? images[0]?.name : image
  return (
    <ActButton
      act={serveImage}
      input={chosen === undefined ? undefined : { ...machine, image: chosen, start }}
      title={t.boot.serveTitle(machine.name)}
      label={t.boot.serve}
      refresh={['oob', 'oob-sessions']}
    >
      <Text size="sm">{images.length === 0 ? t.boot.noImages : t.boot.serveWhat}</Text>
      {images.length > 0 && (
        <>
          <NativeSelect
            label={t.boot.image}
            value={chosen ?? ''}
            onChange={event => setImage(event.currentTarget.value)}
            data={images.map(({ name, size }) => ({ value: name, label: `${plainText(name)} (${spokenBytes(size)})` }))}
          />
          <NativeSelect
            label={t.boot.start}
            value={start}
            onChange={event => setStart(event.currentTarget.value as Ider['start'])} // one of the options below
            data={(['now', 'graceful', 'reboot'] as const).map(value => ({ value, label: t.boot.starts[value] }))}
          />
        </>
      )}
    </ActButton>
  )
}

type Answer = AnswerOf<'/v1/projects/{project}/oob/ider', 'GET'>

const ASK_MS = 5_000

function Servings({ machine }: { readonly machine: Machine }) {
  const { project, guid } = machine
  const query = useQuery<Answer>({
    queryKey: ['oob-sessions', project, 'ider'],
    queryFn: get('/v1/projects/{project}/oob/ider', { path: { project } }),
    refetchInterval: ({ state }) => (state.data?.servings.some(each => each.state === 'serving') ? ASK_MS : false),
  })
  const living = query.data?.servings.filter(({ device, state }) => device === guid && state === 'serving') ?? []
  return (
    <ul className="mu-lines">
      {living.map(({ id, image, bytesRead }) => (
        <li key={id}>
          <strong>{t.boot.serving(plainText(image))}</strong>
          <span>{t.boot.readBytes(spokenBytes(bytesRead))}</span>
          <span className="mu-grow">
            <ActButton
              act={stopImage}
              input={{ ...machine, serving: id }}
              title={t.boot.stop}
              refresh={['oob-sessions']}
              button={{ size: 'xs' }}
            >
              <Text size="sm">{t.boot.stopWhat}</Text>
            </ActButton>
          </span>
        </li>
      ))}
    </ul>
  )
}
