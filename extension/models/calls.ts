/** What a model called, as it is handed on: whole calls alone. */
interface Call {
  readonly id: string;
  readonly name: string;
  /** JSON, unless the answer ended within it */
  readonly arguments: string;
}

interface WholeCall {
  readonly id: string;
  readonly name: string;
  readonly input: object;
}

/**
 * Calls with their arguments read. Where an answer ends at its limit of tokens within a call, that call is left out: half of its arguments
 * are no arguments. @throws Error where no call is whole
 */
export function wholeCalls(calls: readonly Call[]): WholeCall[] {
  const whole = calls.flatMap(({ id, name, arguments: json }) => {
    const input = objectOf(json);
    return input === undefined ? [] : [{ id, name, input }];
  });
  if (whole.length === 0 && calls.length > 0)
    throw new Error(
      `the answer reached its limit of tokens within the call of “${calls[0]!.name}”, so there is nothing to call it with: raise maxTokens, or shorten the conversation`,
    );
  return whole;
}

function objectOf(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
