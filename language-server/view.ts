/** A preset beside what is known: each control with its artifact, its method and its receipt, and the model that it is meant for. */
import type { MethodEntry } from "../daemon/protocol/api/experiment.ts";
import type { ArtifactEntry } from "../daemon/protocol/api/library.ts";
import type { Model } from "../daemon/protocol/api/model.ts";
import { evidenceRange, isMeasured } from "../daemon/protocol/evidence.ts";
import { type Control, SCOPES, type Scope } from "../daemon/protocol/preset.ts";
import type { Receipt } from "../daemon/protocol/receipt.ts";
import { actingOf, methodFor, receiptOf } from "../daemon/protocol/rules/control.ts";
import { type Knowledge, type Known, modelOf } from "./knowledge.ts";
import { recordOf, type SteerText } from "./text.ts";

export interface ControlView {
  readonly name: string;
  readonly control: Control;
  readonly scope: Scope | null;
  /** undefined: not known */
  readonly artifact: ArtifactEntry | undefined;
  readonly method: MethodEntry | undefined;
  /** of these very settings; else the newest of others */
  readonly receipt: Receipt | null;
  /** the receipt speaks of these settings */
  readonly measured: boolean;
}

export interface View {
  readonly text: SteerText;
  readonly known: Known | null;
  readonly live: boolean;
  readonly model: Model | null;
  readonly controls: readonly ControlView[];
}

export function viewOf(text: SteerText, { known, live }: Pick<Knowledge, "known" | "live">): View {
  const scopes = recordOf(text.value("scope"));
  const fingerprint = recordOf(text.value("model"))["fingerprint"];
  const controls = [...text.controls()].map(([name, control]): ControlView => {
    const artifact = known?.artifacts.find(({ id }) => id === control.use);
    const scope = SCOPES.find((one) => one === scopes[name]) ?? null;
    const receipt = receiptOf(control, scope, artifact);
    const measured = receipt !== null && isMeasured(receipt, actingOf(control, scope, artifact));
    return { name, control, scope, artifact, method: methodFor(known?.methods ?? [], control.use), receipt, measured };
  });
  return { text, known, live, model: modelOf(known, typeof fingerprint === "string" ? fingerprint : undefined), controls };
}

/** How far the receipt's evidence goes; null: nothing was measured with these settings. */
export function evidenceOf({ receipt, measured }: ControlView): { readonly low: number; readonly high: number } | null {
  return receipt === null || !measured ? null : evidenceRange(receipt);
}
