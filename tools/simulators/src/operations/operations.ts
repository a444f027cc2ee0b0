import * as changing from './changing.js';
import * as moving from './moving.js';
import type { Operation } from './operation.js';
import { randomly } from './random.js';
import * as time from './time.js';

/** `POST /control/<name>` */
export const operations: Readonly<Record<string, Operation>> = {
  'move-in': moving.moveIn,
  'move-out': moving.moveOut,
  'give-notice': moving.giveNotice,
  cancel: moving.cancel,
  transfer: moving.transfer,
  renew: moving.renew,
  'renew-gap': moving.renewGap,
  change: changing.change,
  'change-bedroom': changing.changeBedroom,
  'rename-bedroom': changing.renameBedroom,
  'add-person': changing.addPerson,
  'delete-unit': changing.deleteUnit,
  'rename-unit': changing.renameUnit,
  owe: changing.owe,
  pay: changing.pay,
  occupy: changing.occupy,
  committee: changing.committee,
  advance: time.advance,
  today: time.setToday,
  random: randomly,
};
