/** The token in what somebody pastes: the token itself, the page's address, a line of a log or a header. Pure. */

const TOKEN = /^[A-Za-z0-9_-]{16,200}$/;

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** @returns null where there is none in it */
export function tokenIn(pasted: string): string | null {
  const text = pasted.trim();
  const named = /\btoken=([A-Za-z0-9_%-]+)/.exec(text)?.[1] ?? /^bearer\s+(\S+)$/i.exec(text)?.[1];
  // a terminal breaks long lines
  const candidate = named ?? text.replaceAll(/[\s"'`<>]/g, "");
  return isToken(candidate) ? candidate : null;
}
