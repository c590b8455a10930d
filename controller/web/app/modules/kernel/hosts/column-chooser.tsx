// SPDX-License-Identifier: Apache-2.0
/** Which columns are seen, in which order and how wide. */
import { ActionIcon, Button, Group, Modal, Select, Stack, Switch, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react'
import { t } from '../../../words/hosts.ts'
import { t as kit } from '../../../words/kit.ts'
import type { Columns } from './host-list.tsx'
import { moved, type Pref, WIDTHS } from './prefs.ts'

export function ColumnChooser({ columns }: { readonly columns: Columns }) {
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button
        variant="default"
        size="sm"
        px="sm"
        visibleFrom="sm"
        leftSection={<Columns3 size={14} aria-hidden />}
        onClick={open}
      >
        {t.columns.button}
      </Button>
      <Modal opened={opened} onClose={close} title={t.columns.button} closeButtonProps={{ 'aria-label': kit.close }}>
        <Stack gap="xs">
          <Text size="sm" c="dimmed">
            {t.columns.what}
          </Text>
          {columns.prefs.map((pref, at) => (
            <ColumnLine key={pref.id} pref={pref} columns={columns} at={at} />
          ))}
          <Group justify="flex-end">
            <Button variant="default" size="xs" onClick={columns.reset}>
              {t.columns.reset}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}

type LineProps = { readonly pref: Pref; readonly columns: Columns; readonly at: number }

function ColumnLine({ pref, columns: { all, prefs, set }, at }: LineProps) {
  const title = all.find(({ id }) => id === pref.id)?.title ?? pref.id
  // The name always stands first: it is what a row is opened by.
  const isFirst = pref.id === all[0]?.id
  const change = (more: Partial<Pref>): void =>
    set(prefs.map(each => (each.id === pref.id ? { ...each, ...more } : each)))
  return (
    <Group gap="xs" wrap="nowrap" justify="space-between">
      <Switch
        label={title}
        checked={isFirst || pref.shown}
        disabled={isFirst}
        onChange={event => change({ shown: event.currentTarget.checked })}
      />
      <Group gap={4} wrap="nowrap">
        <Select
          aria-label={t.columns.width(title)}
          size="xs"
          w={100}
          allowDeselect={false}
          data={WIDTHS.map(value => ({ value, label: t.columns.widths[value] }))}
          value={pref.width}
          onChange={next => change({ width: WIDTHS.find(each => each === next) ?? 'normal' })}
        />
        <ActionIcon
          variant="default"
          aria-label={t.columns.up(title)}
          disabled={isFirst || at <= 1}
          onClick={() => set(moved(prefs, pref.id, -1))}
        >
          <ArrowUp size={14} />
        </ActionIcon>
        <ActionIcon
          variant="default"
          aria-label={t.columns.down(title)}
          disabled={isFirst || at === prefs.length - 1}
          onClick={() => set(moved(prefs, pref.id, 1))}
        >
          <ArrowDown size={14} />
        </ActionIcon>
      </Group>
    </Group>
  )
}
