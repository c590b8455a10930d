// SPDX-License-Identifier: Apache-2.0
/** The steps of the first run once there is an administrator: one is open, the others can be opened again. */
import { Button, Group, Paper, Stack, Text, Title, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { type ReactNode, Suspense, useState } from 'react'
import { get } from '../../../api/call.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { Loading } from '../../../kit/states.tsx'
import { useParam } from '../../../shell/go.tsx'
import { useMe, useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/door.ts'
import { TotpSetup } from '../me/totp.tsx'
import { AddressStep, ModulesStep } from './setup-system.tsx'

const LAST = 4

export function SetupSteps({ password }: { readonly password: string | undefined }) {
  const [step, setStep] = useParam('step')
  const open = Math.min(LAST, Math.max(1, Number(step) || 1))
  const system = useQuery({ queryKey: ['system'], queryFn: get('/v1/system') })
  const go = (to: number): void => setStep(String(to))
  const titles = [t.setup.account.title, t.setup.address.title, t.setup.modules.title, t.setup.host.title]
  const bodies: Readonly<Record<number, () => ReactNode>> = {
    1: () => <AccountDone password={password} />,
    2: () => <QueryView query={system}>{data => <AddressStep system={data} />}</QueryView>,
    3: () => <QueryView query={system}>{data => <ModulesStep system={data} />}</QueryView>,
    4: () => <HostStep />,
  }
  return (
    <ol className="mu-steps">
      {titles.map((title, at) => {
        const number = at + 1
        const state = number === open ? 'open' : number < open ? 'done' : 'later'
        return (
          <Step key={title} number={number} title={title} state={state} onOpen={() => go(number)}>
            {number === open && (
              <Stack gap="md">
                {bodies[number]?.()}
                <Group>
                  {number < LAST ? (
                    <>
                      <Button onClick={() => go(number + 1)}>{t.setup.next}</Button>
                      <Button variant="subtle" component="a" href="/">
                        {t.setup.later}
                      </Button>
                    </>
                  ) : (
                    <Button component="a" href="/">
                      {t.setup.finish}
                    </Button>
                  )}
                </Group>
              </Stack>
            )}
          </Step>
        )
      })}
    </ol>
  )
}

type StepProps = {
  readonly number: number
  readonly title: string
  readonly state: 'open' | 'done' | 'later'
  readonly onOpen?: () => void
  readonly children?: ReactNode
}

export function Step({ number, title, state, onOpen, children }: StepProps) {
  const head = (
    <Group gap="sm" wrap="nowrap">
      <span className="mu-step-number" aria-hidden>
        {state === 'done' ? <Check size={16} /> : number}
      </span>
      <Title order={2} size="h4" c={state === 'later' ? 'dimmed' : undefined}>
        {title}
      </Title>
    </Group>
  )
  return (
    <Paper
      component="li"
      withBorder
      p="md"
      className="mu-step"
      data-state={state}
      aria-current={state === 'open' ? 'step' : undefined}
    >
      {state === 'open' || onOpen === undefined ? (
        head
      ) : (
        <UnstyledButton onClick={onOpen} w="100%">
          {head}
        </UnstyledButton>
      )}
      {state === 'open' && <div className="mu-step-body">{children}</div>}
    </Paper>
  )
}

function AccountDone({ password }: { readonly password: string | undefined }) {
  const me = useMe()
  const [isProtected, setProtected] = useState(false)
  return (
    <Stack gap="sm">
      <Text size="sm">{t.setup.account.as(me.name)}</Text>
      {isProtected ? (
        <Text size="sm" role="status">
          {t.totp.nowOn}
        </Text>
      ) : (
        <>
          <Title order={3} size="h5">
            {t.setup.account.secondFactor}
          </Title>
          <TotpSetup {...(password === undefined ? {} : { password })} isOn={false} onDone={() => setProtected(true)} />
        </>
      )}
    </Stack>
  )
}

/** The same panel as the sheet, from whichever module lets machines in. */
function HostStep() {
  const { modules } = useSurroundings()
  const Panel = modules.find(({ sheets }) => sheets?.add !== undefined)?.sheets?.add?.page
  if (Panel === undefined) return <Text size="sm">{t.setup.host.off}</Text>
  return (
    <Stack gap="sm">
      <Text size="sm">{t.setup.host.about}</Text>
      <Suspense fallback={<Loading />}>
        <Panel />
      </Suspense>
    </Stack>
  )
}
