// SPDX-License-Identifier: Apache-2.0
/** How V8 and the C library's allocator are set for each program: packages, images and measurements read it here, and units say the same. */

/** An agent should not be felt on the machine it looks after: it works in small bursts. */
export const AGENT_FLAGS: readonly string[] = ['--max-semi-space-size=1', '--optimize-for-size']

/**
 * A controller's rush hours make much garbage. A small young generation keeps its heap from growing over it, and a bound of
 * 1 GB, four times what 10,000 hosts need, has V8 collect it sooner than on a machine it takes for its own.
 *
 * Node tells V8 of 45 KB outside the heap for each TLS connection, and V8 looks through the whole heap after each 64 MB of
 * that, which a returning fleet makes many times. Counted together with the heap, as later versions of V8 do by themselves,
 * it waits for the limit of both, and that stays within a quarter of what was in use. What a rush leaves within that the
 * controller collects itself when it is over.
 */
export const CONTROLLER_FLAGS: readonly string[] = [
  '--max-semi-space-size=2',
  '--max-old-space-size=1024',
  '--external-memory-accounted-in-global-limit',
  '--heap-growing-percent=25',
  '--expose-gc',
]

/** One arena instead of one for each thread, and large blocks of their own that go back when they are freed. */
export const CONTROLLER_ENVIRONMENT = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '16384' } as const

/** As the controller's; an agent has no large blocks worth the calls. */
export const AGENT_ENVIRONMENT = { MALLOC_ARENA_MAX: '1' } as const
