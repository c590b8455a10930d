// SPDX-License-Identifier: Apache-2.0
/** Two steps of the first run: the address that hosts are told, and the modules that are on. */
import { Group, SimpleGrid, Stack, Text } from '@mantine/core'
import type { System } from '../../../api/types.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { t } from '../../../words/door.ts'
import { judgeAddress } from './address.ts'

type SystemProps = { readonly system: System }

export function AddressStep({ system }: SystemProps) {
  const w = t.setup.address
  const { verdict, host } = judgeAddress(system.url, location.origin)
  return (
    <Stack gap="sm">
      <Text size="sm">{w.about}</Text>
      <Text fw={600}>{w.url}</Text>
      <Group gap="sm">
        <code className="mu-address">{system.url}</code>
        {verdict === 'answers' && <Badge hue="ok">{w.answers}</Badge>}
        {verdict === 'loopback' && <Badge hue="failing">{w.ownOnly}</Badge>}
      </Group>
      {verdict === 'answers' && <Text size="sm">{w.same}</Text>}
      {verdict === 'loopback' && <Text size="sm">{w.loopback}</Text>}
      {verdict !== 'answers' && (
        <>
          {verdict === 'unproven' && <Text size="sm">{w.other(location.origin)}</Text>}
          {verdict === 'unproven' && <CopyLine text={w.probe(system.url)} what={w.probeWhat} />}
          <Text size="sm">{w.change}</Text>
          <CopyLine text={w.config(host)} what={w.configWhat} />
        </>
      )}
      <Text fw={600}>{w.root}</Text>
      <CopyLine text={`sha256:${system.rootFingerprint}`} what={w.fingerprint} />
      <Text size="sm" c="dimmed">
        {w.rootAbout}
      </Text>
    </Stack>
  )
}

export function ModulesStep({ system }: SystemProps) {
  const w = t.setup.modules
  return (
    <Stack gap="sm">
      <Text size="sm">{w.about}</Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {system.modules.map(({ name, title, enabled }) => (
          <section key={name} className="mu-module" aria-label={name}>
            <Group justify="space-between" gap="xs">
              <Text fw={600}>{name}</Text>
              <Badge hue={enabled ? 'ok' : 'unknown'}>{enabled ? w.on : w.off}</Badge>
            </Group>
            <Text size="sm">{w.purpose[name] ?? title}</Text>
            {!enabled && (
              <>
                <Text size="xs" c="dimmed" mt={4} mb={4}>
                  {w.switchOn}
                </Text>
                <CopyLine text={w.line(name)} what={w.lineWhat(name)} />
              </>
            )}
          </section>
        ))}
      </SimpleGrid>
    </Stack>
  )
}
