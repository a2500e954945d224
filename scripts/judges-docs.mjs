/** `node scripts/judges-docs.mjs [--check]`: writes docs/judges.md from the judges' cards, or says whether it is up to date. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(root, "presets", "judges");
const path = join(root, "docs", "judges.md");
const cards = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => JSON.parse(readFileSync(join(folder, entry.name, "card.json"), "utf8")))
  .sort((a, b) => (a.title < b.title ? -1 : 1));

const figure = (value, signed = false) => `${signed && value >= 0 ? "+" : ""}${value.toFixed(value > 0.99 && value < 1 ? 4 : 3)}`;
const range = (interval, signed = false) =>
  interval === undefined ? "" : ` (${figure(interval[0], signed)} to ${figure(interval[1], signed)})`;

function table(card) {
  const rows = card.measured.map((row) => {
    const baselines = row.baselines.map((baseline) => {
      const difference =
        baseline.difference === undefined ? "" : `: ${figure(baseline.difference, true)}${range(baseline.differenceInterval, true)}`;
      return `${baseline.name}${baseline.rule === undefined ? "" : `, ${baseline.rule}`} ${figure(baseline.value)}${difference}`;
    });
    const more = row.calibrationError === undefined ? "" : `, calibration error ${figure(row.calibrationError)}`;
    return `| ${row.set} | ${row.language} | ${row.n} | ${row.metric} ${figure(row.value)}${range(row.interval)}${more} | ${baselines.join("<br>") || "–"} |`;
  });
  return ["| test set | language | texts | judge | beside it: figure, difference (judge − it) |", "|---|---|---|---|---|", ...rows].join(
    "\n",
  );
}

function perLabel(card) {
  const rows = card.measured.filter((row) => row.perLabel !== undefined);
  if (rows.length === 0) return "";
  const cells = (row) => card.labels.map((label) => (row.perLabel[label] === undefined ? "–" : row.perLabel[label].toFixed(2))).join(" | ");
  return `\nF1 per label:\n\n| test set | language | ${card.labels.join(" | ")} |\n|---|---|${card.labels.map(() => "---").join("|")}|\n${rows
    .map((row) => `| ${row.set} | ${row.language} | ${cells(row)} |`)
    .join("\n")}\n`;
}

/** Of the one label that each text gets, which is what receipts count. */
function decisions(card) {
  const rows = card.measured.filter((row) => row.decision !== undefined);
  if (rows.length === 0) return "";
  const labels = [...card.labels, "none"];
  const cell = (found) => (found === undefined ? "–" : `${part(found.precision)} / ${part(found.recall)} (${found.given})`);
  const part = (value) => (value === null ? "–" : value.toFixed(2));
  return `\nThe one label of a text, which is what receipts count: precision / recall (texts that got it). A text can show several emotions,
and recall counts each; \`none\` is right where a text shows none of the six.

| language | ${labels.join(" | ")} |\n|---|${labels.map(() => "---").join("|")}|\n${rows
    .map((row) => `| ${row.language} | ${labels.map((label) => cell(row.decision[label])).join(" | ")} |`)
    .join("\n")}\n`;
}

/** Of a judge that reads sentence by sentence: how often it gives each label to text without feeling, by its sentences. */
function everyday(card) {
  if (card.everydayRates === undefined) return "";
  const labels = [...card.labels, "none"];
  const rows = Object.entries(card.everydayRates).flatMap(([language, sizes]) =>
    Object.entries(sizes).map(
      ([size, rates]) => `| ${language} | ${size} | ${labels.map((label) => rates[label].toFixed(1)).join(" | ")} |`,
    ),
  );
  return `\nEveryday text (Tatoeba's held-out sentences, so many to a text): per cent of texts that get each label.

| language | sentences | ${labels.join(" | ")} |\n|---|---|${labels.map(() => "---").join("|")}|\n${rows.join("\n")}\n`;
}

function section(card) {
  const refused = Object.entries(card.refused).map(([language, why]) => `- Not judged in \`${language}\`: ${why}.`);
  const data = card.data.map(({ name, licence, attribution, use }) => `${name} (${licence}; ${attribution}): ${use}`);
  return `## ${card.title} (\`${card.id}\`, version ${card.version})

${card.measures}

${table(card)}
${perLabel(card)}${decisions(card)}${everyday(card)}
${[...card.limits.map((limit) => `- ${limit}`), ...refused].join("\n")}

Data: ${data.join(". ")}.

Made by \`${card.command}\`.
`;
}

