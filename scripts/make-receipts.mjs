/**
 * Measures the shipped presets on the embedded model and keeps the receipts beside their artifacts:
 *   node scripts/make-receipts.mjs                  every preset that has presets/evaluation/<preset>.eval.yaml
 *   node scripts/make-receipts.mjs joyful spanish   these
 *   node scripts/make-receipts.mjs --check          measures again and compares: exit code 1 where a receipt would differ
 * A kept receipt whose figures were reckoned by earlier statistics stays valid as long as the answers are the same.
 * Run it again after the model, a direction, an evaluation or a judge changed. Same inputs, same receipts.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { receiptKey } from "../out/daemon/store/receipts.js";
import { root } from "./setup.mjs";

const SUFFIX = ".eval.yaml";
const presets = join(root, "presets");
const named = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const check = process.argv.includes("--check");
const kept = readdirSync(join(presets, "evaluation")).filter((name) => name.endsWith(SUFFIX));
const wanted = named.length > 0 ? named : kept.map((name) => name.slice(0, -SUFFIX.length));

const home = mkdtempSync(join(tmpdir(), "tiller-receipts-"));
const tiller = (args, stdio) =>
  spawnSync(process.execPath, [join(root, "bin", "tiller.mjs"), ...args], {
    cwd: root,
    stdio,
    encoding: "utf8",
    maxBuffer: 64 * 1024 ** 2,
    env: { ...process.env, TILLER_HOME: home },
  });
/** What is measured of the answers before any statistics: their damage, at every strength, and what was measured with what. */
const sameAnswers = (a, b) => {
  const facts = ({
    artifact,
    control,
    model,
    judge,
    spec,
    materials,
    seed,
    prompts,
    seeds,
    draws,
    plain,
    prompt,
    points,
    usable,
    calibration,
  }) =>
    JSON.stringify({
      of: { artifact, control, judge, spec, materials, seed, prompts, seeds, draws, usable, calibration },
      model: [model.fingerprint, model.quantisation],
      damage: [plain, prompt, ...points].map(({ strength, damage, randomBitsPerByte }) => ({ strength, damage, randomBitsPerByte })),
    });
  return facts(a) === facts(b);
};

let failed = false;
try {
  for (const preset of wanted) {
    const started = Date.now();
    const done = tiller(["evaluate", preset, "--calibrate", "--json"], ["ignore", "pipe", "inherit"]);
    if (done.status !== 0) {
      failed = true;
      continue;
    }
    const receipt = JSON.parse(done.stdout);
    const folder = join(presets, "artifacts", ...receipt.artifact.id.split("/"), "receipts");
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${receiptKey(receipt)}.json`);
    const known = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;
    console.log(`${preset} (${Math.round((Date.now() - started) / 1000)} s): ${receipt.summary}`);
    if (known?.hash === receipt.hash) console.log("  the same as the one that is kept");
    else if (check && known !== null && (known.statistics ?? 1) < receipt.statistics && sameAnswers(known, receipt))
      console.log(`  the same answers as the one that is kept; its figures are reckoned as statistics ${known.statistics ?? 1} did`);
    else if (check) {
      console.log("  NOT the same as the one that is kept");
      failed = true;
    } else writeFileSync(path, `${JSON.stringify(receipt, null, 1)}\n`);
  }
} finally {
  tiller(["stop"], "ignore");
  rmSync(home, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
