// What the terminal shows: each check with its result, and one line at the end.

const shownAtMost = 12;

export class Report {
  private passed = 0;
  private failed = 0;

  tell(line: string): void {
    console.log(line);
  }

  /** One check: passed if there is no violation. */
  check(name: string, violations: readonly string[]): void {
    if (violations.length === 0) {
      this.passed += 1;
      console.log(`  ok    ${name}`);
      return;
    }
    this.failed += 1;
    console.log(`  FAIL  ${name}`);
    for (const violation of violations.slice(0, shownAtMost)) console.log(`          ${violation}`);
    if (violations.length > shownAtMost) console.log(`          and ${violations.length - shownAtMost} more`);
  }

  get anyFailed(): boolean {
    return this.failed > 0;
  }

  /** Whether all passed. */
  close(): boolean {
    console.log(`\n${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 && this.passed > 0;
  }
}
