// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { killAgainAndAgain } from '../support/kills.ts'

it('loses nothing it acknowledged, and its audit verifies, however often and whenever it is killed', async () => {
  const report = await killAgainAndAgain({ kills: 8, seed: 20_261_121, hosts: 10 })

  expect(report.receipts).toBeGreaterThan(50)
  expect(report.writes).toBeGreaterThan(20)
  expect(report.auditEntries).toBeGreaterThanOrEqual(report.writes)
}, 180_000)
