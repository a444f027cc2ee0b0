import { variable, type Config } from '@leasewire/service-kit';
import { z } from 'zod';

/** What this service reads from its environment beside what every service reads. */
export const onboardingConfig = z.object({
  LEASEWIRE_PUBLIC_URL: variable(z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:3000'), {
    describe: 'Where people reach the gateway: activation links begin so',
    mayBe: 'a URL such as https://app.example.com',
  }),
});
export type OnboardingConfig = Config<typeof onboardingConfig>;
