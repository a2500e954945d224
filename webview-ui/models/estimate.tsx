/** The memory that loading would take, part by part, against what is free. */
import type { Result } from "../../daemon/protocol/api/index.ts";
import { bytesText } from "./format.ts";

export function Estimate({ estimate }: { estimate: Result<"model.estimate"> }) {
  const { weightsBytes, kvBytes, kvFirstBytes, computeBytes, steeringBytes, totalBytes, availableBytes, fits } = estimate;
  const whole = Math.max(totalBytes, availableBytes, 1);
  const parts = [
    { title: "weights", bytes: weightsBytes },
    { title: "context", bytes: kvFirstBytes },
    { title: "compute", bytes: computeBytes },
    { title: "steering", bytes: steeringBytes },
  ];
  return (
    <div class="estimate" data-fits={fits ? "" : undefined} role="status">
      <div class="estimate-bar" aria-hidden="true">
        {parts.map(({ title, bytes }) => (
          <i key={title} data-part={title} style={{ width: `${(bytes / whole) * 100}%` }} />
        ))}
      </div>
      <p class="number">
        <strong>{fits ? "Fits" : "Does not fit"}:</strong> {bytesText(totalBytes)} of {bytesText(availableBytes)} free (
        {parts.map(({ title, bytes }) => `${title} ${bytesText(bytes)}`).join(", ")})
      </p>
      {kvFirstBytes < kvBytes && (
        <p class="hint">
          The context is counted for one answer of full length. It takes memory as it is used, up to {bytesText(kvBytes)} with{" "}
          {estimate.sequences} at once.
        </p>
      )}
      {!fits && <p class="hint">A smaller context, fewer answers at once, or a q8_0 cache need less.</p>}
    </div>
  );
}
