import { Failure } from "../errors.ts";

/** An error of the bytes to be sent (its `cause`), not of the connection. */
export class BodyError extends Error {}

/**
 * Gives the same bytes. Fails with a {@link BodyError} when reading them fails, or when their number differs from the
 * request's `content-length`.
 */
export async function* checkedBody(
  body: AsyncIterable<Uint8Array>,
  request: { readonly headers?: Readonly<Record<string, string>>; readonly doing: string },
): AsyncGenerator<Uint8Array> {
  const announced = Number(request.headers?.["content-length"]);
  let size = 0;
  try {
    for await (const piece of body) {
      size += piece.length;
      if (size > announced) throw otherSize(request.doing, announced, "more");
      yield piece;
    }
    if (size < announced) throw otherSize(request.doing, announced, "fewer");
  } catch (cause) {
    throw new BodyError("", { cause });
  }
}

function otherSize(doing: string, announced: number, how: "more" | "fewer"): Failure {
  return new Failure("network", `There were ${how} than the announced ${announced} bytes while ${doing}.`, {
    code: "SizeMismatch",
    hint: "Something changed the content since its size was taken. Try again, with nothing else writing to it.",
  });
}
