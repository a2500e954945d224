/** One token under the glass: id, log-probability, the alternatives, the probe's reading. */
import type { Token } from "../../daemon/protocol/api/generate.ts";
import { Icon } from "../ui/icon.tsx";
import { useIntoView } from "../ui/into-view.ts";
import { visible } from "./text.ts";

interface Props {
  token: Token;
  probe: string | null;
  onClose: () => void;
}

export function Inspector({ token, probe, onClose }: Props) {
  const opened = useIntoView<HTMLDivElement>();
  const reading = token.probes?.[0];
  return (
    <div class="inspector" role="status" ref={opened}>
      <span class="inspector-head">
        <code>{visible(token.text)}</code> <span class="number">token {token.index}</span> <span class="number">id {token.id}</span>{" "}
        <span class="number">
          log p {token.logprob.toFixed(3).replace("-", "−")} ({percent(token.logprob)})
        </span>
        {probe !== null && reading !== undefined && (
          <span class="number">
            {" "}
            {probe} {reading.toFixed(3).replace("-", "−")}
          </span>
        )}
      </span>
      <button type="button" class="quiet square inspector-close" aria-label="Close the token’s details" onClick={onClose}>
        <Icon name="close" />
      </button>
      {token.top !== undefined && token.top.length > 0 && (
        <ol class="alternatives" aria-label="Most likely tokens">
          {token.top.slice(0, 5).map((other) => (
            <li key={other.id} data-chosen={other.id === token.id ? "" : undefined}>
              <i aria-hidden="true" style={{ width: `${Math.exp(other.logprob) * 100}%` }} />
              <code>{visible(other.text)}</code>
              <span class="number">{percent(other.logprob)}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function percent(logprob: number): string {
  const value = Math.exp(logprob) * 100;
  return `${value >= 10 ? value.toFixed(0) : value >= 0.1 ? value.toFixed(1) : "<0.1"} %`;
}
