/** `node scripts/testing/would-run.mjs <lane>` ends with 0 where `npm test` would run the lane: what it alone needs can wait till then. */
import { isUnchanged } from "./inputs.mjs";
import { LANES } from "./lanes.mjs";

const lane = LANES.find(({ id }) => id === process.argv[2]);
process.exit(lane !== undefined && !isUnchanged(lane) ? 0 : 1);
