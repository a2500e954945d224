/** The numbers of a receipt, for those who do not see the chart and those who want to know exactly. */
import type { Estimate, Receipt } from "../../daemon/protocol/receipt.ts";
import { formatStrength } from "../rack/range.ts";
import { figure } from "./fit.ts";

export function EvidenceTable({ receipt }: { receipt: Receipt }) {
  const { points, prompt, plain, title } = receipt;
  const worst = Math.max(plain.damage.fluency, prompt.damage.fluency);
  const repeats = (damage: Receipt["plain"]["damage"]): string => figure(damage.repetition - plain.damage.repetition);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within the keyboard's reach
    <section class="evidence-scroll" aria-label={`Numbers of ${title}`} tabIndex={0}>
      <table class="evidence-table number">
        <caption class="hidden">{`${title} and damage at each strength`}</caption>
        <thead>
          <tr>
            {["strength", "N", `${title} [95 %]`, "random", "margin [95 %]", "text", "fluency", "repeats", "bounds"].map((heading) => (
              <th key={heading} scope="col">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map(({ strength, n, effect, random, margin, damage, usable }) => (
            <tr key={strength}>
              <th scope="row">{formatStrength(strength)}</th>
              <td>{n}</td>
              <td>{interval(effect)}</td>
              <td>{random === null ? "" : figure(random.value)}</td>
              <td>{margin === null ? "" : interval(margin)}</td>
              <td>{figure(damage.bitsPerByte)}</td>
              <td>{figure(damage.fluency - worst)}</td>
              <td>{repeats(damage)}</td>
              <td>{usable ? "within" : "over"}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">prompt</th>
            <td>{prompt.n}</td>
            <td>{interval(prompt.effect)}</td>
            <td />
            <td />
            <td />
            <td>{figure(prompt.damage.fluency - worst)}</td>
            <td>{repeats(prompt.damage)}</td>
            <td />
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function interval({ value, low, high }: Estimate): string {
  return `${figure(value)} [${figure(low)}, ${figure(high)}]`;
}
