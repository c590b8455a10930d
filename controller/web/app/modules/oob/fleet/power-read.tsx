// SPDX-License-Identifier: Apache-2.0
/** Asks the firmware of machines for their power now, instead of showing what was read last. */
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { send } from '../../../api/call.ts'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-fleet.ts'
import type { Machine } from '../reads.ts'

type Read = { readonly results: readonly { readonly guid: string; readonly powerstate?: number }[] }
/** What was read, by GUID. */
export type Powers = ReadonlyMap<string, Pick<Machine, 'powerState' | 'powerReadAt'>>

/** As many as the controller reads in one request. */
const MOST = 500

/** The words for a power state of the firmware (DSP1027). */
export function wordOfPower(state: number | undefined): string {
  if (state === 2) return 'POWER_STATE_ON'
  if (state === 3 || state === 4) return 'POWER_STATE_SLEEP'
  if (state === 7) return 'POWER_STATE_HIBERNATE'
  return state === 6 || state === 8 || state === 12 || state === 13 ? 'POWER_STATE_OFF' : 'POWER_STATE_UNSPECIFIED'
}

export function usePowers(): readonly [Powers, (read: Powers) => void] {
  const [powers, setPowers] = useState<Powers>(new Map())
  return [powers, read => setPowers(before => new Map([...before, ...read]))]
}

/** With the newer of what the controller keeps and what was read here. */
export function withPower(machine: Machine, powers: Powers): Machine {
  const read = machine.guid === undefined ? undefined : powers.get(machine.guid)
  if (read === undefined || (read.powerReadAt ?? '') < (machine.powerReadAt ?? '')) return machine
  return { ...machine, ...read }
}

export type PowerReadProps = {
  readonly machines: readonly Machine[]
  readonly onRead: (powers: Powers) => void
}

export function PowerRead({ machines, onRead }: PowerReadProps) {
  const project = useProject()
  const guids = machines.flatMap(each => (each.connected && each.guid !== undefined ? [each.guid] : [])).slice(0, MOST)
  const reading = useMutation({
    mutationFn: () =>
      send<Read>({
        method: 'POST',
        path: `/v1/projects/${encodeURIComponent(project)}/oob/mps/amt/power/bulk/state`,
        body: { guids },
      }),
    onSuccess: ({ results }) => {
      const powerReadAt = new Date().toISOString()
      onRead(
        new Map(
          results.flatMap(({ guid, powerstate }) =>
            powerstate === undefined ? [] : [[guid, { powerState: wordOfPower(powerstate), powerReadAt }] as const],
          ),
        ),
      )
    },
  })
  if (guids.length === 0) return null
  return (
    <Button
      variant="default"
      size="sm"
      leftSection={<RefreshCw size={14} aria-hidden />}
      loading={reading.isPending}
      onClick={() => reading.mutate()}
      {...(reading.isError ? { color: 'red', title: reading.error.message } : {})}
    >
      {reading.isError ? t.powerAct.readFailed : t.powerAct.read(guids.length)}
    </Button>
  )
}
