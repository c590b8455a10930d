// SPDX-License-Identifier: Apache-2.0
/** The lines for machines that install the agent as a package from this controller. */
import { Stack, Tabs, Text } from '@mantine/core'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { t } from '../../../words/onboarding.ts'
import type { Way } from './lines.ts'
import type { PackageLines } from './use-packages.ts'

const KINDS = ['apt', 'dnf'] as const

type PackageWayProps = { readonly way: Way; readonly lines: PackageLines }

export function PackageWay({ way, lines }: PackageWayProps) {
  if (way === 'cloud-init')
    return (
      <Stack gap="xs">
        <Text size="sm">{t.add.packages.cloudInit}</Text>
        <CopyLine text={lines.cloudInit} what={t.add.cloudInit.what} />
      </Stack>
    )
  return (
    <Stack gap="xs">
      <Text size="sm">{t.add.packages.about}</Text>
      <Tabs defaultValue="apt" variant="default" keepMounted={false}>
        <Tabs.List aria-label={t.add.packages.kindsLabel} mb="sm">
          {KINDS.map(kind => (
            <Tabs.Tab key={kind} value={kind}>
              {t.add.packages.kinds[kind]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {KINDS.map(kind => (
          <Tabs.Panel key={kind} value={kind}>
            <Steps lines={lines[kind]} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Stack>
  )
}

function Steps({ lines }: { readonly lines: readonly string[] }) {
  const { key, source, enroll } = t.add.packages
  return (
    <Stack gap="xs">
      {lines.map((line, at) => {
        const about = [key, source, enroll][at] ?? ''
        return (
          <div key={line}>
            <Text size="sm" fw={600} mb={4}>
              {at + 1}. {about}
            </Text>
            <CopyLine text={line} what={t.add.command.line(about)} />
          </div>
        )
      })}
    </Stack>
  )
}
