import { withoutAddresses } from '../../src/delivery/without-addresses.rules.js';

describe('what a provider says is kept without whom it is about', () => {
  it.each([
    ['550 5.1.1 <ana.reyes+home@mail.example.test>: Recipient address rejected', '550 5.1.1 <•••>: Recipient address rejected'],
    ['rfc822;ana@example.test user unknown', 'rfc822;••• user unknown'],
    ['SRS0=Ab=x=example.test=ana@relay.test is full', 'SRS0=Ab=x=example.test=••• is full'],
    ["The 'To' number +12025550123 is not a valid phone number", "The 'To' number ••• is not a valid phone number"],
    ['{"MessageStatus":"failed","To":"+12025550123"}', '{"MessageStatus":"failed","To":"•••"}'],
    ['452 4.2.2 Mailbox full, 3 of 2 MB', '452 4.2.2 Mailbox full, 3 of 2 MB'],
  ])('%s', (said, kept) => {
    expect(withoutAddresses(said)).toBe(kept);
  });
});
