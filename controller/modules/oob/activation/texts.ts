// SPDX-License-Identifier: Apache-2.0
/** The sentences that clients of RPS look for, word for word. */

export const TEXT = {
  missingPassword: (uuid: string): string => `Device ${uuid} activation failed. Missing password.`,
  unknownProfile: (uuid: string, name: string): string =>
    `Device ${uuid} activation failed. ${name} does not match list of available AMT profiles.`,
  missingSuffix: (uuid: string): string => `Device ${uuid} activation failed. Missing DNS Suffix.`,
  missingHashes: (uuid: string): string =>
    `Device ${uuid} activation failed. Missing certificate hashes from the device.`,
  unknownSuffix: (uuid: string, suffix: string): string =>
    `Device ${uuid} activation failed. Specified AMT domain suffix: ${suffix} does not match list of available AMT domain suffixes.`,
  alreadyAdmin: (uuid: string): string => `Device ${uuid} already enabled in admin control mode.`,
  unknownMode: (uuid: string): string => `Device ${uuid} activation failed. It is in unknown mode.`,
  unknownModeDeactivating: (uuid: string, mode: number): string =>
    `Device ${uuid} deactivation failed. It is in unknown mode: ${mode}.`,
  notProvisioned: (uuid: string): string => `Device ${uuid} is in pre-provisioning mode.`,
  wrongPassword: (uuid: string): string => `AMT password DOES NOT match stored version for Device ${uuid}`,
  otherTenant: 'Device belongs to another tenant. Please unprovision and re-activate device.',
  protocolVersion: (version: string): string => `protocol version NOT supported: ${version}`,
  tooOld: (uuid: string, action: string, version: string): string =>
    `Device ${uuid} ${action} failed. AMT version: ${version}. Version less than 7 cannot be remotely configured `,
  oldBuild: (uuid: string, action: string): string =>
    `Device ${uuid} ${action} failed. Please check with your OEM for a firmware update.`,
  unknownMethod: (uuid: string): string => `Device ${uuid} Not a supported method received from AMT device`,
  invalidPayload: 'Invalid payload from client',
  unreadablePayload: (why: string): string => `Failed to parse client message payload. ${why}`,
  invalidUuid: (uuid: string): string => `Device ${uuid} activation failed. The UUID is not unique to this device.`,
  unauthorized: 'Unable to authenticate with AMT',
  invalidRealm: 'Not a valid digest realm.',
  noCertificate: 'Failed to get amt domain certificate from database',
  wrongHash: 'Invalid domain certificate, hash does not exists in list of trusted root certificates on AMT',
  chainRefused: (uuid: string): string =>
    `Device ${uuid} activation failed. Error while adding the certificates to AMT.`,
  adminFailed: 'Failed to activate in admin control mode.',
  clientFailed: 'Failed to activate in client control mode.',
  upgradeFailed: 'Failed to upgrade to admin control mode.',
  unknownDevice: (uuid: string): string =>
    `Device ${uuid} activation failed. It is not among the machines that may be activated here.`,
  busy: (uuid: string): string => `Device ${uuid} is being worked on by another session.`,
  missingTask: 'missing maintenance task in message',
  missingIpConfiguration: 'missing ipConfiguration',
  missingHostname: 'missing HostnameInfo',
  /** The spelling is part of the interface. */
  taskDone: (task: string): string => `${task} completed succesfully`,
  taskFailed: (task: string, why: string): string => `${task} failed. ${why}`,
  deactivated: 'Device deactivated',
} as const

/** What the terminal message says of the control mode. */
export const STATUS = {
  admin: 'Admin control mode.',
  client: 'Client control mode.',
  upgraded: 'Upgraded to admin control mode.',
  alreadyAdmin: 'already enabled in admin mode.',
  alreadyClient: 'already enabled in client mode.',
} as const
