/** The whole contract between the daemon and its clients, in two tables. */
import type * as z from "zod";
import { daemonMethods, daemonNotifications } from "./daemon.ts";
import { experimentMethods } from "./experiment.ts";
import { generateMethods, generateNotifications } from "./generate.ts";
import { gradientMethods } from "./gradient.ts";
import { artifactMethods, jobMethods, jobNotifications, presetMethods } from "./library.ts";
import { modelMethods, modelNotifications } from "./model.ts";
import { renderMethods } from "./render.ts";
import { tapMethods } from "./tap.ts";

export const METHODS = {
  ...daemonMethods,
  ...modelMethods,
  ...renderMethods,
  ...generateMethods,
  ...tapMethods,
  ...gradientMethods,
  ...presetMethods,
  ...artifactMethods,
  ...jobMethods,
  ...experimentMethods,
} as const;
export const NOTIFICATIONS = { ...daemonNotifications, ...modelNotifications, ...generateNotifications, ...jobNotifications } as const;

export type MethodName = keyof typeof METHODS;
/** What a caller writes (defaults may be left out) … */
export type ParamsIn<M extends MethodName> = z.input<(typeof METHODS)[M]["params"]>;
/** … and what a handler gets. */
export type Params<M extends MethodName> = z.output<(typeof METHODS)[M]["params"]>;
export type Result<M extends MethodName> = z.output<(typeof METHODS)[M]["result"]>;

export type NotificationName = keyof typeof NOTIFICATIONS;
export type NotificationParams<N extends NotificationName> = z.output<(typeof NOTIFICATIONS)[N]["params"]>;
