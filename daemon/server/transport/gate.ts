/**
 * Sockets before and after they have said whose they are. A newcomer always gets in: when too many have shown no token, the one
 * that has had longest to do so goes. Known ones are counted by token. The owner may go beyond what all others may take, so that
 * `tiller stop` and `tiller token revoke` get through whatever an app does.
 */
import type { Duplex } from "node:stream";
import { TillerError } from "../../protocol/errors.ts";
import { accountOf, type Identity } from "./auth.ts";

export interface GateLimits {
  readonly connections: number;
  readonly connectionsPerToken: number;
}

/** More than the system keeps waiting to be accepted (511), so that a burst of silent ones ends no socket that has just come. */
const UNKNOWN = 600;
/** Sockets that the owner may have beyond `connections`. */
const OWNERS = 32;

interface Known {
  readonly account: string;
  /** requests that are being answered; a WebSocket always is */
  busy: number;
  /** a WebSocket, which is told why it is closed */
  readonly upgraded: boolean;
}

export class Gate {
  readonly #limits: GateLimits;
  /** in the order of their coming */
  readonly #unknown = new Set<Duplex>();
  /** in the order in which they were first known */
  readonly #known = new Map<Duplex, Known>();

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  arrived(socket: Duplex): void {
    this.#unknown.add(socket);
    socket.once("close", () => {
      this.#unknown.delete(socket);
      this.#known.delete(socket);
    });
    if (this.#unknown.size <= UNKNOWN) return;
    const [longest] = this.#unknown;
    longest!.destroy();
    this.#unknown.delete(longest!);
  }

  /**
   * The socket has shown a token, and begins to ask for something.
   * @returns to be called when that is answered
   * @throws TillerError overloaded
   */
  enter(socket: Duplex, identity: Identity, upgraded = false): () => void {
    const account = accountOf(identity);
    let known = this.#known.get(socket);
    if (known?.account !== account) {
      this.#makeRoom(socket, identity);
      known = { account, busy: 0, upgraded };
      this.#unknown.delete(socket);
      this.#known.set(socket, known);
    }
    const entered = known;
    entered.busy++;
    return () => {
      entered.busy--;
    };
  }

  /** Ends what a revoked token has open over HTTP, streams that are being written among them. */
  endHttp(account: string): void {
    for (const [socket, known] of this.#known) if (known.account === account && !known.upgraded) socket.destroy();
  }

  #makeRoom(socket: Duplex, identity: Identity): void {
    const owner = identity.tokenId === null;
    const { connections, connectionsPerToken } = this.#limits;
    const account = accountOf(identity);
    const others = [...this.#known].filter(([other]) => other !== socket);
    const own = others.filter(([, known]) => known.account === account);
    if (others.length >= connections + (owner ? OWNERS : 0)) this.#endIdle(others, connections, "sockets are open");
    else if (!owner && own.length >= connectionsPerToken) this.#endIdle(own, connectionsPerToken, "sockets of this token are open");
  }

  /** A kept-alive socket that waits for a next request gives way; clients open another one when they need it. */
  #endIdle(sockets: readonly [Duplex, Known][], limit: number, what: string): void {
    const idle = sockets.find(([, { busy }]) => busy === 0)?.[0];
    if (idle === undefined)
      throw new TillerError("overloaded", `${limit} ${what} already`, { suggestion: "Close some, or try again in a moment." });
    idle.destroy();
    this.#known.delete(idle);
  }
}
