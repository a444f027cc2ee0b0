/** The client of Twilio, or null where the deployment has no account. */
export const TWILIO = Symbol('TWILIO');
