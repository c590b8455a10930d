// SPDX-License-Identifier: Apache-2.0
/** Sheets: what slides in over any page while the address has the parameter that it is named by. */
import { Drawer } from '@mantine/core'
import { Suspense } from 'react'
import { useSearchParams } from 'wouter'
import { Loading } from '../kit/states.tsx'
import { t } from '../words/kit.ts'
import { Fence } from './routes.tsx'
import { useMay, useSurroundings } from './session.tsx'

export function Sheets() {
  const { modules } = useSurroundings()
  const may = useMay()
  const [search, setSearch] = useSearchParams()
  const found = modules
    .flatMap(({ sheets = {} }) => Object.entries(sheets))
    .find(([name, { permission }]) => search.has(name) && may(permission))
  const close = (): void =>
    setSearch(old => {
      const next = new URLSearchParams(old)
      next.delete(found?.[0] ?? '')
      return next
    })
  const Sheet = found?.[1].page
  return (
    <Drawer
      opened={found !== undefined}
      onClose={close}
      title={found?.[1].title}
      position="right"
      size="min(680px, 100%)"
      closeButtonProps={{ 'aria-label': t.close }}
    >
      {Sheet !== undefined && (
        <Fence>
          <Suspense fallback={<Loading />}>
            <Sheet />
          </Suspense>
        </Fence>
      )}
    </Drawer>
  )
}
