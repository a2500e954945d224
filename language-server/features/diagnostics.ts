/** What is wrong, marked where it stands, with what would mend it. */
import { type CodeAction, CodeActionKind, type Diagnostic, DiagnosticSeverity, type Range } from "vscode-languageserver";
import type { Problem } from "../../daemon/protocol/api/library.ts";
import { artifactFindings } from "../rules/artifacts.ts";
import { compiledFindings } from "../rules/compiled.ts";
import { evidenceFindings } from "../rules/evidence.ts";
import type { Finding, Rule } from "../rules/finding.ts";
import { rackFindings, schemaFindings } from "../rules/language.ts";
import { modelFindings } from "../rules/model.ts";
import { settingFindings } from "../rules/settings.ts";
import type { SteerText } from "../text.ts";
import type { View } from "../view.ts";

const RULES: readonly Rule[] = [schemaFindings, rackFindings, artifactFindings, settingFindings, modelFindings, evidenceFindings];

const SEVERITIES = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
} as const;

/** @param compiled what the daemon's compiler says of this very text; none where it was not asked */
export function findingsOf(view: View, compiled: readonly Problem[] = []): Finding[] {
  const found = RULES.flatMap((rule) => rule(view));
  return [...found, ...compiledFindings(view, view.text.preset === null ? [] : compiled, found)];
}

export function diagnosticOf(text: SteerText, finding: Finding): Diagnostic {
  return {
    range: placeOf(text, finding),
    severity: SEVERITIES[finding.severity],
    code: finding.code,
    source: "tiller",
    message: finding.message,
  };
}

/** Fixes of what stands in the range. */
export function actionsOf(text: SteerText, findings: readonly Finding[], range: Range): CodeAction[] {
  const [from, to] = [text.offset(range.start), text.offset(range.end)];
  return findings.flatMap((finding) => {
    const place = placeOf(text, finding);
    if (text.offset(place.start) > to || text.offset(place.end) < from) return [];
    return (finding.fixes ?? []).map(
      ({ title, edits, preferred }): CodeAction => ({
        title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnosticOf(text, finding)],
        ...(preferred === undefined ? {} : { isPreferred: preferred }),
        edit: {
          changes: { [text.document.uri]: edits.map(({ start, end, text: put }) => ({ range: text.range([start, end]), newText: put })) },
        },
      }),
    );
  });
}

function placeOf(text: SteerText, { path, part, at }: Finding): Range {
  if (at !== undefined) return text.range([at, Math.max(at + 1, lineEnd(text.text, at))]);
  const spot = text.nearest(path);
  const exact = text.spot(path) !== null;
  // of a whole mapping its key is enough
  const multi = spot.value !== null && text.text.slice(...spot.value).includes("\n");
  const span = part === "key" || !exact || multi ? (spot.key ?? spot.value) : (spot.value ?? spot.key);
  if (span === null || (spot.key === null && multi)) return text.range([0, lineEnd(text.text, 0)]);
  return text.range(span);
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}
