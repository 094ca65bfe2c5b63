import type { zh } from './texts.zh'

export const en: typeof zh = {
  channels: {
    title: 'Channels',
    intro: 'News always reaches the workbench. Name a group robot, a webhook or a mailbox of a unit and it goes there too; one thing is sent once.',
    kind: 'Type',
    kinds: { wecom: 'WeCom robot', dingtalk: 'DingTalk robot', feishu: 'Feishu robot', webhook: 'Webhook', email: 'Mailbox' },
    name: 'Name',
    nameHint: 'For example: Yuxiang sorting group',
    target: 'Address',
    targetHint: 'The robot’s full https address, or a mailbox',
    secret: 'Signing secret (optional)',
    add: 'Add a channel',
    added: 'Added; send a test now',
    tryIt: 'Send a test',
    tried: 'Sent; the result will show here',
    drop: 'Remove',
    dropped: 'Removed',
    last: p => `Last sent ${p.t}`,
    never: 'Nothing sent yet',
    failed: 'Not delivered',
    again: 'It is tried again, ever less often, for one day. News on the workbench are not affected.',
    errors: { slow: 'No answer. Check the address, or whether the service there is running.', unreachable: 'The address cannot be reached. Check it, or whether the network lets it through.' },
    fine: 'Delivered',
    none: 'No channels yet',
    noMail: 'This server has no mail server, so mailboxes cannot be used.',
  },
  news: {
    readAll: 'Mark all read',
    unread: 'Unread',
  },
  bench: {
    notices: 'Notices',
    noNotices: 'No notices',
  },
}
