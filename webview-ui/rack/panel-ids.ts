/** Ids of the panel's elements that take the focus when another one goes. */
export const ADD = "rack-add";
export const NEW_SLIDER = "rack-new-slider";
export const PRESET = "rack-preset";
export const SAVE_AS = "rack-save-as";
export const UNDO = "rack-undo";
