// SPDX-License-Identifier: Apache-2.0
/** The button that adds a host, where a module brings the sheet for it. */
import { Button } from '@mantine/core'
import { Plus } from 'lucide-react'
import { useParam } from '../../../shell/go.tsx'
import { useMay, useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/hosts.ts'

/** Whether somebody can add hosts here, by the sheet that a module brings. */
function useCanAdd(): boolean {
  const { modules } = useSurroundings()
  const may = useMay()
  return modules.some(({ sheets }) => sheets?.add !== undefined && may(sheets.add.permission))
}

export function AddHost() {
  const [, setAdd] = useParam('add')
  if (!useCanAdd()) return null
  return (
    <Button
      size="sm"
      leftSection={<Plus size={16} aria-hidden />}
      onClick={() => setAdd('command', { replace: false })}
    >
      {t.add}
    </Button>
  )
}
