import type { SystemTemplateName } from '@leasewire/contracts';
import { emailChanged, newSignIn, passwordChanged } from './account-notice-templates.js';
import { emailChange, passwordReset, reminder, welcome } from './account-templates.js';
import {
  alertBlockUndeliverable,
  alertConnectionFailing,
  alertConnectionRecovered,
  alertControllerDown,
  alertDeadLetters,
  alertDeliveriesUnknown,
  alertDigest,
  alertHoldWaiting,
  alertImportAutomatic,
  alertPeopleNotInvited,
} from './alert-templates.js';
import type { SystemTemplate } from './define-template.js';
import { message } from './message-template.js';
import { rentBlock, rentBlockLifted, wifiChanged, wifiPassword } from './network-templates.js';
import {
  staffInvitation,
  staffPasswordChanged,
  staffPasswordReset,
  staffSignInLocked,
  staffTwoFactorOff,
} from './staff-templates.js';

/** The one registry: every name of the contract has its row, or this does not compile. */
export const systemTemplates: Readonly<Record<SystemTemplateName, SystemTemplate>> = {
  message,
  welcome,
  reminder,
  'password-reset': passwordReset,
  'password-changed': passwordChanged,
  'new-sign-in': newSignIn,
  'email-change': emailChange,
  'email-changed': emailChanged,
  'wifi-password': wifiPassword,
  'wifi-changed': wifiChanged,
  'rent-block': rentBlock,
  'rent-block-lifted': rentBlockLifted,
  'staff-invitation': staffInvitation,
  'staff-password-reset': staffPasswordReset,
  'staff-password-changed': staffPasswordChanged,
  'staff-two-factor-off': staffTwoFactorOff,
  'staff-sign-in-locked': staffSignInLocked,
  'alert-hold-waiting': alertHoldWaiting,
  'alert-connection-failing': alertConnectionFailing,
  'alert-connection-recovered': alertConnectionRecovered,
  'alert-controller-down': alertControllerDown,
  'alert-block-undeliverable': alertBlockUndeliverable,
  'alert-deliveries-unknown': alertDeliveriesUnknown,
  'alert-dead-letters': alertDeadLetters,
  'alert-people-not-invited': alertPeopleNotInvited,
  'alert-import-automatic': alertImportAutomatic,
  'alert-digest': alertDigest,
};
