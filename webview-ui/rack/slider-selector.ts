/** Finds a slider's part in the page, by the slider's name. */
export function sliderSelector(name: string, part = "input[type=range]"): string {
  return `.slider[data-name="${CSS.escape(name)}"] ${part}`;
}
