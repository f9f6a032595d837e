/** A promise that the test settles when it likes. */
export class Gate {
  readonly passed: Promise<void>;
  open!: () => void;
  fail!: (error: Error) => void;

  constructor() {
    this.passed = new Promise((resolve, reject) => {
      this.open = resolve;
      this.fail = reject;
    });
  }
}
