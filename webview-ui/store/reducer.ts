/** (state, action) → state, pure. An action that changes nothing returns the same object. */
import type { Action } from "./actions.ts";
import { reduceAnswers } from "./answers.ts";
import { reduceChats } from "./chats.ts";
import { reduceLibrary } from "./library.ts";
import { joined } from "./outside.ts";
import { reduceSteering } from "./rack-undo.ts";
import type { State } from "./state.ts";

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "restored":
      return { ...state, ...action.state };
    case "link":
      return { ...state, link: { ...state.link, ...action.link } };
    case "view":
      return { ...state, view: action.view };
    case "theme":
      return { ...state, theme: action.theme };
    case "panel":
      return action.panel === "sliders" ? { ...state, slidersOpen: action.open } : { ...state, samplingOpen: action.open };
    case "sampling": {
      const values: Record<string, unknown> = { ...(action.replace ? {} : state.sampling.values), ...action.values };
      for (const key of Object.keys(values)) if (values[key] === undefined) delete values[key];
      return { ...state, sampling: { ...state.sampling, values } };
    }
    case "sampling/options":
      return { ...state, sampling: { ...state.sampling, ...action.options } };
    case "probe":
      return { ...state, probe: action.probe };
    case "tint":
      return { ...state, tintAt: action.at };
    case "answers-as":
      return { ...state, answersAs: action.view };
    case "overlay":
      return { ...state, overlay: action.overlay };
    case "new-slider":
      return { ...state, newSlider: action.form };
    case "report":
      return { ...state, view: "reports", report: action.job };
    case "heat":
      return { ...state, heat: { ...state.heat, ...action.heat } };
    case "compare":
      return { ...state, compare: { ...state.compare, ...action.compare } };
    case "chat/new":
    case "chat/open":
    case "chat/rename":
    case "chat/delete":
    case "chat/system":
    case "chat/draft":
    case "chat/turns":
    case "chat/show":
      return { ...state, ...reduceChats(state, action) };
    case "outside":
      return { ...state, ...joined(state, action.conversation, action.answers) };
    case "answer/asked":
    case "answer/started":
    case "answer/tokens":
    case "answer/steering":
    case "answer/ended":
    case "answer/failed":
      return { ...state, answers: reduceAnswers(state.answers, action) };
    case "rack/preset":
    case "rack/clear":
    case "rack/strength":
    case "rack/enabled":
    case "rack/add":
    case "rack/change":
    case "rack/remove":
    case "rack/move":
    case "rack/saved":
    case "rack/deleted":
    case "rack/undo":
    case "rack/acked":
    case "rack/problem":
      return { ...state, ...reduceSteering(state, action, state.library.methods) };
    case "library/loaded":
    case "library/problem":
    case "library/model":
    case "library/removed":
    case "library/presets":
    case "library/preset":
    case "library/job":
    case "library/dismiss":
    case "library/progress":
    case "model":
      return { ...state, ...reduceLibrary(state, action) };
  }
}
