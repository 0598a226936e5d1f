// What payments can say again for those who keep copies. The events of the saga are not said again: booking would take
// them for news.
import { restating, type Republishable } from '@caregraph/messaging';
import { Payment } from './payment/payment.js';

export const republishable: Republishable = {
  payment: restating(Payment, (payments) => payments.map((payment) => payment.restated())),
};
