/** An error: what happened, why, what to do next, and the button that does it. Never a pop-up. */
import { startConversation } from "../chat/converse.ts";
import { refreshLibrary } from "../link/library.ts";
import type { FixKind, Problem, View } from "../store/state.ts";
import { type App, useApp, useStore } from "../store/store.ts";
import { question, rescueFocus } from "./focus.ts";
import { Icon } from "./icon.tsx";
import { sentence } from "./sentence.ts";

export interface ProblemCardProps {
  problem: Problem;
  /** a form gives both: it can be sent again, and its error put away */
  onRetry?: (() => void) | undefined;
  onDismiss?: (() => void) | undefined;
}

export function ProblemCard({ problem, onRetry, onDismiss }: ProblemCardProps) {
  const app = useApp();
  const view = useStore((state) => state.view);
  const inForm = onRetry !== undefined && onDismiss !== undefined;
  const fix = helps(problem.fix?.kind, view, onRetry !== undefined, inForm) ? problem.fix : null;
  return (
    <div class="problem" role="alert">
      <Icon name="alert" />
      <div class="problem-text">
        <strong>{problem.what}.</strong> {problem.why !== null && <span class="problem-why">{sentence(problem.why)}</span>}{" "}
        {problem.next !== null && <span>{sentence(problem.next)}</span>}
      </div>
      <div class="problem-actions">
        {fix !== null && (
          <button type="button" onClick={() => (fix.kind === "retry" ? onRetry?.() : perform(fix.kind, app))}>
            {fix.label}
          </button>
        )}
        {onDismiss !== undefined && (
          <button type="button" class="quiet square" aria-label="Dismiss" onClick={onDismiss}>
            <Icon name="close" />
          </button>
        )}
      </div>
    </div>
  );
}

/** What leads to another view: out of a form it would leave what was typed there behind. */
const ELSEWHERE = new Set<FixKind>(["open-models", "open-sliders", "sampling", "new-chat"]);

function helps(kind: FixKind | undefined, view: View, canRetry: boolean, inForm: boolean): boolean {
  if (kind === undefined) return false;
  if (kind === "retry") return canRetry;
  return !(inForm && ELSEWHERE.has(kind)) && !(kind === "open-models" && view === "models");
}

/** A fix may take the view that held its button away: the focus goes to what it opened. */
function perform(kind: Exclude<FixKind, "retry">, app: App): void {
  const { dispatch } = app.store;
  switch (kind) {
    case "sign-in":
      app.signIn(null);
      break;
    case "reconnect":
      app.reconnect();
      break;
    case "open-models":
      dispatch({ type: "view", view: "models" });
      break;
    case "open-sliders":
      dispatch({ type: "panel", panel: "sliders", open: true });
      dispatch({ type: "view", view: "sliders" });
      rescueFocus(() => document.querySelector<HTMLElement>(".rack .fold"));
      break;
    case "sampling":
      dispatch({ type: "view", view: "chat" });
      dispatch({ type: "panel", panel: "sampling", open: true });
      rescueFocus(() => document.querySelector<HTMLElement>(".sampling input"));
      break;
    case "new-chat":
      startConversation(app);
      dispatch({ type: "view", view: "chat" });
      rescueFocus(question);
      break;
    case "reload-library":
      void refreshLibrary(app.client(), app.store);
  }
}
