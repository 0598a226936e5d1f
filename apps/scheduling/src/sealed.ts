// Where scheduling keeps sealed personal data.
import type { SealedColumn } from '@caregraph/runtime';
import { emailContext, mobileContext, practiceEmailContext } from './provider/contact.js';

export const sealedColumns: readonly SealedColumn[] = [
  { table: 'provider', column: 'email', context: emailContext },
  { table: 'provider', column: 'mobile', context: mobileContext },
  { table: 'practice', column: 'email', context: practiceEmailContext },
];
