// SPDX-License-Identifier: Apache-2.0
/** The serial console of a host: first what is asked and said, then the terminal. */
import { lazy, Suspense, useState } from 'react'
import type { Host } from '../../../api/types.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { Loading } from '../../../kit/states.tsx'
import { useMachine } from '../host/firmware.ts'
import { useHostOfAddress } from '../host/page.tsx'
import { askFor, type Grant, Preflight, type Wish } from '../session/preflight.tsx'

const Terminal = lazy(() => import('./terminal.tsx'))

export default function ConsolePage() {
  const query = useHostOfAddress()
  return <QueryView query={query}>{host => <Console host={host} />}</QueryView>
}

function Console({ host }: { readonly host: Host }) {
  const machine = useMachine(host)
  const [open, setOpen] = useState<{ readonly grant: Grant; readonly wish: Wish }>()
  if (open === undefined)
    return <Preflight machine={machine} mode="sol" onGrant={(grant, wish) => setOpen({ grant, wish })} />
  const again = async (): Promise<void> => {
    const grant = await askFor(machine, 'sol', open.wish)
    setOpen({ ...open, grant })
  }
  return (
    <Suspense fallback={<Loading lines={8} />}>
      <Terminal machine={machine} grant={open.grant} onAgain={again} />
    </Suspense>
  )
}
