import type { MailCatcher } from '@leasewire/simulators';

/** Has notifications hand its mails to this catcher. */
export const mailTo = ({ host, port, user, password }: MailCatcher['smtp']): Readonly<Record<string, string>> => ({
  LEASEWIRE_SMTP_HOST: host,
  LEASEWIRE_SMTP_PORT: String(port),
  LEASEWIRE_SMTP_USER: user,
  LEASEWIRE_SMTP_PASSWORD: password,
});
