// SPDX-License-Identifier: Apache-2.0
/** The first part of the tab: activation, power, sessions, consent, and booting once from elsewhere. */

import { ActivationPart } from './activation.tsx'
import { BootPart } from './boot.tsx'
import { ConsentPart } from './consent.tsx'
import { PowerPart } from './power.tsx'
import { SessionsPart } from './sessions.tsx'
import type { PartOf } from './tab.tsx'

export default function Overview({ machine, line, host }: PartOf) {
  const isActivated = line.controlMode === 'acm' || line.controlMode === 'ccm'
  const power = <PowerPart machine={machine} line={line} host={host} />
  return (
    <div className="mu-oob-grid">
      {isActivated && power}
      <ActivationPart machine={machine} line={line} />
      {line.connected && <ConsentPart machine={machine} />}
      {isActivated && <SessionsPart machine={machine} line={line} />}
      {line.connected && <BootPart machine={machine} line={line} />}
    </div>
  )
}
