/** What the bodies of chat and text completions share, as an answer's parameters. Pure. */
import type { ChatParams } from "../../protocol/api/generate.ts";
import { samplingOf, stopsOf } from "./sampling.ts";
import type { CommonBody } from "./schema.ts";

export interface Particular {
  /** null or −1: no limit */
  readonly maxTokens: number | null | undefined;
  readonly topLogprobs: number | undefined;
  /** which of several answers to one prompt */
  readonly which: number;
}

export type CommonRequest = Pick<ChatParams, "sampling" | "stop" | "logitBias" | "topLogprobs" | "overflow">;

export function commonRequest(body: CommonBody, { maxTokens, topLogprobs, which }: Particular): CommonRequest {
  const stop = stopsOf(body.stop);
  return {
    sampling: samplingOf(body, maxTokens, which),
    ...(stop.length === 0 ? {} : { stop }),
    ...(body.logit_bias == null ? {} : { logitBias: body.logit_bias }),
    ...(topLogprobs === undefined ? {} : { topLogprobs }),
    ...(body.overflow == null ? {} : { overflow: body.overflow }),
  };
}
