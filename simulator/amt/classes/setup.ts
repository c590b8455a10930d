// SPDX-License-Identifier: Apache-2.0
/** Setup and configuration: activation from the host in either control mode, and the way back. */
import { createPublicKey, verify, X509Certificate } from 'node:crypto'
import { chainFault } from '../chain.ts'
import type { AmtClass, Firmware, Method, Output } from '../firmware.ts'
import type { Input } from '../input.ts'
import { factorySettings, newNonce, newRealm } from '../state.ts'
import { STATUS } from '../status.ts'
import { serviceFields } from './tables.ts'
import { commitTls } from './tls.ts'

const SETUP = 'AMT_SetupAndConfigurationService'
const HOST_BASED = 'IPS_HostBasedSetupService'
const MAX_CHAIN = 4

const setupAndConfiguration: AmtClass = {
  name: SETUP,
  optional: ['Caption', 'Description'],
  instances: ({ state }) => [
    {
      fields: {
        ...serviceFields(SETUP, 'Intel(r) AMT Setup and Configuration Service'),
        EnabledState: 5,
        PasswordModel: 1,
        ProvisioningMode: state.controlMode === 1 ? 4 : 1,
        ProvisioningServerOTP: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
        ProvisioningState: state.controlMode === 0 ? 0 : 2,
        RequestedState: 12,
        ZeroTouchConfigurationEnabled: true,
      },
    },
  ],
  methods: {
    CommitChanges(firmware) {
      const restart = firmware.model.tlsEnforced || firmware.state.tls.pending !== undefined
      const status = commitTls(firmware)
      if (status !== STATUS.success || !restart) return status
      if (firmware.faults.commitReplyLost()) firmware.restartLocal()
      return { status, afterReply: () => firmware.restartLocal() }
    },
    GetUuid: ({ model }) => ({ status: STATUS.success, output: { UUID: wireUuid(model.uuid).toString('base64') } }),
    SetMEBxPassword(firmware, input) {
      if (firmware.state.controlMode !== 2) return STATUS.notPermitted
      const password = input.text('Password')
      if (password.length < 8 || password.length > 32) return STATUS.invalidPassword
      firmware.state.mebxPassword = password
      return STATUS.success
    },
    Unprovision(firmware) {
      if (firmware.state.controlMode === 0) return STATUS.invalidState
      return { status: STATUS.success, afterReply: unprovision(firmware) }
    },
  },
}

/** An SMBIOS UUID as it is on the wire. */
export function wireUuid(uuid: string): Buffer {
  const id = Buffer.from(uuid.replaceAll('-', ''), 'hex')
  id.subarray(0, 4).reverse()
  id.subarray(4, 6).reverse()
  id.subarray(6, 8).reverse()
  return id
}

/**
 * Back to the factory; the realm is a new one, so that old password hashes are worth nothing. What it returns hangs up
 * on everybody, and is for when the reply has left.
 */
export function unprovision(firmware: Firmware): () => void {
  const { state, model } = firmware
  const restart = model.tlsEnforced || state.tls.settings[1].enabled
  Object.assign(state, factorySettings(), { controlMode: 0, written: {}, acl: [], realm: newRealm(firmware.random) })
  delete state.adminHash
  state.configurationNonce = newNonce(firmware.random)
  state.osAdminPassword = Buffer.from(firmware.random(16)).toString('hex')
  delete firmware.volatile.chain
  firmware.touched()
  firmware.endSessions()
  return () => {
    firmware.accessChanged()
    if (restart) firmware.restartLocal()
  }
}

