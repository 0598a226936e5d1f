// Where notifications keeps sealed personal data: copies, as their owners have sealed them.
import type { SealedColumn } from '@caregraph/runtime';

/** What a patient's contact is sealed for, by booking. */
export const contactContext = (patientId: string): string => `patient:${patientId}:contact`;
/** What a provider's address is sealed for, by scheduling. */
export const emailContext = (providerId: string): string => `provider:${providerId}:email`;
/** What a practice's address is sealed for, by scheduling. */
export const practiceEmailContext = (practiceId: string): string => `practice:${practiceId}:email`;

export const sealedColumns: readonly SealedColumn[] = [
  { table: 'known_patient', column: 'contact', context: contactContext },
  { table: 'known_provider', column: 'email', context: emailContext },
  { table: 'known_practice', column: 'email', context: practiceEmailContext },
];
