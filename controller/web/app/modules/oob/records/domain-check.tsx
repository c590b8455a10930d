// SPDX-License-Identifier: Apache-2.0
/** What a certificate file is good for, asked while the form is filled in: nothing is kept of it. */
import { Alert, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { get, send } from '../../../api/call.ts'
import { absolute, spoken } from '../../../kit/age.ts'
import { type Check, Checklist } from '../../../kit/checklist.tsx'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-records.ts'
import { allPages } from '../reads-lines.ts'
import { text, type Values } from './spec.ts'

type Finding = { readonly ok: boolean; readonly code?: string; readonly message?: string; readonly expires?: string }

/** In the order in which the controller checks; each is told only what the ones before it let pass. */
export const PFX_CHECKS = [
  ['opens', ['pfx-unreadable']],
  ['certificates', ['pfx-empty']],
  ['suffix', ['pfx-no-common-name', 'pfx-wrong-suffix']],
  ['valid', ['pfx-not-yet-valid', 'pfx-expired']],
  ['root', ['pfx-no-root']],
  ['rsa', ['pfx-not-rsa', 'pfx-weak-key']],
  ['key', ['pfx-no-key', 'pfx-wrong-key']],
  ['chain', ['pfx-chain-broken', 'pfx-chain-unsigned', 'pfx-chain-long']],
  ['usage', ['pfx-no-amt-usage']],
] as const

export function checksOf(finding: Finding): readonly Check[] {
  const failed = PFX_CHECKS.findIndex(([, codes]) => (codes as readonly string[]).includes(finding.code ?? ''))
  return PFX_CHECKS.map(([id], at) => {
    const check = { id, text: t.pfx.checks[id] }
    if (!finding.ok && at === failed) return { ...check, state: 'failed', detail: finding.message }
    if (!finding.ok && (failed === -1 || at > failed)) return { ...check, state: 'waiting' }
    if (id === 'valid' && finding.expires !== undefined) {
      const left = spoken(Date.parse(finding.expires) - Date.now())
      return { ...check, state: 'done', detail: t.pfx.expires(absolute(finding.expires).slice(0, 10), left) }
    }
    return { ...check, state: 'done' }
  })
}

const SETTLE_MS = 400

/** What was found of the present values; `undefined` while something is missing or under way. */
function useFinding(values: Values): { readonly finding?: Finding; readonly problem?: unknown } {
  const project = useProject()
  const [told, setTold] = useState<{ readonly finding?: Finding; readonly problem?: unknown }>({})
  const suffix = text(values.domainSuffix)
  const pfx = text(values.provisioningCert)
  const password = text(values.provisioningCertPassword)
  useEffect(() => {
    setTold({})
    if (suffix === '' || pfx === '' || password === '') return
    const abort = new AbortController()
    const body = { domainSuffix: suffix, provisioningCert: pfx, provisioningCertPassword: password }
    const path = `/v1/projects/${encodeURIComponent(project)}/oob/domain-check`
    const timer = setTimeout(() => {
      // Not through the store of answers: it would remember the password.
      send<Finding>({ method: 'POST', path, body }, abort.signal).then(
        finding => setTold({ finding }),
        problem => abort.signal.aborted || setTold({ problem }),
      )
    }, SETTLE_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [project, suffix, pfx, password])
  return told
}

export function DomainCheck({ values }: { readonly values: Values }) {
  const { finding, problem } = useFinding(values)
  const suffix = text(values.domainSuffix)
  return (
    <Stack gap="xs">
      {suffix !== '' && <Hosts suffix={suffix} />}
      {problem !== undefined && <ProblemCard problem={problem} />}
      {finding === undefined ? (
        <Text size="xs" c="dimmed">
          {t.pfx.waits}
        </Text>
      ) : (
        <Checklist label={t.pfx.label} checks={checksOf(finding)} />
      )}
    </Stack>
  )
}

function Hosts({ suffix }: { readonly suffix: string }) {
  const suffixes = useSuffixes()
  if (suffixes === undefined) return null
  const count = countOf(suffixes, suffix)
  return (
    <Alert color={count === 0 ? 'yellow' : 'blue'} variant="light" p="xs" role="status">
      {count === 0 ? t.pfx.noHosts(suffix) : t.pfx.hosts(count, suffix)}
    </Alert>
  )
}

/** The suffix of each host that told one. */
export function useSuffixes(): readonly string[] | undefined {
  const project = useProject()
  const query = useQuery({
    queryKey: ['oob', project, 'suffixes'],
    queryFn: async ({ signal }) => {
      const pages = await allPages(cursor =>
        get('/v1/projects/{project}/oob/detections', { path: { project }, query: { cursor } })({ signal }),
      )
      return pages.flatMap(({ detections }) => detections.flatMap(({ dnsSuffix }) => dnsSuffix ?? []))
    },
    staleTime: 60_000,
  })
  return query.data
}

/** How many are of a domain: its suffix, or one below it. */
export function countOf(suffixes: readonly string[], domain: string): number {
  const wanted = domain.toLowerCase()
  return suffixes.map(each => each.toLowerCase()).filter(each => each === wanted || each.endsWith(`.${wanted}`)).length
}
