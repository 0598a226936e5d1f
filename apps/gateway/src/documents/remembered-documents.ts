// Documents that clients have sent once and then name by their hash (automatic persisted queries). Memory is bounded,
// and what one caller sends pushes out only what he himself has sent, so that nobody empties it for all others.

export interface RememberedLimits {
  readonly documents: number;
  /** All texts together, in characters. */
  readonly characters: number;
  /** Documents that count as one caller's, whoever uses them later. */
  readonly perCaller: number;
  /** And their characters. */
  readonly perCallerCharacters: number;
}

/** 32 MiB of text at most; to fill it takes 40 callers. */
export const rememberedLimits: RememberedLimits = {
  documents: 4_000,
  characters: 16 * 1_048_576,
  perCaller: 100,
  perCallerCharacters: 409_600,
};

interface Remembered {
  readonly text: string;
  /** Who sent it first, and is charged for it as long as it is kept. */
  readonly by: string;
  /** Another caller has used it: its sender can no longer push it out. */
  isCommon: boolean;
}

interface Share {
  readonly hashes: Set<string>;
  characters: number;
}

export class RememberedDocuments {
  /** What was used last is at the end. */
  private readonly known = new Map<string, Remembered>();
  private readonly shares = new Map<string, Share>();
  private characters = 0;

  constructor(private readonly limits: RememberedLimits = rememberedLimits) {}

  /** @param caller who uses it. */
  find(hash: string, caller: string): string | undefined {
    const one = this.known.get(hash);
    if (!one) return undefined;
    if (one.by !== caller) one.isCommon = true;
    this.known.delete(hash);
    this.known.set(hash, one);
    return one.text;
  }

  /**
   * Keeps a document, and forgets others where there is no room: first of its sender's own, the one used longest ago,
   * then of all. One for which there is no room is not kept; its sender sends the text again each time.
   */
  remember(hash: string, text: string, caller: string): void {
    if (this.find(hash, caller) !== undefined) return;
    if (!this.makeRoom(text.length, caller)) return;
    this.known.set(hash, { text, by: caller, isCommon: false });
    const share = this.shares.get(caller) ?? { hashes: new Set(), characters: 0 };
    this.shares.set(caller, share);
    share.hashes.add(hash);
    share.characters += text.length;
    this.characters += text.length;
  }

  private makeRoom(length: number, caller: string): boolean {
    const { perCaller, perCallerCharacters, documents, characters } = this.limits;
    if (length > perCallerCharacters) return false;
    const isOver = ({ hashes, characters: own }: Share): boolean =>
      hashes.size >= perCaller || own + length > perCallerCharacters;
    for (let share = this.shares.get(caller); share && isOver(share); share = this.shares.get(caller))
      if (!this.forgetOne((one) => one.by === caller && !one.isCommon)) return false;
    while (this.known.size >= documents || this.characters + length > characters)
      if (!this.forgetOne((one) => !one.isCommon) && !this.forgetOne(() => true)) return false;
    return true;
  }

  private forgetOne(may: (one: Remembered) => boolean): boolean {
    for (const [hash, one] of this.known) {
      if (!may(one)) continue;
      this.known.delete(hash);
      this.characters -= one.text.length;
      const share = this.shares.get(one.by);
      share?.hashes.delete(hash);
      if (share) share.characters -= one.text.length;
      if (share?.hashes.size === 0) this.shares.delete(one.by);
      return true;
    }
    return false;
  }
}
