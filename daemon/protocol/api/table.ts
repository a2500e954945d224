/** The contract is a table: each call is a name with a params schema, a result schema and the scope that it needs. */
import type * as z from "zod";

/** What a token allows. `admin` implies the others. */
export const TOKEN_SCOPES = ["generate", "library", "capture", "gradient", "load", "admin"] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

export interface MethodSpec<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly params: P;
  readonly result: R;
  /** null: any authenticated client */
  readonly scope: TokenScope | null;
  readonly summary: string;
}

export function method<P extends z.ZodType, R extends z.ZodType>(
  scope: TokenScope | null,
  summary: string,
  params: P,
  result: R,
): MethodSpec<P, R> {
  return { params, result, scope, summary };
}

export interface NotificationSpec<P extends z.ZodType = z.ZodType> {
  readonly params: P;
  readonly summary: string;
}

export function notification<P extends z.ZodType>(summary: string, params: P): NotificationSpec<P> {
  return { params, summary };
}
