// How much time around an appointment is kept free (Y-23).

export interface Buffers {
  readonly beforeMinutes: number;
  readonly afterMinutes: number;
}

/** The type's own buffers where it sets them (0 is set); else none before and the provider's `bufferMinutes` after. */
export const buffersOf = (
  type: { readonly bufferBeforeMinutes: number | null; readonly bufferAfterMinutes: number | null },
  settings: { readonly bufferMinutes: number },
): Buffers => ({
  beforeMinutes: type.bufferBeforeMinutes ?? 0,
  afterMinutes: type.bufferAfterMinutes ?? settings.bufferMinutes,
});
