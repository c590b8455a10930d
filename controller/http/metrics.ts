// SPDX-License-Identifier: Apache-2.0
/** Figures for Prometheus; the only importer of prom-client. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Kernel } from '../kernel/kernel.ts'
import type { Measure } from '../kernel/measure.ts'

export interface Metrics {
  readonly contentType: string
  /** The exposition text of the Prometheus format 0.0.4. */
  text(): Promise<string>
}

export function createMetrics(kernel: Kernel, version: string, measures: readonly Measure[]): Metrics {
  const registers = [new Registry()]
  const [registry] = registers as [Registry] // made one line above
  collectDefaultMetrics({ register: registry })
  new Gauge({ name: 'muster_info', help: 'Version of the controller', labelNames: ['version'], registers }).set(
    { version },
    1,
  )
  gauge(registers, 'muster_hosts_online', 'Hosts with a live session', () => kernel.bus.counts().connections)
  gauge(
    registers,
    'muster_bus_half_open',
    'Connections that have not said who they are',
    () => kernel.bus.counts().halfOpen,
  )
  gauge(registers, 'muster_store_bytes', 'Size of the database', () => kernel.store.sizeBytes())
  gauge(registers, 'muster_store_waiting', 'Writes of hosts that wait for their turn', () => kernel.store.waiting())
  const levels = { normal: 0, soft: 1, hard: 2 }
  gauge(
    registers,
    'muster_memory_level',
    '0: enough memory; 1: what can wait is put off; 2: no host is let in',
    () => levels[kernel.memory().level],
  )
  gauge(
    registers,
    'muster_memory_hard_bytes',
    'Resident memory from which no host is let in',
    () => kernel.memory().hardBytes,
  )
  counter(registers, 'muster_bus_messages_in_total', 'Messages from hosts', () => kernel.bus.counts().messagesIn)
  counter(registers, 'muster_bus_messages_out_total', 'Messages to hosts', () => kernel.bus.counts().messagesOut)
  counter(registers, 'muster_bus_connects_total', 'Sessions opened', () => kernel.bus.counts().connectsTotal)
  new Counter({
    name: 'muster_refused_total',
    help: 'What was refused or dropped',
    labelNames: ['code'],
    registers,
    collect() {
      this.reset()
      for (const [code, count] of kernel.refusals) this.inc({ code }, count)
    },
  })
  for (const measure of measures) register(registers, measure)
  return { contentType: registry.contentType, text: () => registry.metrics() }
}

/** A figure of a module, read when somebody asks. */
function register(registers: Registry[], { name, help, kind, labels, read }: Measure): void {
  const labelNames = [...labels]
  if (kind === 'gauge') {
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset()
        for (const each of read()) this.set(each.labels, each.value)
      },
    })
    return
  }
  new Counter({
    name,
    help,
    labelNames,
    registers,
    collect() {
      this.reset()
      for (const each of read()) this.inc(each.labels, each.value)
    },
  })
}

function gauge(registers: Registry[], name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read())
    },
  })
}

function counter(registers: Registry[], name: string, help: string, read: () => number): void {
  new Counter({
    name,
    help,
    registers,
    collect() {
      this.reset()
      this.inc(read())
    },
  })
}
