/** The user's side asked for something that cannot be; the message says what and is shown as it is. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** HTTP status of the answer. */
  readonly status: 400 | 404;

  constructor(message: string, status: 400 | 404 = 400) {
    super(message);
    this.status = status;
  }
}
