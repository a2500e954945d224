/** The browser's storage. Where it is switched off, what would be kept lives as long as the page. */
import type { HostStorage } from "./host.ts";

/** @param open reading the browser's property throws where storage is switched off */
export function browserStorage(open: () => Storage): HostStorage {
  const storage = opened(open);
  if (storage === null) return memoryStorage();
  return {
    keys: () => Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? ""),
    get: (key) => storage.getItem(key),
    set: (key, text) => storage.setItem(key, text),
    remove: (key) => storage.removeItem(key),
    onChange(listener) {
      const hear = ({ storageArea, key, newValue }: StorageEvent) => {
        if (storageArea === storage && key !== null) listener(key, newValue);
      };
      window.addEventListener("storage", hear);
      return () => window.removeEventListener("storage", hear);
    },
  };
}

function opened(open: () => Storage): Storage | null {
  try {
    const storage = open();
    void storage.length;
    return storage;
  } catch {
    return null;
  }
}

export function memoryStorage(entries = new Map<string, string>()): HostStorage {
  return {
    keys: () => [...entries.keys()],
    get: (key) => entries.get(key) ?? null,
    set: (key, text) => void entries.set(key, text),
    remove: (key) => void entries.delete(key),
    onChange: () => () => undefined,
  };
}
