// SPDX-License-Identifier: Apache-2.0
/** How the tests run: one project for each folder of test/, each with the time its kind of test may take. */
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

type Kind = {
  readonly timeoutMs: number
  readonly pool: 'threads' | 'forks'
  readonly group: number
  /** Files at once; more than cores where they mostly wait. */
  readonly workers?: number
  /** Files of one worker share what they import: nothing of ours keeps state in modules, and loading it costs the most. */
  readonly together?: true
}

/**
 * Pools by measurement on two cores: threads start 15 % sooner than processes, which shows where files are many and
 * small. Tests that start agents, controllers and programs get a process each, so that a crash in native code or a
 * leaked socket stays where it happened. Groups run one after the other, so that load in one does not time another.
 * Times are what a test may take on a machine that is busy with other things; alone, each takes a fraction.
 */
const KINDS: Readonly<Record<string, Kind>> = {
  unit: { timeoutMs: 20_000, pool: 'threads', group: 0, together: true },
  contract: { timeoutMs: 20_000, pool: 'forks', group: 1, together: true },
  arch: { timeoutMs: 120_000, pool: 'forks', group: 1, together: true },
  product: { timeoutMs: 120_000, pool: 'forks', group: 2, workers: 3 },
  integration: { timeoutMs: 30_000, pool: 'forks', group: 2, workers: 3 },
  interop: { timeoutMs: 60_000, pool: 'forks', group: 2, workers: 3 },
  fleet: { timeoutMs: 180_000, pool: 'forks', group: 3, workers: 3 },
  chaos: { timeoutMs: 180_000, pool: 'forks', group: 5, workers: 3 },
  packages: { timeoutMs: 240_000, pool: 'forks', group: 5, workers: 3 },
  system: { timeoutMs: 240_000, pool: 'forks', group: 5, workers: 3 },
  containers: { timeoutMs: 240_000, pool: 'forks', group: 5, workers: 3 },
  e2e: { timeoutMs: 90_000, pool: 'forks', group: 4 },
}

/** Where a mistake is worst: plans, rules, the contract, and what keeps plugins in their place. */
const GATED = ['plugins/*/plan.ts', 'controller/modules/*/rules.ts', 'plugins/contract/**', 'agent/hosting/**']

/** Files that take longest; begun last, they would run on while the other workers have nothing left to do. */
const LONGEST = [
  ...['test/integration/oob-door', 'test/integration/activation-cuts', 'test/integration/agent-program'],
  ...['test/fleet/operator-guide', 'test/fleet/oob-cuts', 'test/fleet/isolation', 'test/fleet/oob-fleet'],
  ...['test/e2e/pages', 'test/e2e/doors', 'test/e2e/adapts', 'test/e2e/tour', 'test/e2e/access', 'test/e2e/oob-host'],
  ...['test/chaos/', 'test/system/debian', 'test/containers/images'],
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => LONGEST.some(each => moduleId.includes(each))
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter(file => !isLong(file))]
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    coverage: {
      provider: 'v8',
      include: ['{agent,controller,plugins,provisioning,simulator}/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
      reportsDirectory: 'coverage',
      reportOnFailure: true,
      thresholds: Object.fromEntries(GATED.map(glob => [glob, { lines: 90, functions: 90, statements: 90 }])),
    },
    projects: Object.entries(KINDS).map(([name, { timeoutMs, pool, group, workers = 2, together }]) => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        globals: false,
        pool,
        maxWorkers: workers,
        isolate: together !== true,
        sequence: { groupOrder: group },
        testTimeout: timeoutMs,
        // A shared machine may stall for seconds; what fails twice in a row has failed. Vitest reports what was tried again.
        retry: process.env.CI === undefined ? 0 : 1,
        hookTimeout: timeoutMs,
        expect: { poll: { timeout: timeoutMs / 2 } },
      },
    })),
  },
})
