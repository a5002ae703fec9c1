/** An error with the status of its response. The client gets the message. The cause is only for the log. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly statusCode: number;

  constructor(statusCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.statusCode = statusCode;
  }
}

export const invalidJson = (cause: unknown) =>
  new HttpError(400, "Request body is not valid JSON", { cause });

export const internalError = (cause: unknown) => new HttpError(500, "Internal server error", { cause });

export const serviceBusy = (cause: unknown) => new HttpError(503, "Service is busy, try again", { cause });
