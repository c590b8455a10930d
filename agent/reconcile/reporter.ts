// SPDX-License-Identifier: Apache-2.0
/** Says what a section is like, when it has changed and when the controller wants to know. */
import { createHash } from 'node:crypto'
import {
  type Clock,
  canonical,
  formatTime,
  type Log,
  newUlid,
  type Problem,
  type RandomBytes,
  type ReportedMessage,
  type ReportStatus,
  type Step,
} from '../../plugins/contract/index.ts'
import type { Journal } from '../state/journal.ts'
import type { Unit } from './unit.ts'

export type Report = {
  readonly revision: number
  readonly status: ReportStatus
  readonly observed: unknown
  readonly problem?: Problem | undefined
  readonly step?: Step | undefined
}

export interface Reporter {
  report(unit: Unit, report: Report): void
  /** The sections the controller reads; those it did not read before count as unreported. True when that changed anything. */
  want(sections: readonly string[]): boolean
  /** The controller may have forgotten: everything counts as unreported. */
  forgetAll(sections: readonly string[]): void
  wanted(section: string): boolean
}

export type ReporterParts = {
  readonly clock: Clock
  readonly random: RandomBytes
  readonly journal: Journal
  readonly log: Log
  readonly flush: () => void
}

export function createReporter({ clock, random, journal, log, flush }: ReporterParts): Reporter {
  const remembered = journal.values.get('sections')
  let wanted: ReadonlySet<string> | undefined =
    remembered === undefined ? undefined : new Set(JSON.parse(remembered) as string[]) // written below
  return {
    // Before the first session nobody knows; what is reported then waits in the outbox.
    wanted: section => wanted?.has(section) ?? true,
    want: sections => {
      const fresh = sections.filter(section => wanted?.has(section) !== true)
      if (wanted !== undefined && fresh.length === 0 && wanted.size === sections.length) return false
      for (const section of fresh) if (wanted !== undefined) journal.reported.remove(section)
      wanted = new Set(sections)
      journal.values.put('sections', JSON.stringify(sections))
      return fresh.length > 0
    },
    forgetAll: sections => {
      for (const section of sections) journal.reported.remove(section)
    },
    report: (unit, report) => {
      const section = unit.section.name
      if (wanted?.has(section) === false) return
      const body = bodyOf(unit, report)
      const digest = createHash('sha256').update(canonical(body)).digest('base64url')
      if (journal.reported.digestOf(section) === digest) return
      const message: ReportedMessage = { id: newUlid(clock.now(), random), ...body, at: formatTime(clock.now()) }
      journal.atomically(() => {
        journal.reported.put(section, digest, '')
        journal.outbox.put({ id: message.id, kind: 'reported', key: section, payload: JSON.stringify(message) })
      })
      log.debug('reported', { section, status: report.status, revision: report.revision })
      flush()
    },
  }
}

function bodyOf(unit: Unit, { revision, status, observed, problem, step }: Report): Omit<ReportedMessage, 'id' | 'at'> {
  return {
    revision,
    status,
    observed: observed ?? null,
    ...(problem === undefined ? {} : { problem: problem.toJSON() }),
    ...(step === undefined
      ? {}
      : { step: { do: step.do.slice(0, 64), impact: step.impact, why: step.why.slice(0, 500) } }),
    plugin: { ...unit.plugin },
  }
}
