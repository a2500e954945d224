/** What lets a page in, in what somebody pastes: a token, the page's address, a line of a log or a header. Pure. */

/** A token, or a code that becomes one, once. */
export type Pass = { readonly token: string } | { readonly code: string };

const TOKEN = /^[A-Za-z0-9_-]{16,200}$/;

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** @returns null where there is none in it */
export function passIn(pasted: string): Pass | null {
  // a terminal breaks long lines
  const text = pasted.trim().replaceAll(/\s*\n\s*/g, "");
  const code = /\bcode=([A-Za-z0-9_%-]+)/.exec(text)?.[1];
  const named = code ?? /\btoken=([A-Za-z0-9_%-]+)/.exec(text)?.[1] ?? /^bearer\s+(\S+)$/i.exec(text)?.[1];
  const candidate = named ?? text.replaceAll(/[\s"'`<>]/g, "");
  if (!isToken(candidate)) return null;
  return code === undefined ? { token: candidate } : { code: candidate };
}
