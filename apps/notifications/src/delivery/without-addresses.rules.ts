const address = /[^\s<>"'(),:;=[\]]+@[^\s<>"'(),:;=[\]]+/g;
const number = /\+\d{7,15}\b/g;
const hidden = '•••';

/**
 * Mail servers and Twilio repeat whom they were asked to reach. What is kept and told of their words does not: it outlives the address,
 * and events go to whoever may see them.
 */
export const withoutAddresses = (text: string): string => text.replaceAll(address, hidden).replaceAll(number, hidden);
