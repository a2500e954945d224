/** A direction from contrast pairs. */
import type { Experiment } from "../../contract.ts";
import { tokensOf } from "../../shared/params.ts";
import { expandPairs, findDirection } from "../identify.ts";
import { type FromPairs, FromPairsSchema } from "./pairs-params.ts";

export const fromPairs: Experiment<FromPairs> = {
  id: "directions/from-pairs",
  title: "Direction from pairs",
  summary: "Finds a direction from texts with and without a property. It is checked on texts that were held out.",
  params: FromPairsSchema,
  produces: ["artifact", "report"],
  needs: [],
  engine: true,
  about: ({ id }) => id,
  makes: ({ id, replace }) => ({ id, replace }),
  prepare: (asked: FromPairs) => {
    expandPairs(asked);
    return asked;
  },
  estimate: (params, { layers, width }) => {
    const pairs = expandPairs(params);
    const tokens = pairs.reduce((sum, pair) => sum + tokensOf(JSON.stringify([pair.positive, pair.negative])), 0);
    return { tokens, bytes: pairs.length * 2 * layers * width * 4 };
  },
  run: async (params, lab) => {
    const { report, ...found } = await findDirection(params, lab);
    return { artifact: lab.save(found, params.replace).id, report };
  },
};
