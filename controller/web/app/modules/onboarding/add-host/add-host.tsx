// SPDX-License-Identifier: Apache-2.0
/** Adding hosts: a token made on the spot, the lines for each way in, and what comes of them while one looks. */
import { Button, Group, Stack, Tabs, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { absolute } from '../../../kit/age.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { useParam, useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/onboarding.ts'
import { HOUR_MS, type TokenWish } from '../acts.ts'
import { Footer } from './footer.tsx'
import { type Access, cloudInit, commandLines, simulatedLine, WAYS, type Way } from './lines.ts'
import { PackageWay } from './package-way.tsx'
import { TokenForm } from './token-form.tsx'
import type { MadeToken } from './use-arrivals.ts'
import { usePackages } from './use-packages.ts'

const SIMULATED = 20

export default function AddHost() {
  const [asked, setAsked] = useParam('add')
  const way = WAYS.find(each => each === asked) ?? 'command'
  return (
    <Tabs value={way} onChange={value => value !== null && setAsked(value)} keepMounted={false} variant="default">
      <Tabs.List aria-label={t.add.waysLabel} mb="md">
        {WAYS.map(each => (
          <Tabs.Tab key={each} value={each}>
            {t.add.ways[each]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={way}>
        <OneWay key={way} way={way} />
      </Tabs.Panel>
    </Tabs>
  )
}

function OneWay({ way }: { readonly way: Way }) {
  const project = useProject()
  const client = useQueryClient()
  const [wish, setWish] = useState<TokenWish>({
    project,
    uses: way === 'simulated' ? SIMULATED : 1,
    expiresInMs: HOUR_MS,
    labels: [],
    needsApproval: false,
  })
  const [made, setMade] = useState<MadeToken>()
  if (made === undefined)
    return (
      <TokenForm
        wish={wish}
        onWish={setWish}
        onMade={token => {
          setMade(token)
          void client.invalidateQueries({ queryKey: ['join-tokens'] })
        }}
      >
        <Text size="sm">{t.add.before[way]}</Text>
      </TokenForm>
    )
  return (
    <Stack gap="md">
      <Text size="sm" fw={600}>
        {t.add.tokenFor(wish.uses, absolute(made.expiresAt))}
      </Text>
      <Lines way={way} access={made} count={wish.uses} />
      <Footer project={project} token={made} uses={wish.uses} />
      <Group>
        <Button variant="default" onClick={() => setMade(undefined)}>
          {t.add.another}
        </Button>
      </Group>
    </Stack>
  )
}

type LinesProps = { readonly way: Way; readonly access: Access; readonly count: number }

function Lines({ way, access, count }: LinesProps) {
  const packages = usePackages(access.token)
  if (way === 'simulated')
    return (
      <Stack gap="xs">
        <Text size="sm">{t.add.simulated.about}</Text>
        <CopyLine text={simulatedLine(access, count)} what={t.add.simulated.what} />
        <Text size="sm" c="dimmed">
          {t.add.simulated.stop}
        </Text>
      </Stack>
    )
  // Lines that are about to change are not shown to be copied.
  if (packages === undefined) return null
  if (packages !== null) return <PackageWay way={way} lines={packages} />
  if (way === 'cloud-init')
    return (
      <Stack gap="xs">
        <Text size="sm">{t.add.cloudInit.about}</Text>
        <CopyLine text={cloudInit(access)} what={t.add.cloudInit.what} />
      </Stack>
    )
  return (
    <Stack gap="xs">
      <Text size="sm">{t.add.command.about}</Text>
      {commandLines(access).map((line, at) => {
        const about = [t.add.command.bring, t.add.command.enroll, t.add.command.run][at] ?? ''
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
