/** What Twilio says about each code: when it is asked, or to the status callback later. Only those that a sender of texts meets. */
export interface CodeWords {
  readonly status: number;
  readonly message: string;
}

/** Answered at once; the text is not taken. */
export const refusals: Readonly<Record<number, CodeWords>> = {
  20003: { status: 401, message: 'Authenticate' },
  20404: { status: 404, message: 'The requested resource was not found' },
  20429: { status: 429, message: 'Too Many Requests' },
  20500: { status: 500, message: 'An internal server error has occurred' },
  21211: { status: 400, message: "The 'To' number is not a valid phone number." },
  21214: { status: 400, message: "'To' phone number cannot be reached" },
  21217: { status: 400, message: 'Phone number does not appear to be valid' },
  21408: { status: 400, message: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number" },
  21601: { status: 400, message: 'Phone number is not a valid SMS-capable inbound phone number' },
  21602: { status: 400, message: 'Message body is required.' },
  21603: { status: 400, message: "A 'From' phone number is required." },
  21604: { status: 400, message: "A 'To' phone number is required." },
  21606: {
    status: 400,
    message: "The 'From' phone number is not a valid, SMS-capable inbound phone number or short code for your account.",
  },
  21608: {
    status: 400,
    message: 'The number is unverified. Trial accounts cannot send messages to unverified numbers.',
  },
  21610: { status: 400, message: 'Attempt to send to unsubscribed recipient' },
  21612: {
    status: 400,
    message: "Message cannot be sent with the current combination of 'To' and/or 'From' parameters",
  },
  21614: { status: 400, message: "'To' number is not a valid mobile number" },
  21617: { status: 400, message: 'The concatenated message body exceeds the 1600 character limit.' },
  21703: { status: 400, message: 'The Messaging Service does not have a phone number available to send a message.' },
  21705: { status: 400, message: 'The Messaging Service Sid is invalid.' },
};

/** Told by the status callback; the text was taken. */
export const failures: Readonly<Record<number, { readonly as: 'undelivered' | 'failed'; readonly message: string }>> = {
  30001: { as: 'failed', message: 'Queue overflow' },
  30002: { as: 'failed', message: 'Account suspended' },
  30003: { as: 'undelivered', message: 'Unreachable destination handset' },
  30004: { as: 'undelivered', message: 'Message blocked' },
  30005: { as: 'undelivered', message: 'Unknown destination handset' },
  30006: { as: 'undelivered', message: 'Landline or unreachable carrier' },
  30007: { as: 'undelivered', message: 'Message filtered' },
  30008: { as: 'undelivered', message: 'Unknown error' },
  30034: { as: 'undelivered', message: 'Message from an Unregistered Number' },
};

/** The numbers that Twilio documents for its test credentials. */
const testNumbers: Readonly<Record<string, number>> = {
  '+15005550001': 21211,
  '+15005550002': 21612,
  '+15005550003': 21408,
  '+15005550004': 21610,
  '+15005550009': 21614,
};

/** A number that ends in 55 and a code meets that code: +1 202 553 0003 is a handset that is never reached. */
export function codeOfNumber(to: string): number | null {
  const known = testNumbers[to];
  if (known !== undefined) return known;
  const code = Number(/55(\d{5})$/.exec(to)?.[1] ?? 0);
  return code in refusals || code in failures ? code : null;
}
