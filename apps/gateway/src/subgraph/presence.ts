// Somebody who waits for an answer, and may leave before he has it. In the place of an AbortSignal, whose listeners, and
// whose DOMException with its stack each time, cost more than all else that is done for a call (bench: gateway).

export class Presence {
  private gone = false;
  /** A few at most, mostly one. */
  private waiting: (() => void)[] = [];

  get left(): boolean {
    return this.gone;
  }

  leave(): void {
    if (this.gone) return;
    this.gone = true;
    const told = this.waiting;
    this.waiting = [];
    for (const hears of told) hears();
  }

  /** @returns what ends the listening. Whoever has left already is not heard of any more: ask `left` first. */
  onLeave(hears: () => void): () => void {
    this.waiting.push(hears);
    return () => {
      const at = this.waiting.indexOf(hears);
      if (at >= 0) this.waiting.splice(at, 1);
    };
  }
}
