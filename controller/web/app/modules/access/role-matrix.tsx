// SPDX-License-Identifier: Apache-2.0
/** Permissions by roles, as a table that can be read in both directions. */
import { VisuallyHidden } from '@mantine/core'
import { Check, Minus } from 'lucide-react'
import { RIGHTS, rightText } from '../../kit/rights.ts'
import { t as words } from '../../words/access.ts'
import type { Role } from './queries.ts'
import './access.css'

const t = words.roles

export function RoleMatrix({ roles }: { readonly roles: readonly Role[] }) {
  const newer = [...new Set(roles.flatMap(({ permissions }) => permissions))].filter(
    permission => !RIGHTS.some(right => right === permission),
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so must be reached by keys
    <div className="mu-matrix" role="region" aria-label={t.matrix} tabIndex={0}>
      <table>
        <caption>
          <VisuallyHidden>{t.matrix}</VisuallyHidden>
        </caption>
        <thead>
          <tr>
            <th scope="col">{t.permission}</th>
            {roles.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...RIGHTS, ...newer].map(right => (
            <tr key={right}>
              <th scope="row">
                {rightText(right)}
                <code>{right}</code>
              </th>
              {roles.map(({ name, permissions }) => (
                <td key={name}>
                  <Mark isOn={permissions.includes(right)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Mark({ isOn }: { readonly isOn: boolean }) {
  return (
    <>
      {isOn ? (
        <Check size={16} aria-hidden className="mu-ok" />
      ) : (
        <Minus size={14} aria-hidden className="mu-unknown" />
      )}
      <VisuallyHidden>{isOn ? t.yes : t.no}</VisuallyHidden>
    </>
  )
}