/** The bars that the project set itself, and whether they are met, worked out from the figures. */
function bars() {
  const card = (id) => cards.find((candidate) => candidate.id === id);
  const language = card("language").measured.filter(({ set }) => set.endsWith("8 words or more"));
  const worst = Math.min(...language.map(({ value }) => value));
  /** Of the baseline that decides by this rule. */
  const emotion = (rule) => {
    const compared = card("emotion").measured.filter(({ baselines }) => baselines.length > 0);
    const gains = compared.map(({ language, baselines }) => ({
      language,
      gain: baselines.find((baseline) => baseline.rule === rule).difference,
    }));
    const met = gains.filter(({ gain }) => gain >= 0.03).map(({ language }) => language);
    const missed = gains.filter(({ gain }) => gain < 0.03).map(({ language, gain }) => `${language} ${figure(gain, true)}`);
    const least = figure(Math.min(...gains.map(({ gain }) => gain)), true);
    return missed.length === 0
      ? `met in ${met.length === 1 ? "the one language" : `all ${met.length} languages`} (least ${least})`
      : `met in ${met.join(", ") || "no language"}; **not met** in ${missed.join(", ")}`;
  };
  return [
    `- Language: at least 98% on sentences of eight words or more in each of twelve languages: ${worst >= 0.98 ? "met" : "**not met**"} (worst ${figure(worst)}).`,
    `- Emotion: macro-F1 at least 0.03 above TF-IDF with logistic regression (strength and class weights chosen for it): ${emotion("p >= 0.5")}. Against the same with its thresholds tuned as the judge's are: ${emotion("tuned thresholds")}.`,
  ].join("\n");
}

const text = `<!-- Written by scripts/judges-docs.mjs from presets/judges/*/card.json; do not edit. -->
# Judges

A judge looks at text and gives figures. Receipts and sweeps use judges to say whether a control did what its name says. Judges
know neither the method nor the model: none is trained on text that a model under test wrote. Each figure below comes from
text that the judge has not seen, with a 95% bootstrap interval over the test texts where one is given. A receipt records each
judge's version and a hash over its weights and settings.

A judge that cannot judge a text says so, with the reason, in place of a figure.

${bars()}

${cards.map(section).join("\n")}
## Length, repetition, fluency

These measure and have nothing to be trained.

- **Length**: characters as readers see them (grapheme clusters), words, sentences, cut by Unicode's rules and, for Chinese,
  Japanese and Thai, ICU's dictionaries.
- **Repetition**: distinct-1, -2, -3 (Li et al. 2016); repeated 4-grams and words seen among the last 16 or 128 (Welleck et al.
  2020); the longest run of words that occurs twice. Distinct-n falls as texts grow: compare texts of like length.
- **Fluency**: bits per byte of the text under the plain, unsteered model. Lower is more fluent to that model; repetition is
  very fluent, so read the two together.

## Your own judge

Any OpenAI-compatible chat model can judge by a rubric. It goes into \`config.json\` in Tiller's folder (\`~/.tiller\`, or what
\`TILLER_HOME\` names; \`tiller judges\` prints the path), which you make if it is not there:

\`\`\`json
{
  "judges": [
    {
      "id": "sarcasm",
      "url": "https://api.example.org/v1",
      "model": "some-model",
      "rubric": "How sarcastic is the text? 1 is not at all, 5 is very.",
      "scale": { "min": 1, "max": 5 },
      "apiKeyEnv": "JUDGE_KEY"
    }
  ]
}
\`\`\`

The daemon reads the file when it starts, and the key from its own environment, so end a running one and start it where the
variable is set. The judge is then called by its id and the figure \`score\`:

\`\`\`
tiller stop
JUDGE_KEY=… tiller judges
tiller evaluate direction/joy --judge sarcasm:score --asked "Answer sarcastically."
\`\`\`

The id must not be that of a judge above. The address must be https, or http on this machine. The key is read from the
environment variable that \`apiKeyEnv\` names and is never written anywhere. A job asks the judge once before anything is
generated for it. The model must answer with one whole number on the scale; what it thinks before that, up to \`</think>\`, is
left out, within \`maxTokens\` (512 unless set). Anything else is asked for again, twice, and then ends the run with the model's
answer in the message. An endpoint that is busy, silent for \`timeoutSeconds\` (60 unless set) or away is asked again
\`retries\` times (6 unless set: half a minute in all, longer where it asks for that). The texts that are judged are sent to that
address. How right such a judge is, Tiller cannot know: measure it on texts that you have labelled.
`;

if (process.argv.includes("--check")) {
  if (existsSync(path) && readFileSync(path, "utf8") === text) process.exit(0);
  console.error("docs/judges.md is not what the judges' cards say; run `node scripts/judges-docs.mjs`.");
  process.exit(1);
}
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, text);
