/**
 * Products of float32 matrices in WebAssembly with 128-bit vectors, several times as fast as the same loops in JavaScript.
 * The module is assembled here when it is first needed: one function per shape of tile, which holds its part of C in
 * registers over the whole of k (Goto and van de Geijn 2008, "Anatomy of High-Performance Matrix Multiplication").
 * Encoding: https://webassembly.github.io/spec/core/binary/ (modules, instructions 0x00 to 0xfd).
 */

/** What is needed of the global, which TypeScript declares in its library for browsers alone. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

export interface Gemm {
  /** the module's memory: matrices are offsets in it, counted in floats */
  readonly floats: Float32Array;
  /**
   * C += A·B, row-major. A is [m, k], its rows `stride` floats apart (less than k makes windows that overlap); B is [k, n];
   * C is [m, n], n a multiple of 4. k is at least 1.
   */
  readonly product: (a: number, stride: number, b: number, c: number, m: number, k: number, n: number) => void;
}

/** Byte addresses and byte strides; C[rows, 4·vectors] += A[rows, k]·B[k, 4·vectors]. */
type Tile = (a: number, aStride: number, b: number, bStride: number, c: number, cStride: number, k: number) => void;

/** Vectors of 4 columns per tile, widest first, by rows per tile: 8 sums in flight hide an addition's latency. */
const WIDTHS: readonly (readonly number[])[] = [[], [8, 4, 2, 1], [4, 2, 1], [2, 1], [2, 1]];
const ROWS = WIDTHS.length - 1;
const PAGE_FLOATS = 65536 / 4;

/** @param size floats of memory, all 0 at first */
export function createGemm(size: number): Gemm {
  const pages = Math.ceil(size / PAGE_FLOATS);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble(pages)), { "": { memory } });
  const tiles = WIDTHS.map((widths, rows) =>
    widths.map((vectors) => ({ columns: 4 * vectors, run: (exports as Record<string, Tile>)[tileName(rows, vectors)]! })),
  );
  const product: Gemm["product"] = (a, stride, b, c, m, k, n) => {
    for (let row = 0; row < m; ) {
      const rows = Math.min(ROWS, m - row);
      let column = 0;
      for (const { columns, run } of tiles[rows]!) {
        for (; column + columns <= n; column += columns)
          run(4 * (a + row * stride), 4 * stride, 4 * (b + column), 4 * n, 4 * (c + row * n + column), 4 * n, k);
      }
      row += rows;
    }
  };
  return { floats: new Float32Array(memory.buffer), product };
}

function tileName(rows: number, vectors: number): string {
  return `${rows}x${vectors}`;
}

const I32 = 0x7f;
const V128 = 0x7b;
const FUNCTION = 0x60;
const PARAMETERS = 7;

const OP = {
  loop: [0x03, 0x40],
  branchIf: [0x0d],
  end: [0x0b],
  get: [0x20],
  set: [0x21],
  tee: [0x22],
  constant: [0x41],
  add: [0x6a],
  load: [0xfd, 0x00],
  loadSplat: [0xfd, 0x09],
  store: [0xfd, 0x0b],
  addFloats: [0xfd, 0xe4, 0x01],
  multiplyFloats: [0xfd, 0xe6, 0x01],
} as const;

/** A natural number in LEB128. */
function natural(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...natural(value >>> 7)];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...natural(items.length), ...items.flat()];
}

function named(name: string): number[] {
  return vector([...Buffer.from(name)].map((byte) => [byte]));
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...natural(content.length), ...content];
}

/** The module: it imports its memory and exports one function per tile. */
function assemble(pages: number): Uint8Array {
  const shapes = WIDTHS.flatMap((widths, rows) => widths.map((vectors) => [rows, vectors] as const));
  const type = [FUNCTION, ...vector(Array(PARAMETERS).fill([I32])), ...vector([])];
  const memory = [...named(""), ...named("memory"), 0x02, 0x01, ...natural(pages), ...natural(pages)];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector([type])),
    ...section(2, vector([memory])),
    ...section(3, vector(shapes.map(() => natural(0)))),
    ...section(7, vector(shapes.map(([rows, vectors], index) => [...named(tileName(rows, vectors)), 0x00, ...natural(index)]))),
    ...section(10, vector(shapes.map(([rows, vectors]) => tile(rows, vectors)))),
  ]);
}

/** One tile's function: sums are loaded from C, k rank-1 updates follow, sums are stored. */
function tile(rows: number, vectors: number): number[] {
  const [A, A_STRIDE, B, B_STRIDE, C, C_STRIDE, K] = [0, 1, 2, 3, 4, 5, 6];
  const range = (count: number) => [...Array(count).keys()];
  // after the parameters: pointers to the further rows of A and C, then the sums, one row of B, one value of A
  const pointer = (first: number, row: number, at: number) => (row === 0 ? first : PARAMETERS + 2 * (row - 1) + at);
  const a = (row: number) => pointer(A, row, 0);
  const c = (row: number) => pointer(C, row, 1);
  const pointers = 2 * (rows - 1);
  const sum = (row: number, v: number) => PARAMETERS + pointers + row * vectors + v;
  const ofB = (v: number) => sum(rows, v);
  const ofA = ofB(vectors);

  const get = (local: number) => [...OP.get, ...natural(local)];
  const set = (local: number) => [...OP.set, ...natural(local)];
  const at = (offset: number) => [2, ...natural(offset)];
  const advance = (local: number, by: number[], into = local) => [...get(local), ...by, ...OP.add, ...set(into)];
  const constant = (value: number) => [...OP.constant, value & 127];
  const sums = range(rows).flatMap((row) => range(vectors).map((v) => [row, v] as const));

  const body = [
    ...range(rows - 1).flatMap((row) => [...advance(a(row), get(A_STRIDE), a(row + 1)), ...advance(c(row), get(C_STRIDE), c(row + 1))]),
    ...sums.flatMap(([row, v]) => [...get(c(row)), ...OP.load, ...at(16 * v), ...set(sum(row, v))]),
    ...OP.loop,
    ...range(vectors).flatMap((v) => [...get(B), ...OP.load, ...at(16 * v), ...set(ofB(v))]),
    ...range(rows).flatMap((row) => [
      ...[...get(a(row)), ...OP.loadSplat, ...at(0), ...set(ofA)],
      ...range(vectors).flatMap((v) => [
        ...[...get(sum(row, v)), ...get(ofA), ...get(ofB(v)), ...OP.multiplyFloats, ...OP.addFloats, ...set(sum(row, v))],
      ]),
      ...advance(a(row), constant(4)),
    ]),
    ...advance(B, get(B_STRIDE)),
    ...[...get(K), ...constant(-1), ...OP.add, ...OP.tee, ...natural(K)],
    ...[...OP.branchIf, 0, ...OP.end],
    ...sums.flatMap(([row, v]) => [...get(c(row)), ...get(sum(row, v)), ...OP.store, ...at(16 * v)]),
    ...OP.end,
  ];
  const locals = vector([
    [...natural(pointers), I32],
    [...natural(rows * vectors + vectors + 1), V128],
  ]);
  const code = [...locals, ...body];
  return [...natural(code.length), ...code];
}
