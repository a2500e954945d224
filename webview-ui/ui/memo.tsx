/** A component that is rendered again only when what it is given changes; its own state and hooks work as always. */
import { Component, type ComponentType } from "preact";

export function memo<Props extends object>(Inner: ComponentType<Props>): ComponentType<Props> {
  return class extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      const now = this.props as Record<string, unknown>;
      const keys = Object.keys(next);
      return keys.length !== Object.keys(now).length || keys.some((key) => (next as Record<string, unknown>)[key] !== now[key]);
    }

    override render(props: Props) {
      return <Inner {...props} />;
    }
  };
}
