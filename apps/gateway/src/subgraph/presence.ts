// Somebody who waits for an answer, and may leave before he has it. In the place of an AbortSignal, whose listeners, and
// whose DOMException with its stack each time, cost more than all else that is done for a call (bench: gateway).

export class Presence {
  private gone = false;
  private readonly waiting = new Set<() => void>();

  get left(): boolean {
    return this.gone;
  }

  leave(): void {
    if (this.gone) return;
    this.gone = true;
    for (const hears of this.waiting) hears();
    this.waiting.clear();
  }

  /** @returns what ends the listening. Whoever has left already is not heard of any more: ask `left` first. */
  onLeave(hears: () => void): () => void {
    this.waiting.add(hears);
    return () => this.waiting.delete(hears);
  }
}
