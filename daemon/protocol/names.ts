/** What artifacts, controls and presets may be called. */
import * as z from "zod";

/** `kind/name`, e.g. `direction/joy`; both parts are safe as file names, also on Windows. */
export const ArtifactIdSchema = z
  .string()
  .regex(
    /^(?!(?:.*\/)?(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:[./]|$))[a-z][a-z0-9-]{0,31}\/[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9_-])?$/,
    "must look like kind/name, in small letters, digits, '.', '_' and '-'; not a device's name of Windows",
  );
export const ControlNameSchema = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,47}$/, "must start with a letter; letters, digits, '_' and '-' follow");
/** File stem of a preset. */
export const PresetIdSchema = z
  .string()
  .regex(
    /^(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$))[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9_-])?$/,
    "must be small letters, digits, '.', '_' and '-'; not a device's name of Windows",
  );
