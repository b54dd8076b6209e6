let keyboard = false;

/** Notes what the person last used, so that a keyboard user is met with the tab that needs no drawing. */
export function watchInput(): void {
  addEventListener('keydown', () => (keyboard = true), { capture: true });
  addEventListener('pointerdown', () => (keyboard = false), { capture: true });
}

export function lastInputWasKeyboard(): boolean {
  return keyboard;
}
