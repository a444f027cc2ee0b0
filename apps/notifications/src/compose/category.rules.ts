/** Why somebody is written to. It decides whom a message reaches; the words are what staff choose from, with examples. */
export type Category = 'operational' | 'emergency' | 'marketing' | 'security';
export type Channel = 'email' | 'sms';

/** `always`; `unless-opted-out`: nobody is asked first; `with-consent`: only who said yes. */
export type Reach = 'always' | 'unless-opted-out' | 'with-consent';

export interface CategoryRow {
  readonly label: string;
  readonly describe: string;
  readonly examples: readonly string[];
  /** Who chooses it: staff for their messages, or templates only. */
  readonly chosenBy: 'staff' | 'template';
  readonly reach: Readonly<Record<Channel, Reach>>;
  /** The line in the mail and the button of the mailbox (RFC 8058). */
  readonly unsubscribe: boolean;
  /** Texts wait for the morning. */
  readonly quiet: boolean;
}

export const categories: Readonly<Record<Category, CategoryRow>> = {
  operational: {
    label: 'About living here',
    describe: 'What residents need to know about their home. They may opt out; the preview says how many have.',
    examples: ['Water is off on Tuesday from 9 to 12', 'Rent is due', 'We need to enter your unit', 'The parcel room moved'],
    chosenBy: 'staff',
    reach: { email: 'unless-opted-out', sms: 'with-consent' },
    unsubscribe: true,
    quiet: true,
  },
  emergency: {
    label: 'Emergency',
    describe:
      'Danger to people or property, now. Reaches everybody by e-mail, at any hour; texts only stop for those who said STOP.',
    examples: ['Evacuate building B', 'Do not drink the tap water', 'Gas leak: leave by the north stairs'],
    chosenBy: 'staff',
    reach: { email: 'always', sms: 'unless-opted-out' },
    unsubscribe: false,
    quiet: false,
  },
  marketing: {
    label: 'Offers and events',
    describe: 'What residents may like but do not need. Only those who agreed to it receive it.',
    examples: ['Rooftop party on Friday', 'Refer a friend', 'Renew early and save', 'Newsletter'],
    chosenBy: 'staff',
    reach: { email: 'with-consent', sms: 'with-consent' },
    unsubscribe: true,
    quiet: true,
  },
  security: {
    label: 'Account and security',
    describe: 'What somebody asked for or must know about their own account. Sent by the platform, not written by staff.',
    examples: ['Reset your password', 'Your password was changed'],
    chosenBy: 'template',
    reach: { email: 'always', sms: 'with-consent' },
    unsubscribe: false,
    quiet: false,
  },
};

export interface Standing {
  /** What they said about this category and channel; null: never asked, never said. */
  readonly consent: 'granted' | 'refused' | null;
}

/** Whether consent lets a message through; other reasons not to send (no address, bounced, archived) are not its business. */
export function consents(reach: Reach, { consent }: Standing): boolean {
  if (reach === 'always') return true;
  return reach === 'with-consent' ? consent === 'granted' : consent !== 'refused';
}
