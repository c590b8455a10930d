// SPDX-License-Identifier: Apache-2.0
/** Makes or changes a record: checked while it is typed, the controller's complaints beside the fields, nobody's change lost. */
import { Alert, Button, Text, Title } from '@mantine/core'
import { Fragment, useCallback, useMemo, useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import type { ApiProblem } from '../../../api/problem.ts'
import type { Json } from '../../../kit/diff.ts'
import { ThreeWay } from '../../../kit/three-way.tsx'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-records.ts'
import { RECORD_ACTS, RECORDS, type RecordKind } from '../acts-records.ts'
import { useEndpoint } from '../reads.ts'
import { findingsOf, shownFields } from './check.ts'
import { DomainCheck } from './domain-check.tsx'
import { FormField } from './form-fields.tsx'
import { bare } from './others.ts'
import { type Item, nameOf, useRecords } from './reads.ts'
import { type Context, text, type Values } from './spec.ts'
import { SPECS } from './specs.ts'

export type RecordDialogProps = {
  readonly kind: RecordKind
  /** The one to change; none to make one. */
  readonly item: Item | undefined
  readonly onClose: () => void
}

export function RecordDialog({ kind, item, onClose }: RecordDialogProps) {
  const context = useContext(kind, item)
  if (context === undefined) return null
  return <Form kind={kind} context={context} onClose={onClose} />
}

/** What forms are checked against; `undefined` until it is there. */
function useContext(kind: RecordKind, old: Item | undefined): Context | undefined {
  const profile = useRecords('profile').data
  const domain = useRecords('domain').data
  const cira = useRecords('cira').data
  const wireless = useRecords('wireless').data
  const ieee8021x = useRecords('ieee8021x').data
  const proxy = useRecords('proxy').data
  const endpoint = useEndpoint().data
  return useMemo(() => {
    if (!profile || !domain || !cira || !wireless || !ieee8021x || !proxy) return undefined
    const others = { profile, domain, cira, wireless, ieee8021x, proxy }
    const names = new Set(others[kind].map(each => nameOf(kind, each).toLowerCase()))
    return { names, others, endpoint, old }
  }, [profile, domain, cira, wireless, ieee8021x, proxy, endpoint, kind, old])
}

type FormProps = { readonly kind: RecordKind; readonly context: Context; readonly onClose: () => void }

/** Somebody else's change, that this one collides with. */
type Clash = { readonly item: Item; readonly theirs: Values }

function Form({ kind, context: given, onClose }: FormProps) {
  const project = useProject()
  const spec = SPECS[kind]
  const acts = RECORD_ACTS[kind]
  const [old, setOld] = useState(given.old)
  const context = useMemo(() => ({ ...given, old }), [given, old])
  const [base, setBase] = useState(() => (old === undefined ? spec.blank(given) : spec.values(old)))
  const [values, setValues] = useState<Values>(base)
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [told, setTold] = useState<ReadonlyMap<string, string>>(new Map())
  const [clash, setClash] = useState<Clash>()
  const { wrong, missing } = findingsOf(spec, values, context)
  const name = text(values[RECORDS[kind].key])
  const isReady = wrong.size === 0 && missing.length === 0 && clash === undefined
  const change = (field: string, value: unknown): void => {
    setValues(before => ({ ...before, [field]: value }))
    setTouched(before => new Set([...before, field]))
    setTold(before => new Map([...before].filter(([each]) => each !== field)))
  }
  const problem = (said: ApiProblem): void => {
    const theirs = old === undefined ? undefined : clashIn(said)
    if (theirs !== undefined) setClash({ item: theirs, theirs: spec.values(theirs) })
    setTold(complaintsIn(said, RECORDS[kind].key))
  }
  const settle = (document: Values): void => {
    if (clash === undefined) return
    setOld(clash.item)
    setBase(clash.theirs)
    // Secrets are in nobody's answer, so they are taken from what was typed.
    setValues({ ...values, ...document })
    setClash(undefined)
    setTold(new Map())
  }
  const body = spec.body(values, context)
  const { one } = t.kind[kind]
  return (
    <ActDialog
      act={old === undefined ? acts.create : acts.change}
      input={isReady ? { project, name, body, ...(old === undefined ? {} : { version: old.version }) } : undefined}
      title={old === undefined ? addTitle(one) : t.edit(name)}
      verb={t.save}
      done={t.done}
      refresh={['oob-records', 'oob']}
      opened
      onClose={onClose}
      onProblem={problem}
    >
      {clash !== undefined && <Settle base={base} clash={clash} mine={values} onSettled={settle} />}
      {kind === 'cira' && <FetchEndpoint context={context} onFill={fill => setValues({ ...values, ...fill })} />}
      {shownFields(spec, values, context).map(field => (
        <Fragment key={field.name}>
          {field.section !== undefined && (
            <Title order={3} size="h6" mt="xs">
              {field.section}
            </Title>
          )}
          <FormField
            field={field}
            values={values}
            context={context}
            error={told.get(field.name) ?? (touched.has(field.name) ? wrong.get(field.name) : undefined)}
            onChange={change}
          />
        </Fragment>
      ))}
      {kind === 'domain' && <DomainCheck values={values} />}
      {missing.length > 0 && (
        <Text size="sm" c="dimmed" role="status">
          {t.missing(missing.join(', '))}
        </Text>
      )}
    </ActDialog>
  )
}

export function addTitle(one: string): string {
  return (/^(8|[aeio])/i.test(one) ? t.addAn : t.add)(one)
}

/** The record as somebody else left it, when that is what was answered. */
export function clashIn({ status, document }: Pick<ApiProblem, 'status' | 'document'>): Item | undefined {
  if ((status !== 412 && status !== 409) || typeof document.version !== 'string') return undefined
  return document as Item // a version is a record's alone
}

/** The controller's complaints by field; one about a name that is taken belongs to the name. */
export function complaintsIn(
  { findings, document, title, detail }: Pick<ApiProblem, 'findings' | 'document' | 'title' | 'detail'>,
  key: string,
): ReadonlyMap<string, string> {
  if (document.error === 'Unique key violation') return new Map([[key, detail ?? title]])
  return new Map(findings.map(({ pointer, message }) => [pointer.replace(/^\//, ''), message]))
}

type SettleProps = {
  readonly base: Values
  readonly clash: Clash
  readonly mine: Values
  readonly onSettled: (document: Values) => void
}

function Settle({ base, clash, mine, onSettled }: SettleProps) {
  const [document, setDocument] = useState<Values>()
  // A form holds what JSON holds; secrets are left out, for no answer has them to compare with.
  const known = useMemo(() => Object.keys(clash.theirs), [clash])
  const side = useCallback(
    (values: Values) => Object.fromEntries(known.map(each => [each, (values[each] ?? null) as Json])),
    [known],
  )
  const [first, second, third] = useMemo(() => [side(base), side(clash.theirs), side(mine)], [side, base, clash, mine])
  return (
    <Alert color="yellow" variant="light" title={t.changedMeanwhile}>
      <ThreeWay
        base={first}
        theirs={second}
        mine={third}
        onResolved={useCallback(result => setDocument(result?.document as Values | undefined), [])}
      />
      <Button mt="sm" size="sm" disabled={document === undefined} onClick={() => document && onSettled(document)}>
        {t.goOn}
      </Button>
    </Alert>
  )
}

function FetchEndpoint({
  context: { endpoint },
  onFill,
}: {
  readonly context: Context
  readonly onFill: (values: Values) => void
}) {
  if (endpoint === undefined) return null
  const { address, port, root } = endpoint
  return (
    <Button
      variant="default"
      size="sm"
      onClick={() =>
        onFill({ mpsServerAddress: address, commonName: address, mpsPort: port, mpsRootCertificate: bare(root) })
      }
    >
      {t.help.addressFetch}
    </Button>
  )
}
