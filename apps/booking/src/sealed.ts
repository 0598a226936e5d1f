// Where booking keeps sealed personal data.
import type { SealedColumn } from '@caregraph/runtime';
import { contactContext } from './patient/patient.js';

export const sealedColumns: readonly SealedColumn[] = [
  { table: 'patient', column: 'contact', context: contactContext },
];
