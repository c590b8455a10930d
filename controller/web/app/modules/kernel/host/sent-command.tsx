// SPDX-License-Identifier: Apache-2.0
/** The ticks of a command that was sent to a host, with a button to take it back while it waits. */
import { Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ActButton } from '../../../acts/act-button.tsx'
import { problemOf } from '../../../api/problem.ts'
import type { Command, Host } from '../../../api/types.ts'
import { CommandTicks } from '../../../kit/command-ticks.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { Loading } from '../../../kit/states.tsx'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/host.ts'
import { t as views } from '../../../words/views.ts'
import { cancelCommand } from './acts.ts'
import { useCommand } from './queries.ts'

type SentCommandProps = { readonly host: Host; readonly answer: unknown }

export default function SentCommand({ host, answer }: SentCommandProps) {
  const { id = '' } = answer as { readonly id?: string } // the command, as the controller answered
  const query = useCommand(id)
  const client = useQueryClient()
  const project = useProject()
  const state = query.data?.state
  // What it brought about is seen in the host itself.
  useEffect(() => {
    if (state === undefined) return
    for (const key of ['host', 'commands', 'history'])
      void client.invalidateQueries({ queryKey: [key, project, host.resourceId] })
  }, [state, client, project, host.resourceId])
  if (query.error !== null && problemOf(query.error).status === 404) return <Text size="sm">{t.commands.gone}</Text>
  return (
    <QueryView query={query} loading={<Loading lines={2} />}>
      {command => <Ticks command={command} />}
    </QueryView>
  )
}

export function Ticks({ command }: { readonly command: Command }) {
  const project = useProject()
  const what = `${command.section} ${command.name}`
  return (
    <CommandTicks
      command={command}
      cancel={
        <ActButton
          act={cancelCommand}
          input={{ project, command: command.id }}
          title={t.commands.cancelTitle(what)}
          label={views.ticks.cancel}
          verb={views.ticks.cancel}
          button={{ size: 'xs' }}
          refresh={['command', 'commands', 'why', 'events']}
        >
          <Text size="sm">{t.commands.cancelWhat}</Text>
        </ActButton>
      }
    />
  )
}
