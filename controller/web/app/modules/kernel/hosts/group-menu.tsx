// SPDX-License-Identifier: Apache-2.0
/** What the hosts are counted by: a member, or a label that there is. */
import { Button, Menu } from '@mantine/core'
import { Layers } from 'lucide-react'
import { useState } from 'react'
import { Literal } from '../../../kit/literal.tsx'
import { useSurroundings } from '../../../shell/session.tsx'
import { number } from '../../../words/catalogue.ts'
import { t } from '../../../words/hosts.ts'
import { groupTitle } from './group-bar.tsx'
import type { Question } from './question.ts'
import { useValues } from './values.ts'

export function GroupMenu({ question: { group, setGroup } }: { readonly question: Question }) {
  const { boot } = useSurroundings()
  const [opened, setOpened] = useState(false)
  const labels = useValues({ members: ['metadata'], filter: {}, enabled: opened })
  const own = boot.modules.includes('inventory') ? ['site', 'model', 'agent', 'os'] : ['agent']
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end">
      <Menu.Target>
        <Button
          variant={group === '' ? 'default' : 'light'}
          size="sm"
          px="sm"
          leftSection={<Layers size={14} aria-hidden />}
        >
          {group === '' ? t.group.button : groupTitle(group)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {group !== '' && <Menu.Item onClick={() => setGroup('', { replace: false })}>{t.group.none}</Menu.Item>}
        {own.map(key => (
          <Menu.Item key={key} onClick={() => setGroup(key, { replace: false })}>
            {groupTitle(key)}
          </Menu.Item>
        ))}
        {(labels.data?.[0]?.values.length ?? 0) > 0 && <Menu.Label>{t.group.label}</Menu.Label>}
        {labels.data?.[0]?.values.map(({ value, count }) => (
          <Menu.Item key={value} rightSection={number(count)} onClick={() => setGroup(value, { replace: false })}>
            <Literal text={value} max={40} />
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
