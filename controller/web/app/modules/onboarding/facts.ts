// SPDX-License-Identifier: Apache-2.0
/** What a machine says of itself, read with suspicion: pure. */

export type Facts = {
  readonly hostname: string | undefined
  readonly serial: string | undefined
  readonly uuid: string | undefined
  readonly product: string | undefined
  readonly machineId: string | undefined
  readonly macs: readonly string[]
  readonly diskSerials: readonly string[]
  readonly simulated: boolean
}

const LONGEST = 120

/** Whatever was sent, of which nothing is believed; texts are bounded. */
export function factsOf(told: unknown): Facts {
  const facts: Readonly<Record<string, unknown>> = typeof told === 'object' && told !== null ? { ...told } : {}
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' && value !== '' ? value.slice(0, LONGEST) : undefined
  const texts = (value: unknown): readonly string[] =>
    Array.isArray(value) ? value.slice(0, 8).flatMap(each => text(each) ?? []) : []
  return {
    hostname: text(facts.hostname),
    serial: text(facts.serial),
    uuid: text(facts.uuid),
    product: text(facts.product),
    machineId: text(facts.machineId),
    macs: texts(facts.macs),
    diskSerials: texts(facts.diskSerials),
    simulated: facts.simulated === true,
  }
}

export type Known = {
  readonly name?: string
  readonly serialNumber?: string
  readonly uuid?: string
  readonly hostname?: string
}
export type Comparison = {
  readonly what: 'hostname' | 'serial' | 'uuid'
  readonly old: string | undefined
  readonly fresh: string | undefined
  readonly verdict: 'same' | 'differs' | 'unknown'
}

/** The host there is beside the machine that says it is it. */
export function compared(host: Known, facts: Facts): readonly Comparison[] {
  const line = (what: Comparison['what'], old: string | undefined, fresh: string | undefined): Comparison => {
    const known = old !== undefined && old !== '' && fresh !== undefined
    const isSame = known && old.toLowerCase() === fresh.toLowerCase()
    return {
      what,
      old: old === '' ? undefined : old,
      fresh,
      verdict: known ? (isSame ? 'same' : 'differs') : 'unknown',
    }
  }
  return [
    line('hostname', host.hostname ?? host.name, facts.hostname),
    line('serial', host.serialNumber, facts.serial),
    line('uuid', host.uuid, facts.uuid),
  ]
}

/** A fingerprint in groups that eyes can compare. */
export function grouped(fingerprint: string): string {
  return (fingerprint.match(/.{1,4}/g) ?? []).join(' ')
}
