// Mistakes for the fault campaign to find: `npm run chaos -- --prove` switches them on one by one, to show that its
// checker still sees them. What is shipped does not contain this file, nor any call of it (tools/build.ts).

const switchedOn = new Set((process.env.CAREGRAPH_PLANTS ?? '').split(','));

/** Whether the mistake is to be made. The name must be written out in the call. */
export const planted = (mistake: string): boolean => switchedOn.has(mistake);
