/** The plans of a request in another form; all else of it stays as it is. */
import type { EngineRequestName, EngineRequests } from "../engine-api.ts";

export function mapPlans<N extends EngineRequestName, A, B>(params: EngineRequests<A>[N][0], of: (plan: A) => B): EngineRequests<B>[N][0] {
  const each = (plan: A | null): B | null => (plan === null ? null : of(plan));
  if ("plan" in params) return { ...params, plan: each(params.plan) } as EngineRequests<B>[N][0];
  if ("plans" in params) return { ...params, plans: params.plans?.map(each) } as EngineRequests<B>[N][0];
  return params as EngineRequests<B>[N][0];
}
