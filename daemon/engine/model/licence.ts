/** The licence of a model's repository on Hugging Face, as its card states it. */
const REPOSITORY = /^(?:(?:hf|huggingface):|https:\/\/(?:huggingface\.co|hf\.co)\/)([A-Za-z0-9][\w.-]*\/[\w.-]+)/;

/** null: it states none, or cannot be asked. Goes through the process's own guarded `fetch`. */
export async function licenceOf(uri: string): Promise<string | null> {
  const repository = repositoryOf(uri);
  if (repository === null) return null;
  try {
    const response = await fetch(`https://huggingface.co/api/models/${repository}`);
    return response.ok ? statedLicence(await response.json()) : null;
  } catch {
    return null;
  }
}

/** `owner/name`; a tag or a file behind it is no part of it */
export function repositoryOf(uri: string): string | null {
  return REPOSITORY.exec(uri)?.[1] ?? null;
}

/** @param card what Hugging Face says of a repository */
export function statedLicence(card: unknown): string | null {
  const { cardData, tags } = (card ?? {}) as { cardData?: { license?: unknown; license_name?: unknown }; tags?: unknown };
  const stated = cardData?.license === "other" ? (cardData.license_name ?? "other") : cardData?.license;
  const found = Array.isArray(stated) ? stated.join(", ") : stated;
  if (typeof found === "string" && found !== "") return found.slice(0, 100);
  const tag = Array.isArray(tags) ? tags.find((one): one is string => typeof one === "string" && one.startsWith("license:")) : undefined;
  return tag === undefined ? null : tag.slice("license:".length, 100);
}
