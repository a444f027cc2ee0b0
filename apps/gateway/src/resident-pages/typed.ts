import { DomainError, EmailAddress, Password, PasswordWeakness, type Locale } from '@leasewire/contracts';
import type { z } from 'zod';
import type { Problems } from './fields.js';
import type { Texts } from './texts/languages.js';

/** What was typed, or what is wrong with it in the words of the page. */
export function typedEmail(t: Texts, text: string): { email: z.output<typeof EmailAddress> } | { problem: string } {
  if (text.trim() === '') return { problem: t.problem.required };
  const parsed = EmailAddress.safeParse(text);
  return parsed.success ? { email: parsed.data } : { problem: t.problem.email };
}

export function typedPassword(t: Texts, password: string): string | undefined {
  if (password === '') return t.problem.required;
  return password.length > 256 ? t.problem.tooLong : undefined;
}

export function newPasswordProblems(t: Texts, password: string, repeated: string): Problems {
  if (password === '') return { password: t.problem.required };
  if (password.length > 256) return { password: t.problem.tooLong };
  if (!Password.safeParse(password).success) return { password: t.problem.tooShort };
  return password === repeated ? {} : { repeated: t.problem.differs };
}

export const any = (problems: Problems): boolean => Object.values(problems).some((problem) => problem !== undefined);

/** What identity has against a password, in the language of the page. */
export function weaknessIn(t: Texts, error: DomainError): string {
  const reason = PasswordWeakness.safeParse(error.details['reason']);
  return t.problem[reason.success ? reason.data : 'common'];
}

export const codeOf = (error: unknown): string | undefined => (error instanceof DomainError ? error.code : undefined);

/** Whatever else was thrown goes on its way. */
export function asDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  throw error;
}

export function secondsOf(error: unknown): number {
  const seconds = error instanceof DomainError ? error.details['retryAfterSeconds'] : undefined;
  return typeof seconds === 'number' ? seconds : 60;
}

const localeOf = { en: 'en-US', es: 'es-US', fr: 'fr-CA' } as const;
/** The language that somebody activated in, or chose since, is the one they are written to in. */
export const localeFor = (language: keyof typeof localeOf): z.output<typeof Locale> => localeOf[language];
