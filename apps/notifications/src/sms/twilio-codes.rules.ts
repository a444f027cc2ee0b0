/**
 * What a code of Twilio asks of us.
 * `number`: the number is no good for texts, whoever writes. `opted-out`: they said STOP. `account`: nothing goes out until somebody
 * mends the account. `refused`: not this text to this number, now or later. `filtered`: this text is taken for spam, so the others of its
 * message wait for a person. `passing`: it may work hours later.
 */
export type CodeClass = 'number' | 'opted-out' | 'account' | 'refused' | 'filtered' | 'passing';

export interface CodeRow {
  readonly is: CodeClass;
  /** In words for staff. */
  readonly reason: string;
  readonly nextStep: string;
}

const number = (reason: string): CodeRow => ({
  is: 'number',
  reason,
  nextStep: 'Correct the number in the PMS or on the resident’s page; until then nothing is texted there.',
});
const account = (reason: string): CodeRow => ({
  is: 'account',
  reason,
  nextStep: 'Whoever runs this deployment must correct its Twilio account; texts wait until then.',
});

/** Sources: research/product.md 4.5 and Twilio’s error dictionary. */
const table: Readonly<Record<number, CodeRow>> = {
  20003: account('Twilio does not accept the account’s credentials.'),
  20404: account('Twilio does not know the account.'),
  21211: number('This is not a valid phone number.'),
  21214: number('This number cannot be reached.'),
  21217: number('This is not a valid phone number.'),
  21408: {
    is: 'refused',
    reason: 'Texts to this country are not turned on in the Twilio account.',
    nextStep: 'Turn the country on under Messaging › Geo permissions in Twilio, or reach them by e-mail.',
  },
  21601: account('The number texts are sent from cannot send texts.'),
  21603: account('The Twilio account names no number to send from.'),
  21606: account('The number texts are sent from cannot send texts, or is not the account’s.'),
  21608: {
    is: 'refused',
    reason: 'The Twilio account is a trial and sends only to numbers that were verified there.',
    nextStep: 'Upgrade the Twilio account, or verify the number there.',
  },
  21610: {
    is: 'opted-out',
    reason: 'They answered STOP; the carrier blocks texts to them.',
    nextStep: 'They can text START to get texts again.',
  },
  21612: {
    is: 'refused',
    reason: 'Twilio has no route to this number.',
    nextStep: 'Reach them by e-mail; tell Twilio if it should work.',
  },
  21614: number('This is not a mobile number; it cannot receive texts.'),
  21617: { is: 'refused', reason: 'The text is longer than 1,600 characters.', nextStep: 'Shorten it and send it again.' },
  21703: account('The messaging service has no number to send from.'),
  21705: account('The messaging service of the account does not exist.'),
  30001: { is: 'passing', reason: 'Too much was waiting at Twilio.', nextStep: 'Send it again later.' },
  30002: account('Twilio has suspended the account.'),
  30003: {
    is: 'passing',
    reason: 'Their phone could not be reached: it is off or has no signal.',
    nextStep: 'Send it again in a few hours, or reach them by e-mail.',
  },
  30004: {
    is: 'refused',
    reason: 'The carrier or the recipient blocks texts.',
    nextStep: 'Reach them by e-mail, and ask them to allow texts from you.',
  },
  30005: number('Nobody has this number.'),
  30006: number('This is a landline, or a carrier that takes no texts.'),
  30007: {
    is: 'filtered',
    reason: 'The carrier took the text for spam.',
    nextStep: 'Read the text as a stranger would: fewer links, no shortened ones, say who you are. Then send it again.',
  },
  30008: {
    is: 'passing',
    reason: 'It did not arrive; the carrier does not say why.',
    nextStep: 'Send it once more; if that fails too, reach them by e-mail.',
  },
  30034: account('The number texts are sent from is not registered for texts to the United States (A2P 10DLC).'),
};

export function codeRow(code: number): CodeRow {
  return (
    table[code] ?? {
      is: 'refused',
      reason: `Twilio refused it (${code}).`,
      nextStep: `Look the code up at https://www.twilio.com/docs/api/errors/${code}.`,
    }
  );
}

/** What Twilio answers itself to these single words, and to nothing else; a second confirmation would be one too many. */
const confirmedByTwilio = ['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'start', 'yes', 'unstop', 'help', 'info'];
export const isAnsweredByTwilio = (body: string): boolean => confirmedByTwilio.includes(body.trim().toLowerCase());
