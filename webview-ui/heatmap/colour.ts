/** Colour maps of 256 entries. Lightness rises or falls steadily, so they also read without colour; each starts at the theme's own ground. */
export type ThemeName = "light" | "dark" | "contrast";
type Stop = readonly [number, number, number];

const STOPS: Readonly<Record<ThemeName, readonly Stop[]>> = {
  light: [
    [246, 247, 248],
    [190, 216, 222],
    [92, 160, 178],
    [28, 92, 128],
    [18, 32, 66],
  ],
  dark: [
    [24, 27, 32],
    [24, 70, 92],
    [30, 132, 138],
    [140, 200, 120],
    [252, 240, 164],
  ],
  contrast: [
    [0, 0, 0],
    [90, 90, 90],
    [180, 180, 180],
    [255, 255, 255],
  ],
};

/** RGBA, four bytes an entry. */
export function colourMap(theme: ThemeName): Uint8ClampedArray {
  const stops = STOPS[theme];
  const map = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i++) {
    // A gentle gamma: most neurons are near 0 and would all look alike.
    const at = (i / 255) ** 0.8 * (stops.length - 1);
    const low = Math.min(Math.floor(at), stops.length - 2);
    const part = at - low;
    for (let channel = 0; channel < 3; channel++)
      map[i * 4 + channel] = Math.round(stops[low]![channel]! * (1 - part) + stops[low + 1]![channel]! * part);
    map[i * 4 + 3] = 255;
  }
  return map;
}

export function cssColour(map: Uint8ClampedArray, level: number): string {
  return `rgb(${map[level * 4]} ${map[level * 4 + 1]} ${map[level * 4 + 2]})`;
}
