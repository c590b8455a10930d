// SPDX-License-Identifier: Apache-2.0
/** `muster webhook`: events, told to addresses. */
import { type ArgumentSpec, type Noun, type OptionSpec, shared } from '../grammar.ts'

const { yes, dryRun, reason } = shared
const WEBHOOK: ArgumentSpec = { spelled: '<webhook>', about: 'id or name of the webhook' }
const ca: OptionSpec = { flags: '--ca-file <path>', about: 'PEM of the authority that the receiver goes by' }

export const webhook: Noun = {
  name: 'webhook',
  summary: 'Events, told to addresses of yours',
  verbs: [
    {
      name: 'ls',
      summary: 'List webhooks',
      examples: [{ line: 'muster webhook ls', says: 'where events go, and what is stuck' }],
      load: async () => (await import('../verbs/webhook.ts')).listing,
    },
    {
      name: 'create',
      summary: 'Have events told to an address',
      details:
        'The secret is shown once. Each delivery carries Muster-Signature: t=<seconds>,v1=<HMAC-SHA256 of "t.body" in hex>.',
      arguments: [{ spelled: '<url>', about: 'https:// address; http:// for loopback only' }],
      options: [
        { flags: '--name <text>', about: 'what to call it' },
        { flags: '--type <types>', about: 'types of events or their first words, separated by commas (all)' },
        ca,
        dryRun,
      ],
      writes: true,
      examples: [
        {
          line: 'muster webhook create https://hooks.example.com/muster --name pager --type host.offline,host.quarantined --dry-run',
          says: 'what would be sent',
        },
      ],
      load: async () => (await import('../verbs/webhook.ts')).creating,
    },
    {
      name: 'get',
      summary: 'Show one webhook',
      arguments: [WEBHOOK],
      examples: [{ line: 'muster webhook get plant-log', says: 'whether it works, and since when not' }],
      load: async () => (await import('../verbs/webhook.ts')).getting,
    },
    {
      name: 'set',
      summary: 'Change a webhook',
      details: 'What is not named stays as it is.',
      arguments: [WEBHOOK],
      options: [
        { flags: '--name <text>', about: 'what to call it' },
        { flags: '--url <url>', about: 'where to tell from now on' },
        { flags: '--type <types>', about: 'types of events or their first words, separated by commas; * for all' },
        ca,
        dryRun,
      ],
      writes: true,
      examples: [{ line: 'muster webhook set plant-log --type host,command --dry-run', says: 'what would be sent' }],
      load: async () => (await import('../verbs/webhook-change.ts')).setting,
    },
    {
      name: 'rotate',
      summary: 'Give a webhook a new secret',
      details: 'It is shown once. For a day deliveries are signed with the new one and the one before.',
      arguments: [WEBHOOK],
      options: [reason, dryRun],
      writes: true,
      examples: [{ line: 'muster webhook rotate plant-log --dry-run', says: 'what would be sent' }],
      load: async () => (await import('../verbs/webhook-change.ts')).rotating,
    },
    {
      name: 'enable',
      summary: 'Switch a webhook on again',
      details: 'It goes on with what happens from then on.',
      arguments: [WEBHOOK],
      options: [dryRun],
      writes: true,
      examples: [{ line: 'muster webhook enable plant-log --dry-run', says: 'after the receiver was mended' }],
      load: async () => (await import('../verbs/webhook.ts')).enabling,
    },
    {
      name: 'disable',
      summary: 'Switch a webhook off',
      arguments: [WEBHOOK],
      options: [dryRun],
      writes: true,
      examples: [{ line: 'muster webhook disable plant-log --dry-run', says: 'nothing is told until it is on again' }],
      load: async () => (await import('../verbs/webhook.ts')).disabling,
    },
    {
      name: 'rm',
      summary: 'Remove a webhook and what it has still to tell',
      arguments: [WEBHOOK],
      options: [reason, yes, dryRun],
      writes: true,
      examples: [{ line: 'muster webhook rm plant-log --dry-run', says: 'shows which one that is' }],
      load: async () => (await import('../verbs/webhook.ts')).removing,
    },
    {
      name: 'ping',
      summary: 'Send a test and say what came of it',
      arguments: [WEBHOOK],
      options: [dryRun],
      writes: true,
      examples: [{ line: 'muster webhook ping plant-log --dry-run', says: 'what would be sent' }],
      load: async () => (await import('../verbs/webhook.ts')).pinging,
    },
    {
      name: 'deliveries',
      summary: 'Show what was told and what was not',
      arguments: [WEBHOOK],
      options: [
        { flags: '--state <state>', about: 'pending, delivered or dead', completes: ['pending', 'delivered', 'dead'] },
        { flags: '--limit <n>', about: 'at most so many (50)' },
      ],
      examples: [{ line: 'muster webhook deliveries plant-log --state dead', says: 'dead letters, and why' }],
      load: async () => (await import('../verbs/webhook.ts')).deliveries,
    },
    {
      name: 'retry',
      summary: 'Try a delivery again that is over',
      arguments: [WEBHOOK, { spelled: '<delivery>', about: 'id of the delivery' }],
      options: [dryRun],
      writes: true,
      examples: [
        {
          line: 'muster webhook retry plant-log 01KB0000000000000000000000 --dry-run',
          says: 'once the receiver takes it',
        },
      ],
      load: async () => (await import('../verbs/webhook.ts')).retrying,
    },
  ],
}
