// Contact data of providers and practices. It lies sealed, here and in every copy, and opens only with the same context.
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { badInput } from '@caregraph/subgraph';

export const emailContext = (providerId: string): string => `provider:${providerId}:email`;
export const mobileContext = (providerId: string): string => `provider:${providerId}:mobile`;
export const practiceEmailContext = (practiceId: string): string => `practice:${practiceId}:email`;

/** E.164; refuses what cannot receive a text. */
export function mobileOf(text: string, country: string): string {
  const parsed = parsePhoneNumberFromString(text, country as CountryCode);
  const type = parsed?.getType();
  // Where a country does not tell mobile from landline (the US), the type is unknown until a text is tried.
  const canText = type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE' || type === undefined;
  if (!parsed?.isValid() || !canText) {
    throw badInput({
      field: 'mobile',
      message: `must be a valid mobile number (of ${country}, or with its country code)`,
    });
  }
  return parsed.number;
}