const hostBasedSetup: AmtClass = {
  name: HOST_BASED,
  instances(firmware) {
    const { state } = firmware
    return [
      {
        fields: {
          AllowedControlModes: [2, 1],
          CertChainStatus: (firmware.volatile.chain?.length ?? 0) === 0 ? 0 : 1,
          ConfigurationNonce: state.configurationNonce,
          CurrentControlMode: state.controlMode,
          ...serviceFields(HOST_BASED, 'Intel(r) AMT Host Based Setup Service'),
        },
      },
    ]
  },
  methods: {
    Setup(firmware, input, caller) {
      const { state } = firmware
      state.counters.activationWrites += 1
      if (caller.user !== '$$OsAdmin') return STATUS.notPermitted
      if (state.controlMode !== 0) return STATUS.invalidState
      const hash = passwordIn(input)
      if (hash === undefined) return STATUS.invalidPassword
      return activated(firmware, 1, hash)
    },
    AddNextCertInChain: (...call) => addNextCertificate(...call),
    AdminSetup(firmware, input, caller) {
      const { state } = firmware
      state.counters.activationWrites += 1
      if (state.controlMode !== 0) {
        const hang = firmware.faults.hangs()
        return { status: STATUS.invalidState, ...(hang && { hang }) }
      }
      if (caller.user !== '$$OsAdmin') return STATUS.notPermitted
      const hash = passwordIn(input)
      if (hash === undefined) return STATUS.invalidPassword
      const status = verifiedChain(firmware, input)
      return status === STATUS.success ? activated(firmware, 2, hash) : status
    },
    UpgradeClientToAdmin(firmware, input) {
      const { state } = firmware
      state.counters.activationWrites += 1
      if (state.controlMode !== 1 || state.adminHash === undefined) return STATUS.invalidState
      const status = verifiedChain(firmware, input)
      return status === STATUS.success ? activated(firmware, 2, state.adminHash) : status
    },
  },
}

/** MD5 of `admin:realm:password` in hexadecimal, of encryption type 2; nothing else is taken. */
function passwordIn(input: Input): string | undefined {
  const hash = input.text('NetworkAdminPassword').trim().toLowerCase()
  return input.number('NetAdminPassEncryptionType') === 2 && /^[\da-f]{32}$/.test(hash) ? hash : undefined
}

function activated(firmware: Firmware, mode: 1 | 2, hash: string): Output {
  const { state } = firmware
  state.controlMode = mode
  state.adminHash = hash
  state.configurationNonce = newNonce(firmware.random)
  state.optIn = { required: mode === 1 ? 0xffff_ffff : 1, state: 0, wrong: 0 }
  delete firmware.volatile.chain
  return { status: STATUS.success }
}

const addNextCertificate: Method = (firmware, input) => {
  const chain = firmware.volatile.chain ?? []
  const leaf = input.flag('IsLeafCertificate')
  const root = input.flag('IsRootCertificate')
  const der = Buffer.from(input.text('NextCertificate').replace(/\s/g, ''), 'base64')
  if (leaf) chain.length = 0
  if (!leaf && chain.length === 0) return STATUS.invalidParameter
  if (chain.length >= MAX_CHAIN) return STATUS.limitReached
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(der)
  } catch {
    return STATUS.invalidCertificate
  }
  const below = chain.at(-1)
  if (below !== undefined && !new X509Certificate(below).verify(certificate.publicKey)) {
    delete firmware.volatile.chain
    return STATUS.invalidCertificate
  }
  if (root && !certificate.verify(certificate.publicKey)) return STATUS.invalidCertificate
  chain.push(der)
  firmware.volatile.chain = chain
  return STATUS.success
}

/** The chain must be complete and fit, and its leaf must have signed both nonces. */
function verifiedChain(firmware: Firmware, input: Input): number {
  const chain = firmware.volatile.chain ?? []
  const nonce = Buffer.from(input.text('McNonce').trim(), 'base64')
  const own = Buffer.from(firmware.state.configurationNonce, 'base64')
  const fault = chainFault(chain, { model: firmware.model, at: firmware.clock.now() })
  delete firmware.volatile.chain
  // A nonce serves one attempt; whoever tries again must read the new one.
  firmware.state.configurationNonce = newNonce(firmware.random)
  const [leaf] = chain
  if (fault !== undefined || leaf === undefined) return fault ?? STATUS.certificateNotReady
  if (nonce.length !== 20) return STATUS.invalidParameter
  const algorithm = signatureAlgorithm(input.number('SigningAlgorithm'), firmware)
  if (algorithm === undefined) return STATUS.unsupported
  const signature = Buffer.from(input.text('DigitalSignature').replace(/\s/g, ''), 'base64')
  const key = createPublicKey(new X509Certificate(leaf).publicKey.export({ type: 'spki', format: 'pem' }))
  const good = verify(algorithm, Buffer.concat([own, nonce]), key, signature)
  return good ? STATUS.success : STATUS.authenticationFailed
}

function signatureAlgorithm(number: number | undefined, { model }: Firmware): string | undefined {
  if (number === 2) return 'RSA-SHA256'
  return number === 3 && model.major >= 22 ? 'RSA-SHA384' : undefined
}

export const SETUP_CLASSES: readonly AmtClass[] = [setupAndConfiguration, hostBasedSetup]
