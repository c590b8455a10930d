// SPDX-License-Identifier: Apache-2.0
/** What the simulated `rpc` reaches of the machine it runs on. */
import type { Duplex } from 'node:stream'
import type { Network } from '../../../agent/system/system.ts'
import type { Clock } from '../../../plugins/contract/index.ts'
import type { SimulatedFacts } from '../../facts.ts'
import type { RpcTrouble } from './faults.ts'

export type RemoteAccessStatus = {
  readonly networkStatus: string
  readonly remoteStatus: string
  readonly remoteTrigger: string
  readonly mpsHostname: string
}

export type CertificateHash = { readonly name: string; readonly hash: string; readonly algorithm: string }

/** What the host interface of a management engine tells and takes. */
export type Mei = {
  readonly uuid: string
  readonly version: string
  readonly build: string
  readonly skuCode: number
  controlMode(): 0 | 1 | 2
  localSystemAccount(): { readonly username: string; readonly password: string }
  certificateHashes(): readonly CertificateHash[]
  dnsSuffix(): string
  ras(): RemoteAccessStatus
  /** The local ports speak TLS only. */
  readonly tlsEnforced: boolean
  unprovision(): unknown
  stopConfiguration(): unknown
}

/** What `amtinfo` tells, which is known without waking the engine. */
export type MeiFacts = Pick<Mei, 'version' | 'build' | 'skuCode' | 'uuid' | 'dnsSuffix' | 'certificateHashes'> & {
  controlMode(): 0 | 1 | 2
  ras(): RemoteAccessStatus
  /** Switched on in the BIOS. */
  readonly enabled: boolean
}

export type RpcOptions = {
  readonly facts: SimulatedFacts
  /** Does not make the management engine, whose facts are known without it as long as nobody has touched it. */
  readonly meiFacts: () => MeiFacts
  /** The management engine, made when it is first needed, and its local ports. */
  readonly engine: () => { readonly mei: Mei; readonly lms: (port: number) => Duplex }
  /** Whether Intel's local service runs. */
  readonly lmsRuns: () => boolean
  readonly hostname: () => string
  readonly linked: () => boolean
  readonly network: () => Network
  readonly clock: Clock
  /** A file of the host, as text. */
  readonly file: (path: string) => Promise<string | undefined>
  readonly trouble: RpcTrouble
}
