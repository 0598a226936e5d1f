// Mobile numbers as people write them, and as they are kept.
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { badInput } from '@caregraph/subgraph';

/** E.164; refuses what cannot receive a text (BK-099). */
export function mobileOf(mobile: string, country: string): string {
  const parsed = parsePhoneNumberFromString(mobile, country as CountryCode);
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
