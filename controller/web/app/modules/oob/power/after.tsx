// SPDX-License-Identifier: Apache-2.0
/** What became of a power order that was sent from elsewhere than the tab. */
import type { Host } from '../../../api/types.ts'
import { useProject } from '../../../shell/go.tsx'
import { OrderLine } from './order-line.tsx'

export default function After({ answer }: { readonly host: Host; readonly answer: unknown }) {
  const project = useProject()
  const id = typeof answer === 'object' && answer !== null && 'id' in answer ? String(answer.id) : undefined
  return id === undefined ? null : <OrderLine project={project} id={id} />
}
