/**
 * Draws one frame of live activations. Every layer is a band; its neurons run from left to right. Where a pixel stands for
 * several neurons it shows the strongest of them. A single layer is wrapped into a grid.
 */
import type { LiveFrame } from "./watch.ts";

/** The part of a canvas context that is used, so that a test can stand in for it. */
export interface Surface {
  readonly canvas: { readonly width: number; readonly height: number };
  createImageData(width: number, height: number): { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number };
  putImageData(image: never, x: number, y: number): void;
  fillText(text: string, x: number, y: number): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillStyle: unknown;
  font: string;
  textBaseline: string;
}

export interface HeatTheme {
  /** RGBA × 256 */
  readonly map: Uint8ClampedArray;
  readonly ground: string;
  readonly ink: string;
  /** room for the layers' names on the left, in device pixels */
  readonly gutter: number;
  readonly font: string;
  /** one scale for all layers (true), or each layer against its own maximum */
  readonly common: boolean;
}

interface Band {
  readonly top: number;
  readonly height: number;
}

export function bands(count: number, height: number): Band[] {
  const gap = height / count >= 6 ? 1 : 0;
  return Array.from({ length: count }, (_, i) => {
    const top = Math.round((i * height) / count);
    return { top, height: Math.max(1, Math.round(((i + 1) * height) / count) - top - gap) };
  });
}

export function draw({ header, body }: LiveFrame, ctx: Surface, theme: HeatTheme): void {
  const { width, height } = ctx.canvas;
  const plot = width - theme.gutter;
  if (plot < 1 || height < 1) return;
  ctx.fillStyle = theme.ground;
  ctx.fillRect(0, 0, width, height);
  const image = ctx.createImageData(plot, height);
  const gains = gainsOf(header.scales, header.layers.length, theme.common);
  const rows = bands(header.layers.length, height);
  paintGround(image.data, theme.map);
  // The newest row, when several tokens came at once.
  let offset = body.length - sum(header.widths);
  header.widths.forEach((neurons, i) => {
    const values = body.subarray(offset, offset + neurons);
    offset += neurons;
    if (header.layers.length === 1) paintGrid(image, values, gains[i]!, theme.map);
    else paintBand(image, rows[i]!, values, gains[i]!, theme.map);
  });
  ctx.putImageData(image as never, theme.gutter, 0);
  if (header.layers.length > 1) label(ctx, header.layers, rows, theme);
}

function paintBand(
  image: { data: Uint8ClampedArray; width: number },
  band: Band,
  values: Uint8Array,
  gain: number,
  map: Uint8ClampedArray,
): void {
  for (let x = 0; x < image.width; x++) {
    const from = Math.floor((x * values.length) / image.width);
    const to = Math.max(from + 1, Math.floor(((x + 1) * values.length) / image.width));
    let strongest = 0;
    for (let i = from; i < to; i++) if (values[i]! > strongest) strongest = values[i]!;
    const level = Math.round(strongest * gain) * 4;
    for (let y = band.top; y < band.top + band.height; y++) paint(image.data, (y * image.width + x) * 4, map, level);
  }
}

function paintGrid(
  image: { data: Uint8ClampedArray; width: number; height: number },
  values: Uint8Array,
  gain: number,
  map: Uint8ClampedArray,
): void {
  const { columns, rows } = gridOf(values.length, image.width, image.height);
  for (let y = 0; y < image.height; y++) {
    const row = Math.floor((y * rows) / image.height);
    for (let x = 0; x < image.width; x++) {
      const index = row * columns + Math.floor((x * columns) / image.width);
      if (index < values.length) paint(image.data, (y * image.width + x) * 4, map, Math.round(values[index]! * gain) * 4);
    }
  }
}

/** Cells about as wide as high. */
export function gridOf(count: number, width: number, height: number): { columns: number; rows: number } {
  const columns = Math.max(1, Math.min(count, Math.round(Math.sqrt((count * width) / height))));
  return { columns, rows: Math.ceil(count / columns) };
}

function paint(pixels: Uint8ClampedArray, at: number, map: Uint8ClampedArray, level: number): void {
  pixels[at] = map[level]!;
  pixels[at + 1] = map[level + 1]!;
  pixels[at + 2] = map[level + 2]!;
  pixels[at + 3] = 255;
}

function paintGround(pixels: Uint8ClampedArray, map: Uint8ClampedArray): void {
  for (let at = 0; at < pixels.length; at += 4) paint(pixels, at, map, 0);
}

function gainsOf(scales: readonly number[] | undefined, count: number, common: boolean): number[] {
  const largest = Math.max(0, ...(scales ?? []));
  return Array.from({ length: count }, (_, i) => (common && scales !== undefined && largest > 0 ? (scales[i] ?? 0) / largest : 1));
}

/** As many names as have room. */
function label(ctx: Surface, layers: readonly number[], rows: readonly Band[], theme: HeatTheme): void {
  const size = Number.parseFloat(theme.font) || 10;
  const every = Math.max(1, Math.ceil((size * 1.2) / ((rows.at(-1)!.top + rows.at(-1)!.height) / rows.length)));
  ctx.fillStyle = theme.ink;
  ctx.font = theme.font;
  ctx.textBaseline = "middle";
  layers.forEach((layer, i) => {
    if (i % every === 0) ctx.fillText(`L${layer}`, 0, rows[i]!.top + rows[i]!.height / 2);
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
