// SPDX-License-Identifier: Apache-2.0
/** What a join token is good for: folded away, because the defaults suit one machine at hand. */
import { Button, Checkbox, NumberInput, Select, Stack, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { SameElsewhere } from '../../../acts/act-dialog.tsx'
import { runCalls } from '../../../acts/run.ts'
import type { ApiProblem } from '../../../api/problem.ts'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { t } from '../../../words/onboarding.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, makeToken, type TokenWish } from '../acts.ts'
import { LabelsField, SiteField } from '../labels-field.tsx'
import type { MadeToken } from './use-arrivals.ts'

const LIVES = {
  '15m': 15 * MINUTE_MS,
  '1h': HOUR_MS,
  '8h': 8 * HOUR_MS,
  '1d': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
} as const
type Life = keyof typeof LIVES
const NAMES = Object.keys(LIVES) as Life[] // what it was made of

type TokenFormProps = {
  readonly wish: TokenWish
  readonly onWish: (wish: TokenWish) => void
  readonly onMade: (made: MadeToken) => void
  readonly children: ReactNode
}

export function TokenForm({ wish, onWish, onMade, children }: TokenFormProps) {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem>()
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    const [sent] = await runCalls(makeToken.calls(wish), { signal: new AbortController().signal })
    setBusy(false)
    setProblem(sent !== undefined && 'problem' in sent ? sent.problem : undefined)
    if (sent !== undefined && 'answer' in sent) onMade(sent.answer as MadeToken) // what this route answers with
  }
  return (
    <form onSubmit={event => void submit(event)}>
      <Stack gap="sm">
        {children}
        <details className="mu-options">
          <summary>{t.add.options}</summary>
          <Fields wish={wish} onWish={onWish} />
        </details>
        {problem !== undefined && <ProblemCard problem={problem} />}
        <Button type="submit" loading={isBusy} style={{ alignSelf: 'flex-start' }}>
          {t.add.make}
        </Button>
      </Stack>
    </form>
  )
}

function Fields({ wish, onWish }: Pick<TokenFormProps, 'wish' | 'onWish'>) {
  const set = (change: Partial<TokenWish>): void => onWish({ ...wish, ...change })
  const life = NAMES.find(name => LIVES[name] === wish.expiresInMs) ?? '1h'
  return (
    <Stack gap="sm">
      <NumberInput
        label={t.add.uses}
        min={1}
        max={10_000}
        allowDecimal={false}
        value={wish.uses}
        onChange={value => typeof value === 'number' && set({ uses: Math.max(1, value) })}
      />
      <Select
        label={t.add.expires}
        data={NAMES.map(name => ({ value: name, label: t.add.life[name] }))}
        value={life}
        allowDeselect={false}
        onChange={name => name !== null && name in LIVES && set({ expiresInMs: LIVES[name as Life] })} // one of the data
      />
      <LabelsField labels={wish.labels} onChange={labels => set({ labels })} />
      <SiteField project={wish.project} site={wish.site} onChange={site => onWish(without(wish, 'site', site))} />
      <Checkbox
        label={t.add.approval}
        checked={wish.needsApproval}
        onChange={event => set({ needsApproval: event.currentTarget.checked })}
      />
      <Words wish={wish} onWish={onWish} name="cidr" label={t.add.cidr} hint={t.add.cidrHint} max={50} />
      <Words wish={wish} onWish={onWish} name="serial" label={t.add.serial} max={100} />
      <Words wish={wish} onWish={onWish} name="note" label={t.add.note} hint={t.add.noteHint} max={200} />
      <SameElsewhere act={makeToken} input={wish} />
    </Stack>
  )
}

type Optional = 'site' | 'cidr' | 'serial' | 'note'

/** A member that is empty is left out. */
function without(wish: TokenWish, name: Optional, value: string | undefined): TokenWish {
  const { [name]: _, ...rest } = wish
  return value === undefined || value === '' ? rest : { ...rest, [name]: value }
}

type WordsProps = Pick<TokenFormProps, 'wish' | 'onWish'> & {
  readonly name: Optional
  readonly label: string
  readonly hint?: string
  readonly max: number
}

function Words({ wish, onWish, name, label, hint, max }: WordsProps) {
  return (
    <TextInput
      label={label}
      description={hint}
      maxLength={max}
      autoComplete="off"
      spellCheck={false}
      value={wish[name] ?? ''}
      onChange={event => onWish(without(wish, name, event.currentTarget.value))}
    />
  )
}
