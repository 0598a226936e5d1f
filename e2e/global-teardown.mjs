/** Stops the stack that the setup started, and removes its folder. */
export default async function teardown() {
  await globalThis.__caregraphStack?.remove();
}
