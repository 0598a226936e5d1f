// What a partner's key must allow; whoever is no partner acts in his own right. Platform's partnerScopes explain each.

/** Reading appointments. */
export const partnersRead = '@policy(policies: [["partner-scope:appointments:read"]])';

/** Registering patients, holding times, booking and changing what was booked. */
export const partnersWrite = '@policy(policies: [["partner-scope:appointments:write"]])';
