/** For what is woken by whoever looks out for it, and looks itself only in case that fails. */
export const untilWokenMs = 60_000;

/** A pause that can be cut short. A wake-up that comes while nobody pauses cuts the next pause short. */
export class Wakeable {
  #awake = false;
  #resolve: (() => void) | undefined;

  wake(): void {
    this.#awake = true;
    this.#resolve?.();
  }

  async pause(ms: number): Promise<void> {
    if (!this.#awake) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
        timer = setTimeout(resolve, ms);
      });
      clearTimeout(timer);
      this.#resolve = undefined;
    }
    this.#awake = false;
  }
}
