/** The code and message of what a rule throws, or null when it lets things pass. */
export function thrownBy(rule: () => unknown): { code: string; message: string; details: unknown } | null {
  try {
    rule();
    return null;
  } catch (error) {
    return error as { code: string; message: string; details: unknown };
  }
}
export const codeThrownBy = (rule: () => unknown): string | null => thrownBy(rule)?.code ?? null;
