/** A link that leaves the page: where it opens is the host's business. */
import { useApp } from "../store/store.ts";

export function OutsideLink({ url, children }: { url: string; children: string }) {
  const { host } = useApp();
  return (
    <a
      href={url}
      rel="noopener noreferrer"
      onClick={(event) => {
        event.preventDefault();
        host.openLink(url);
      }}
    >
      {children}
    </a>
  );
}
