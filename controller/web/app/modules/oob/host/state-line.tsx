// SPDX-License-Identifier: Apache-2.0
/** How the firmware of a host stands: what it is, how it is activated, its tunnel, its power, and what that means. */
import { Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { LiveAge } from '../../../kit/live-age.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { t } from '../../../words/oob-host.ts'
import type { Machine } from '../acts-host.ts'
import { plainText, type StatusLine, usePower } from './firmware.ts'

/** The power is read when something happens and each few minutes. */
const POWER_FRESH_MS = 15 * 60_000

type Hue = Parameters<typeof Badge>[0]['hue']

const VERDICTS: Readonly<Record<string, Hue>> = {
  running: 'ok',
  booting: 'unknown',
  asleep: 'unknown',
  off: 'unknown',
  'agent-stopped': 'degraded',
  'agent-dead': 'failing',
  'os-hung': 'failing',
  'network-down': 'failing',
}

export function StateLine({ line, machine }: { readonly line: StatusLine; readonly machine: Machine }) {
  const { sku, why, version, controlMode, connected, since, address, verdict, evidence, advice } = line
  const isActivated = controlMode === 'acm' || controlMode === 'ccm'
  return (
    <Stack gap={6} data-oob-state={verdict}>
      <Group gap="xs">
        <Badge hue={sku === 'amt' || sku === 'ism' ? 'ok' : 'unknown'} why={plainText(why)}>
          {word(t.sku, sku)}
        </Badge>
        {isActivated && (
          <Badge hue="ok" why={version === undefined ? undefined : t.version(plainText(version))}>
            {word(t.mode, controlMode)}
          </Badge>
        )}
        {!isActivated && <Badge hue="held">{word(t.mode, controlMode)}</Badge>}
        {isActivated && <Connection line={{ connected, since, address }} />}
        <Badge hue={VERDICTS[verdict] ?? 'unknown'} why={plainText(evidence)}>
          {t.verdict[verdict]}
        </Badge>
        <Power line={line} machine={machine} />
      </Group>
      <Text size="sm" c="dimmed">
        {version !== undefined && `${t.version(plainText(version))} · `}
        {plainText(evidence)}
        {word(t.advice, advice) !== '' && (
          <>
            {'. '}
            <strong>{word(t.advice, advice)}</strong>
          </>
        )}
      </Text>
    </Stack>
  )
}

type Tunnel = { readonly connected: boolean; readonly since: string | undefined; readonly address: string | undefined }

function Connection({ line: { connected, since, address } }: { readonly line: Tunnel }) {
  return (
    <Badge hue={connected ? 'ok' : 'failing'} why={address === undefined ? undefined : t.from(plainText(address))}>
      {connected ? t.connected : t.disconnected}
      {since !== undefined && (
        <>
          {' '}
          <LiveAge at={since} />
        </>
      )}
    </Badge>
  )
}

function Power({ line, machine }: { readonly line: StatusLine; readonly machine: Machine }): ReactNode {
  const { state, at } = usePower(machine, line)
  if (at === undefined) return null
  return (
    <Text size="sm">
      {word(t.powerState, state)},{' '}
      <Text span size="xs" c="dimmed">
        {t.power.read} <LiveAge at={at} ago expectedMs={POWER_FRESH_MS} />
      </Text>
    </Text>
  )
}

/** The word for a state, or the state where there is none for it. */
export function word(words: Readonly<Record<string, string>>, state: string): string {
  return words[state] ?? plainText(state)
}
