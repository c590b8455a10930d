// SPDX-License-Identifier: Apache-2.0
/** Powering a host: the actions that can be done now, and a dialog that says which way each goes and why. */
import { Button, Menu, Radio, Select, Stack, Text } from '@mantine/core'
import { ChevronDown, Power } from 'lucide-react'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import type { Sent } from '../../../acts/run.ts'
import type { Host } from '../../../api/types.ts'
import { useParam, useProject } from '../../../shell/go.tsx'
import { useMay, useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/host-power.ts'
import type { PowerAction, PowerPath } from '../../pages.ts'
import { actionsOf, choose, type Way, waysOf } from './power-choice.ts'
import type { SentOrder } from './sent-panel.tsx'

function useWays(host: Host): readonly Way[] {
  const { modules } = useSurroundings()
  const may = useMay()
  return waysOf(
    host,
    modules.flatMap(({ power = [] }) => power),
    may,
  )
}

type PowerButtonProps = { readonly host: Host; readonly onSent: (order: SentOrder) => void }

export function PowerButton({ host, onSent }: PowerButtonProps) {
  const ways = useWays(host)
  const may = useMay()
  const [action, setAction] = useState<PowerAction>()
  const [opened, setOpened] = useState(false)
  if (!ways.some(({ path }) => may(path.permission))) return null
  const actions = actionsOf(ways)
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button
            variant="default"
            data-power
            leftSection={<Power size={16} />}
            rightSection={<ChevronDown size={14} />}
          >
            {t.menu}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {actions.length === 0 && <Menu.Label>{t.none}</Menu.Label>}
          {actions.map(each => (
            <Menu.Item
              key={each}
              onClick={() => {
                setAction(each)
                setOpened(true)
              }}
            >
              {t.action[each]}{' '}
              <Text span size="xs" c="dimmed">
                {choose(ways, each).ways[0]?.path.title}
              </Text>
            </Menu.Item>
          ))}
          {ways
            .filter(way => way.actions.length === 0 && way.why !== undefined)
            .map(({ path, why }) => (
              <Menu.Label key={path.id}>
                {path.title}: {why}
              </Menu.Label>
            ))}
        </Menu.Dropdown>
      </Menu>
      {action !== undefined && (
        <PowerDialog
          key={action}
          host={host}
          action={action}
          opened={opened}
          onClose={() => setOpened(false)}
          onSent={onSent}
        />
      )}
    </>
  )
}

type PowerDialogProps = PowerButtonProps & {
  readonly action: PowerAction
  readonly opened: boolean
  readonly onClose: () => void
}

function PowerDialog({ host, action, opened, onClose, onSent }: PowerDialogProps) {
  const project = useProject()
  const { ways, others } = choose(useWays(host), action)
  const [picked, setPicked] = useState('')
  const [ttl, setTtl] = useState<number>()
  const [, setCommand] = useParam('command')
  const way = ways.find(({ path }) => path.id === picked) ?? ways[0]
  const path = way?.path
  const expiresInMs = path?.ttl === undefined ? undefined : (ttl ?? path.ttl.defaultMs)
  if (path === undefined) return null
  const input = { project, ...path.input(host, action), ...(expiresInMs === undefined ? {} : { expiresInMs }) }
  const done = ([sent]: readonly Sent[]): void => {
    if (sent === undefined || !('answer' in sent)) return
    onSent({ path: path.id, answer: sent.answer })
    if (path.id === 'agent') setCommand(String((sent.answer as { id: string }).id)) // the answer is the command
  }
  return (
    <ActDialog
      act={path.act(action)}
      input={input}
      title={t.title(t.action[action], host.name)}
      verb={t.action[action]}
      opened={opened}
      onClose={onClose}
      onDone={done}
      refresh={['commands', 'host', 'why', 'events']}
    >
      <Text size="sm">{t.effect[action]}</Text>
      {ways.length > 1 ? (
        <Radio.Group label={t.path} value={path.id} onChange={setPicked}>
          <Stack gap={6} mt={6}>
            {ways.map(each => (
              <Radio
                key={each.path.id}
                value={each.path.id}
                label={each.path.title}
                description={each.waits ? t.slower : undefined}
              />
            ))}
          </Stack>
        </Radio.Group>
      ) : (
        <Text size="sm" fw={600} data-path={path.id}>
          {t.goes(path.title)}
        </Text>
      )}
      <Others others={others} />
      {expiresInMs !== undefined && <Deadline value={expiresInMs} onChange={setTtl} waits={way?.waits === true} />}
    </ActDialog>
  )
}

function Others({ others }: { readonly others: readonly { readonly path: PowerPath; readonly why: string }[] }) {
  if (others.length === 0) return null
  return (
    <div>
      <Text size="sm" c="dimmed">
        {t.others}
      </Text>
      {others.map(({ path, why }) => (
        <Text key={path.id} size="sm" c="dimmed">
          {path.title}: {why}
        </Text>
      ))}
    </div>
  )
}

const MINUTE = 60_000
const CHOICES = [2 * MINUTE, 10 * MINUTE, 60 * MINUTE, 1_440 * MINUTE]

type DeadlineProps = {
  readonly value: number
  readonly onChange: (ms: number) => void
  readonly waits: boolean
}

function Deadline({ value, onChange, waits }: DeadlineProps) {
  const choices = [...new Set([value, ...CHOICES])].sort((a, b) => a - b)
  return (
    <>
      <Select
        label={t.ttl}
        data={choices.map(ms => ({ value: String(ms), label: t.span(ms) }))}
        value={String(value)}
        onChange={next => next !== null && onChange(Number(next))}
        allowDeselect={false}
      />
      <Text size="sm" data-deadline>
        {waits ? t.offline(t.span(value)) : t.online(t.span(value))}
      </Text>
    </>
  )
}
