// SPDX-License-Identifier: Apache-2.0
/** The screen of a host: first what is asked and said, then the picture. */
import { lazy, Suspense, useState } from 'react'
import type { Host } from '../../../api/types.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { Loading } from '../../../kit/states.tsx'
import { useMachine } from '../host/firmware.ts'
import { useHostOfAddress } from '../host/page.tsx'
import { askFor, type Grant, Preflight, type Wish } from '../session/preflight.tsx'

const Screen = lazy(() => import('./screen.tsx'))

export default function ScreenPage() {
  const query = useHostOfAddress()
  return <QueryView query={query}>{host => <Viewing host={host} />}</QueryView>
}

function Viewing({ host }: { readonly host: Host }) {
  const machine = useMachine(host)
  const [open, setOpen] = useState<{ readonly grant: Grant; readonly wish: Wish }>()
  if (open === undefined)
    return <Preflight machine={machine} mode="kvm" onGrant={(grant, wish) => setOpen({ grant, wish })} />
  const again = async (): Promise<void> => {
    const grant = await askFor(machine, 'kvm', open.wish)
    setOpen({ ...open, grant })
  }
  return (
    <Suspense fallback={<Loading lines={8} />}>
      <Screen machine={machine} grant={open.grant} onAgain={again} />
    </Suspense>
  )
}
