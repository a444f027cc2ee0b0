/**
 * Every merge field, once: what it means, what it looks like, who fills it. `everyone`: known of each resident, so staff may use
 * it in any message. `template`: given by whoever sends that template.
 */
export type FieldKind = 'text' | 'link' | 'day' | 'moment' | 'money' | 'lines';

export interface FieldRow {
  readonly kind: FieldKind;
  readonly describe: string;
  readonly sample: FieldValue;
  readonly from: 'everyone' | 'template';
  /** Sealed at rest, masked in history, deleted when the delivery is final; never in a subject. */
  readonly secret?: true;
}

export interface Line {
  readonly text: string;
  readonly link?: string | undefined;
}
/** As JSON: a day is YYYY-MM-DD, a moment ISO 8601, money in the smallest unit of its currency. */
export type FieldValue = string | { readonly amount: number; readonly currency: string } | readonly Line[];

function define<const T extends Record<string, FieldRow>>(rows: T): T {
  return rows;
}

export const fields = define({
  'resident.firstName': { kind: 'text', from: 'everyone', describe: 'First name, or the name they prefer', sample: 'Ana' },
  'resident.lastName': { kind: 'text', from: 'everyone', describe: 'Last name', sample: 'Reyes' },
  'resident.name': { kind: 'text', from: 'everyone', describe: 'Full name, or the company’s', sample: 'Ana Reyes' },
  'unit.name': { kind: 'text', from: 'everyone', describe: 'Building and unit', sample: 'B-204' },
  'unit.bedroom': { kind: 'text', from: 'everyone', describe: 'Bedroom, where units are let by the bedroom', sample: 'A' },
  'lease.moveIn': { kind: 'day', from: 'everyone', describe: 'Day of the move-in', sample: '2026-12-01' },
  'lease.moveOut': { kind: 'day', from: 'everyone', describe: 'Day of the move-out', sample: '2027-11-30' },
  'lease.end': { kind: 'day', from: 'everyone', describe: 'Last day of the lease', sample: '2027-11-30' },
  'property.name': { kind: 'text', from: 'everyone', describe: 'Name of the property', sample: 'Harbour House' },
  'property.address': {
    kind: 'text',
    from: 'everyone',
    describe: 'Address of the property',
    sample: '12 Quay Street, Brisbane 4000',
  },
  'property.phone': { kind: 'text', from: 'everyone', describe: 'Phone of the property’s office', sample: '+61 7 3000 0000' },
  'organization.name': {
    kind: 'text',
    from: 'everyone',
    describe: 'Name of the company that runs the property',
    sample: 'Harbour Living',
  },
  'sender.name': { kind: 'text', from: 'everyone', describe: 'Who of the staff sends it', sample: 'Kim Lee' },
  'message.day': { kind: 'day', from: 'everyone', describe: 'The day it is sent', sample: '2026-11-24' },

  'recipient.name': { kind: 'text', from: 'template', describe: 'First name of whoever it is sent to', sample: 'Kim' },
  'activation.link': {
    kind: 'link',
    from: 'template',
    secret: true,
    describe: 'Where the resident sets a password',
    sample: 'https://living.example/activate/kq7m2xv9',
  },
  'activation.expires': {
    kind: 'moment',
    from: 'template',
    describe: 'Until when that link works',
    sample: '2026-12-01T06:45:00Z',
  },
  'password.link': {
    kind: 'link',
    from: 'template',
    secret: true,
    describe: 'Where a new password is set',
    sample: 'https://living.example/password/t4h8wq2c',
  },
  'password.expires': {
    kind: 'moment',
    from: 'template',
    describe: 'Until when that link works',
    sample: '2026-11-24T07:45:00Z',
  },
  'invitation.link': {
    kind: 'link',
    from: 'template',
    secret: true,
    describe: 'Where an invited staff member sets a password',
    sample: 'https://living.example/join/m3p9d6rz',
  },
  'invitation.expires': {
    kind: 'moment',
    from: 'template',
    describe: 'Until when that link works',
    sample: '2026-12-01T06:45:00Z',
  },
  'invitation.by': { kind: 'text', from: 'template', describe: 'Who invited them', sample: 'Kim Lee' },
  'account.email': {
    kind: 'text',
    from: 'template',
    describe: 'The e-mail address they sign in with',
    sample: 'ana@example.com',
  },
  'account.newEmail': { kind: 'text', from: 'template', describe: 'The new address, partly hidden', sample: 'a***@example.net' },
  'account.link': { kind: 'link', from: 'template', describe: 'The resident’s own page', sample: 'https://living.example/my' },
  'event.at': { kind: 'moment', from: 'template', describe: 'When it happened', sample: '2026-11-24T06:45:00Z' },
  'event.address': { kind: 'text', from: 'template', describe: 'The internet address it came from', sample: '203.0.113.7' },
  'wifi.name': { kind: 'text', from: 'template', describe: 'Name of the network', sample: 'Harbour House' },
  'wifi.password': {
    kind: 'text',
    from: 'template',
    secret: true,
    describe: 'The resident’s own Wi-Fi password',
    sample: 'plum-otter-4827',
  },
  'wifi.until': {
    kind: 'moment',
    from: 'template',
    describe: 'Until when the old password still works',
    sample: '2026-11-25T06:45:00Z',
  },
  'rent.balance': { kind: 'money', from: 'template', describe: 'What is owed', sample: { amount: 125_000, currency: 'AUD' } },
  'rent.contact': { kind: 'text', from: 'template', describe: 'Whom to talk to about it', sample: 'the office, +61 7 3000 0000' },
  'rent.day': { kind: 'day', from: 'template', describe: 'The day from which the network is blocked', sample: '2026-12-01' },
  'event.device': { kind: 'text', from: 'template', describe: 'What it was done with', sample: 'Chrome on Windows' },
  'event.wait': { kind: 'text', from: 'template', describe: 'How many minutes the next try waits', sample: '5' },
  'message.subject': {
    kind: 'text',
    from: 'template',
    describe: 'The subject of the message',
    sample: 'Water is off on Tuesday',
  },
  'message.body': {
    kind: 'text',
    from: 'template',
    describe: 'The message itself; alone in its paragraph',
    sample: 'On Tuesday from 9 to 12 there is no water in building B. Please fill a kettle.',
  },
  'hold.removals': { kind: 'text', from: 'template', describe: 'How many removals wait', sample: '38' },
  'connection.name': { kind: 'text', from: 'template', describe: 'Name of the PMS connection', sample: 'Entrata, Harbour' },
  'connection.problem': {
    kind: 'text',
    from: 'template',
    describe: 'What is wrong with it',
    sample: 'Entrata refused the API key. Set a new one.',
  },
  'connection.since': {
    kind: 'moment',
    from: 'template',
    describe: 'When it worked last',
    sample: '2026-11-23T18:10:00Z',
  },
  'controller.name': {
    kind: 'text',
    from: 'template',
    describe: 'Name of the Wi-Fi controller',
    sample: 'Ruckus, Harbour House',
  },
  'controller.since': {
    kind: 'moment',
    from: 'template',
    describe: 'Since when it has not answered',
    sample: '2026-11-24T06:15:00Z',
  },
  'block.resident': { kind: 'text', from: 'template', describe: 'Whose rent block it is', sample: 'Ana Reyes (B-204)' },
  'block.reason': {
    kind: 'text',
    from: 'template',
    describe: 'Why the notice did not arrive',
    sample: 'The mailbox ana@example.com does not exist.',
  },
  'people.names': { kind: 'text', from: 'template', describe: 'Some names', sample: 'Ana Reyes, Tom Berg +5' },
  'alert.count': { kind: 'text', from: 'template', describe: 'How many', sample: '7' },
  'alert.service': { kind: 'text', from: 'template', describe: 'Which service it is about', sample: 'directory' },
  'alert.settings': {
    kind: 'link',
    from: 'template',
    describe: 'Where staff choose which alerts they receive',
    sample: 'https://console.example/me/alerts',
  },
  'alert.title': {
    kind: 'text',
    from: 'template',
    describe: 'What happened, in a few words',
    sample: '38 move-outs wait for your decision',
  },
  'alert.detail': {
    kind: 'text',
    from: 'template',
    describe: 'More about it, in a sentence or two',
    sample: 'The last sync of Harbour House would remove 38 of 214 residents. Nobody has been removed.',
  },
  'alert.link': {
    kind: 'link',
    from: 'template',
    describe: 'The place where it is dealt with',
    sample: 'https://console.example/holds/1',
  },
  'alert.way': {
    kind: 'text',
    from: 'template',
    describe: 'What to ask the API or the command line for, where no page shows it',
    sample: 'GET https://app.example/v1/holds/1',
  },
  'alert.lines': {
    kind: 'lines',
    from: 'template',
    describe: 'The alerts of a digest',
    sample: [
      { text: '38 move-outs of Harbour House wait for your decision', link: 'https://console.example/holds/1' },
      { text: 'The connection to Entrata fails since 4:10 am', link: 'https://console.example/connections/1' },
    ],
  },
});

export type FieldName = keyof typeof fields;
export type FieldValues = Readonly<Partial<Record<FieldName, FieldValue | undefined>>>;

export const isFieldName = (name: string): name is FieldName => Object.hasOwn(fields, name);
export const fieldRow = (name: FieldName): FieldRow => fields[name];
// eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- Object.keys forgets which keys they are
export const fieldNames = Object.keys(fields) as FieldName[];
export const fieldsOfEveryone: readonly FieldName[] = fieldNames.filter((name) => fields[name].from === 'everyone');
export const samples = (): FieldValues => Object.fromEntries(fieldNames.map((name) => [name, fields[name].sample]));
