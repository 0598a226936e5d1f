// Where payments keeps sealed data.
import type { SealedColumn } from '@caregraph/runtime';
import { secretContext } from './payment/record-payment-intent.js';

export const sealedColumns: readonly SealedColumn[] = [
  { table: 'payment', column: 'client_secret', context: secretContext },
];
