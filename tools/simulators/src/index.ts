export { startSimulators, type Simulators, type SimulatorsWish } from './simulators.js';
export type { ResidentTruth, Stay, WorldState } from './control/state.js';
export type { Fault, FaultWish } from './faults/faults.js';
export type { Limits } from './http/rate-limits.js';
export { dayOf } from './world/days.js';
export { vendors, type Vendor } from './world/model.js';
export { operations } from './operations/operations.js';
export { MailCatcher, startMailCatcher, type MailCatcherWish, type Reaction, type SmtpAccess } from './mail/mail-catcher.js';
export type { MailFault, MailFaultWish } from './mail/faults.js';
export { contentOf, type Content } from './mail/content.js';
export type { Envelope, Mail } from './mail/mail.js';
export type { MailQuery, Tally } from './mail/mailbox.js';
export {
  startTwilioSimulator,
  twilioAccess,
  TwilioSimulator,
  type TwilioAccess,
  type TwilioWish,
} from './twilio/twilio-simulator.js';
export { TwilioFaultWish, type TwilioFault } from './twilio/faults.js';
export type { Text, TextStatus } from './twilio/text.js';
