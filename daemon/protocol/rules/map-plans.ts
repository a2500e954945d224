/** The plans of a request in another form, in their order; all else of it stays as it is. */
import type { EngineRequestName, EngineRequests } from "../engine-api.ts";

export function mapPlans<N extends EngineRequestName, A, B>(params: EngineRequests<A>[N][0], of: (plan: A) => B): EngineRequests<B>[N][0] {
  const each = (plan: A | null): B | null => (plan === null ? null : of(plan));
  if ("plans" in params) return { ...params, plans: params.plans?.map(each) } as EngineRequests<B>[N][0];
  if (!("plan" in params)) return params as EngineRequests<B>[N][0];
  const mapped = { ...params, plan: each(params.plan) };
  if (!("decoding" in params) || params.decoding === null) return mapped as EngineRequests<B>[N][0];
  const streams = params.decoding.streams.map(({ plan }) => ({ plan: each(plan) }));
  return { ...mapped, decoding: { ...params.decoding, streams } } as EngineRequests<B>[N][0];
}
