// SPDX-License-Identifier: Apache-2.0
/** Certificates and TLS of the firmware, and erasing the machine for good. */
import { Checkbox, Stack, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { ActButton } from '../../../acts/act-button.tsx'
import { send } from '../../../api/call.ts'
import { problemOf } from '../../../api/problem.ts'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/oob-host.ts'
import { erase, eraseBody, firmwareCall, type Machine } from '../acts-host.ts'
import { type Features, plainText, useFirmware } from './firmware.ts'
import { Part, PlainTable } from './part.tsx'
import type { PartOf } from './tab.tsx'

type Certificate = {
  readonly displayName?: string
  readonly instanceID?: string
  readonly issuer?: string
  readonly trustedRootCertificate?: boolean
  readonly associatedProfiles?: readonly string[]
}
type Certificates = { readonly certificates: { readonly publicKeyCertificateItems: readonly Certificate[] } }
type Tls = {
  readonly elementName?: string
  readonly enabled?: boolean
  readonly mutualAuthentication?: boolean
  readonly acceptNonSecureConnections?: boolean
}

export default function SecurityPart({ machine }: PartOf) {
  const certificates = useFirmware<Certificates>(machine, 'amt/certificates')
  const tls = useFirmware<readonly Tls[]>(machine, 'amt/tls')
  const may = useMay()
  const yes = (value: boolean | undefined): string => (value === true ? t.network.yes : t.network.no)
  return (
    <Stack gap="md">
      <Part title={t.security.certificates} onAgain={() => void certificates.refetch()}>
        <QueryView query={certificates}>
          {({ certificates: { publicKeyCertificateItems } }) => (
            <PlainTable
              label={t.security.certificates}
              empty={t.security.noCertificates}
              head={[t.security.name, t.security.issuer, t.security.trusted, t.security.usedBy]}
              rows={publicKeyCertificateItems.map(each => [
                plainText(each.displayName),
                plainText(each.issuer),
                yes(each.trustedRootCertificate),
                plainText(each.associatedProfiles?.join(', ')),
              ])}
            />
          )}
        </QueryView>
      </Part>
      <Part title={t.security.tls} onAgain={() => void tls.refetch()}>
        <QueryView query={tls}>
          {settings => (
            <PlainTable
              label={t.security.tls}
              empty={t.security.noTls}
              head={[t.security.interface, t.security.enabled, t.security.mutual, t.security.plain]}
              rows={settings.map(each => [
                plainText(each.elementName),
                yes(each.enabled),
                yes(each.mutualAuthentication),
                yes(each.acceptNonSecureConnections),
              ])}
            />
          )}
        </QueryView>
      </Part>
      {may(erase.permission) && <ErasePart machine={machine} />}
    </Stack>
  )
}

function ErasePart({ machine }: { readonly machine: Machine }) {
  const query = useFirmware<Features>(machine, 'amt/features')
  return (
    <Part title={t.security.erase}>
      <QueryView query={query}>
        {({ remoteEraseSupported }) =>
          remoteEraseSupported ? <EraseForm machine={machine} /> : <Text c="dimmed">{t.erase.unsupported}</Text>
        }
      </QueryView>
    </Part>
  )
}

const NOTHING = { disks: false, tpm: false, bios: false, firmware: false }
const PARTS = ['disks', 'tpm', 'bios', 'firmware'] as const

/** The controller wants to be asked twice: what it answers first is part of what this dialog sends. */
function EraseForm({ machine }: { readonly machine: Machine }) {
  const [parts, setParts] = useState(NOTHING)
  const [confirmation, setConfirmation] = useState<string>()
  const [failure, setFailure] = useState<unknown>()
  const isAny = PARTS.some(part => parts[part])
  const prepare = async (): Promise<void> => {
    setFailure(undefined)
    const first = firmwareCall(machine, 'POST', 'amt/boot/remoteErase', eraseBody(parts))
    await send(first).catch((thrown: unknown) => {
      const { document } = problemOf(thrown)
      if (typeof document.confirmation === 'string') setConfirmation(document.confirmation)
      else setFailure(thrown)
    })
  }
  return (
    <Stack gap="sm" maw={560}>
      <Text size="sm">{t.erase.what}</Text>
      <Checkbox.Group label={t.erase.choose} value={PARTS.filter(part => parts[part])}>
        <Stack gap={6} mt={4}>
          {PARTS.map(part => (
            <Checkbox
              key={part}
              value={part}
              label={t.erase.parts[part]}
              onChange={event => {
                setConfirmation(undefined)
                setParts({ ...parts, [part]: event.currentTarget.checked })
              }}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      {failure !== undefined && <ProblemCard problem={failure} />}
      <div>
        <ActButton
          act={erase}
          input={confirmation === undefined ? undefined : { ...machine, ...parts, confirmation }}
          title={t.erase.button(machine.name)}
          name={machine.name}
          done={t.erase.done}
          refresh={['oob']}
          button={{ color: 'red', variant: 'light', disabled: !isAny }}
        >
          <Prepared isPrepared={confirmation !== undefined} prepare={prepare} />
        </ActButton>
      </div>
    </Stack>
  )
}

function Prepared({ isPrepared, prepare }: { readonly isPrepared: boolean; readonly prepare: () => Promise<void> }) {
  const ask = useRef(prepare)
  // When the dialog opens, and not again while it is open.
  useEffect(() => void ask.current(), [])
  return (
    <>
      <Text size="sm">{t.erase.what}</Text>
      {isPrepared && (
        <Text size="sm" c="dimmed">
          {t.erase.prepared}
        </Text>
      )}
    </>
  )
}
